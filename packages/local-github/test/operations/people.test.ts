import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, push, write } = fixture
const at = { owner, repo }
const org = owner
const [bob, carl] = [await fixture.as('bob'), await fixture.as('carl')]

const roleOf = async (username: string) =>
  (await octokit.repos.getCollaboratorPermissionLevel({ ...at, username })).data.role_name

it('shows people and organizations', async () => {
  expect((await bob.users.getAuthenticated()).data).toMatchObject({ login: 'bob', type: 'User' })
  expect((await octokit.users.getByUsername({ username: 'acme' })).data.type).toBe('Organization')
  const { data } = await octokit.users.list({ per_page: 2 })
  const { data: next } = await octokit.users.list({ since: data.at(-1)!.id })
  expect([...data, ...next].map(({ login }) => login)).toEqual(['ann', 'bob', 'acme', 'carl'])
  const seen = { login: 'acme', public_repos: 1 }
  expect((await octokit.orgs.get({ org })).data).toMatchObject({ ...seen, default_repository_permission: 'read' })
  expect((await bob.orgs.get({ org })).data).not.toHaveProperty('plan')
  expect((await octokit.rateLimit.get()).data.resources.core.limit).toBe(5000)
})

it('invites a person to an organization, who belongs to it once accepted', async () => {
  const { data: invited } = await octokit.orgs.setMembershipForUser({ org, username: 'carl' })
  expect(invited).toMatchObject({ state: 'pending', role: 'member', user: { login: 'carl' } })
  expect((await octokit.orgs.listMembers({ org })).data.map(({ login }) => login)).toEqual(['ann'])
  await carl.orgs.updateMembershipForAuthenticatedUser({ org, state: 'active' })
  expect((await octokit.orgs.getMembershipForUser({ org, username: 'carl' })).data.state).toBe('active')
  expect((await octokit.orgs.checkMembershipForUser({ org, username: 'carl' })).status).toBe(204)
  expect((await octokit.orgs.listMembers({ org, role: 'member' })).data.map(({ login }) => login)).toEqual(['carl'])
  await octokit.orgs.setMembershipForUser({ org, username: 'carl', role: 'admin' })
  expect(await roleOf('carl')).toBe('admin')
  await octokit.orgs.removeMembershipForUser({ org, username: 'carl' })
  expect(await roleOf('carl')).toBe('read')
})

it('gives a team’s members what the team may', async () => {
  for (const [username, person] of [
    ['bob', bob],
    ['carl', carl],
  ] as const) {
    await octokit.orgs.setMembershipForUser({ org, username })
    await person.orgs.updateMembershipForAuthenticatedUser({ org, state: 'active' })
  }
  const { data: team } = await octokit.teams.create({
    org,
    name: 'Flight ML',
    privacy: 'closed',
    description: 'Models',
  })
  expect(team).toMatchObject({ slug: 'flight-ml', members_count: 1, organization: { login: 'acme' } })
  const flight = { org, team_slug: 'flight-ml' }
  expect((await octokit.request(team.url)).data).toMatchObject({ id: team.id, name: 'Flight ML' })
  await octokit.teams.addOrUpdateMembershipForUserInOrg({ ...flight, username: 'carl' })
  expect((await octokit.teams.getMembershipForUserInOrg({ ...flight, username: 'carl' })).data).toMatchObject({
    role: 'member',
    state: 'active',
  })
  await octokit.teams.addOrUpdateRepoPermissionsInOrg({ ...flight, ...at, permission: 'maintain' })
  expect(await roleOf('carl')).toBe('maintain')
  expect((await octokit.teams.checkPermissionsForRepoInOrg({ ...flight, ...at })).status).toBe(204)
  const headers = { accept: 'application/vnd.github.v3.repository+json' }
  const { data: granted } = await octokit.teams.checkPermissionsForRepoInOrg({ ...flight, ...at, headers })
  expect(granted).toMatchObject({
    full_name: 'acme/model',
    role_name: 'maintain',
    permissions: { maintain: true, admin: false },
  })
  expect((await octokit.teams.listReposInOrg(flight)).data.map(({ name }) => name)).toEqual(['model'])
  expect((await octokit.repos.listTeams(at)).data).toMatchObject([{ slug: 'flight-ml', permission: 'maintain' }])
  expect((await carl.teams.listForAuthenticatedUser()).data.map(({ slug }) => slug)).toEqual(['flight-ml'])

  const { data: child } = await octokit.teams.create({ org, name: 'On call', parent_team_id: team.id })
  expect(child).toMatchObject({ privacy: 'closed', parent: { slug: 'flight-ml' } })
  await octokit.teams.addOrUpdateMembershipForUserInOrg({ org, team_slug: 'on-call', username: 'bob' })
  expect((await octokit.teams.listChildInOrg(flight)).data.map(({ name }) => name)).toEqual(['On call'])
  const { data: members } = await octokit.teams.listMembersInOrg(flight)
  expect(members).toMatchObject([
    { login: 'ann', role: 'maintainer', inherited: false },
    { login: 'carl', role: 'member', inherited: false },
    { login: 'bob', role: 'member', inherited: true },
  ])

  await octokit.teams.updateInOrg({ ...flight, name: 'Models', description: 'All of them' })
  expect((await octokit.teams.getByName({ org, team_slug: 'models' })).data.description).toBe('All of them')
  expect((await octokit.teams.list({ org })).data.map(({ slug }) => slug)).toEqual(['models', 'on-call'])
  const models = { org, team_slug: 'models' }
  await octokit.teams.removeMembershipForUserInOrg({ ...models, username: 'carl' })
  expect(await roleOf('carl')).toBe('read')
  await octokit.teams.removeRepoInOrg({ ...models, ...at })
  expect(await refusal(octokit.teams.checkPermissionsForRepoInOrg({ ...models, ...at }))).toMatchObject({ status: 404 })
  await octokit.teams.deleteInOrg(models)
  expect((await octokit.teams.list({ org })).data).toEqual([])
})

