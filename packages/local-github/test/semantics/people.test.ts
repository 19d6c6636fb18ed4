import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github } = fixture
const at = { owner, repo }
const org = owner
const [bob, carl] = [await fixture.as('bob'), await fixture.as('carl')]
// A member of the organization; carl is none.
const dora = await fixture.as('dora')
await octokit.orgs.setMembershipForUser({ org, username: 'dora' })
await dora.orgs.updateMembershipForAuthenticatedUser({ org, state: 'active' })
await octokit.issues.create({ ...at, title: 'One' })

const permission = async (username: string) =>
  (await octokit.repos.getCollaboratorPermissionLevel({ ...at, username })).data
const team = async (name: string, more: object = {}) => (await octokit.teams.create({ org, name, ...more })).data

it('people/invited-is-no-collaborator', async () => {
  const { status } = await octokit.repos.addCollaborator({ ...at, username: 'carl' })
  expect([status, (await permission('carl')).permission]).toEqual([201, 'read'])
  const { data } = await carl.repos.listInvitationsForAuthenticatedUser()
  await carl.repos.acceptInvitationForAuthenticatedUser({ invitation_id: data[0]!.id })
  expect((await permission('carl')).permission).toBe('write')
  await octokit.repos.removeCollaborator({ ...at, username: 'carl' })
})

it('people/member-is-added-at-once', async () => {
  const { status } = await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'admin' })
  expect([status, (await permission('dora')).permission]).toEqual([204, 'admin'])
})

it('people/permission-of-old', async () => {
  await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'maintain' })
  expect(await permission('dora')).toMatchObject({ permission: 'write', role_name: 'maintain' })
  await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'triage' })
  expect(await permission('dora')).toMatchObject({ permission: 'read', role_name: 'triage' })
})

it('people/push-to-see-permission', async () => {
  expect(await refusal(carl.repos.getCollaboratorPermissionLevel({ ...at, username: 'ann' }))).toMatchObject({
    status: 403,
    body: { message: 'Must have push access to view collaborator permission.' },
  })
})

it('people/highest-role-counts', async () => {
  const { slug } = await team('Highest', { maintainers: ['dora'] })
  await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'triage' })
  await octokit.teams.addOrUpdateRepoPermissionsInOrg({ org, team_slug: slug, ...at, permission: 'maintain' })
  expect((await permission('dora')).role_name).toBe('maintain')
  await octokit.teams.deleteInOrg({ org, team_slug: slug })
})

it('people/owner-is-no-collaborator', async () => {
  await github.createRepository('ann/own', { owner: 'ann' })
  const own = { owner: 'ann', repo: 'own', username: 'ann' }
  expect(await refusal(octokit.repos.addCollaborator(own))).toMatchObject({ status: 422 })
})

it('people/removed-is-unassigned', async () => {
  await octokit.issues.addAssignees({ ...at, issue_number: 1, assignees: ['bob'] })
  await octokit.repos.removeCollaborator({ ...at, username: 'bob' })
  expect((await octokit.issues.get({ ...at, issue_number: 1 })).data.assignees).toEqual([])
})

it('people/membership-awaits-consent', async () => {
  await octokit.orgs.setMembershipForUser({ org, username: 'bob', role: 'admin' })
  expect((await permission('bob')).permission).not.toBe('admin')
  await bob.orgs.updateMembershipForAuthenticatedUser({ org, state: 'active' })
  expect((await permission('bob')).permission).toBe('admin')
})

it('people/child-teams-inherit', async () => {
  await octokit.repos.removeCollaborator({ ...at, username: 'dora' })
  const parent = await team('Parent', { privacy: 'closed' })
  await team('Child', { parent_team_id: parent.id, maintainers: ['dora'] })
  await octokit.teams.addOrUpdateRepoPermissionsInOrg({ org, team_slug: 'parent', ...at, permission: 'maintain' })
  expect((await permission('dora')).role_name).toBe('maintain')
  await octokit.teams.deleteInOrg({ org, team_slug: 'parent' })
})

it('people/secret-teams-are-secret', async () => {
  await team('Quiet')
  expect(await refusal(dora.teams.getByName({ org, team_slug: 'quiet' }))).toMatchObject({ status: 404 })
  await octokit.teams.updateInOrg({ org, team_slug: 'quiet', privacy: 'closed' })
  expect((await dora.teams.getByName({ org, team_slug: 'quiet' })).data.name).toBe('Quiet')
})

it('people/team-goes-with-its-children', async () => {
  const parent = await team('Upper', { privacy: 'closed' })
  await team('Lower', { parent_team_id: parent.id })
  await octokit.teams.deleteInOrg({ org, team_slug: 'upper' })
  expect(await refusal(octokit.teams.getByName({ org, team_slug: 'lower' }))).toMatchObject({ status: 404 })
})

it('people/team-slug', async () => {
  expect((await team('My TEam Näme')).slug).toBe('my-team-name')
})