it('adds collaborators, and removes them', async () => {
  const dora = await fixture.as('dora')
  const { status, data } = await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'triage' })
  expect([status, data.permissions]).toEqual([201, 'triage'])
  expect(await refusal(octokit.repos.checkCollaborator({ ...at, username: 'dora' }))).toMatchObject({ status: 404 })
  const { data: invitations } = await dora.repos.listInvitationsForAuthenticatedUser()
  await dora.repos.acceptInvitationForAuthenticatedUser({ invitation_id: invitations[0]!.id })
  expect((await octokit.repos.checkCollaborator({ ...at, username: 'dora' })).status).toBe(204)
  expect((await octokit.repos.addCollaborator({ ...at, username: 'dora', permission: 'push' })).status).toBe(204)
  const { data: outside } = await octokit.repos.listCollaborators({ ...at, affiliation: 'outside' })
  expect(outside.map(({ login, role_name }) => [login, role_name])).toEqual([['dora', 'write']])
  await dora.repos.removeCollaborator({ ...at, username: 'dora' })
  expect(await roleOf('dora')).toBe('read')
})

it('shows administrators whom they invited, and takes it back', async () => {
  const erin = await fixture.as('erin')
  const { data: made } = await octokit.repos.addCollaborator({ ...at, username: 'erin' })
  expect(made.url).toBe(`${github.apiUrl}/user/repository_invitations/${made.id}`)
  const invitation = { ...at, invitation_id: made.id }
  await octokit.repos.updateInvitation({ ...invitation, permissions: 'maintain' })
  const open = async () => (await octokit.repos.listInvitations(at)).data
  expect(await open()).toMatchObject([{ invitee: { login: 'erin' }, permissions: 'maintain' }])
  expect(await refusal(erin.repos.listInvitations(at))).toMatchObject({ status: 403 })
  await octokit.repos.deleteInvitation(invitation)
  expect(await open()).toEqual([])
})

it('says what is wrong in a CODEOWNERS file', async () => {
  await write('.github/CODEOWNERS', '* @ann\n*.onnx user!\n')
  await push('Own')
  const { data } = await octokit.repos.codeownersErrors(at)
  expect(data.errors).toMatchObject([{ line: 2, column: 8, kind: 'Invalid owner', path: '.github/CODEOWNERS' }])
  await github.createRepository('acme/empty', { owner: 'ann' })
  expect(await refusal(octokit.repos.codeownersErrors({ owner, repo: 'empty' }))).toMatchObject({ status: 404 })
})
