import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, root } = fixture
const at = { owner, repo }
const { token } = await github.createUser('ann')
const make = (name: string, more: object = {}) => octokit.repos.createInOrg({ org: owner, name, ...more })

it('repositories/private-is-not-found', async () => {
  await make('hidden', { private: true })
  const carl = await fixture.as('carl')
  expect(await refusal(carl.repos.get({ owner, repo: 'hidden' }))).toMatchObject({ status: 404 })
})

it('repositories/renamed-leads-on', async () => {
  const { data } = await make('old', { auto_init: true })
  await octokit.repos.update({ owner, repo: 'old', name: 'new' })
  const ask = (method: string) =>
    fetch(`${github.apiUrl}/repos/acme/old/issues?state=all`, {
      method,
      redirect: 'manual',
      headers: { authorization: `token ${token}` },
      body: method === 'POST' ? '{"title":"One"}' : null,
    })
  const location = `${github.apiUrl}/repositories/${data.id}/issues?state=all`
  const [get, post] = [await ask('GET'), await ask('POST')]
  expect([get.status, get.headers.get('location'), post.status]).toEqual([301, location, 307])
  await octokit.issues.create({ owner, repo: 'old', title: 'By the old name' })
  expect((await octokit.issues.listForRepo({ owner, repo: 'new' })).data).toMatchObject([{ title: 'By the old name' }])
  await git('clone', '-q', `${github.url}/acme/old.git`, `${root}/renamed`)
})

it('repositories/name-taken-again', async () => {
  await make('first', { description: 'first' })
  await octokit.repos.update({ owner, repo: 'first', name: 'second' })
  await make('first', { description: 'another' })
  expect((await octokit.repos.get({ owner, repo: 'first' })).data.description).toBe('another')
})

it('repositories/name-once', async () => {
  expect(await refusal(make('model'))).toMatchObject({
    status: 422,
    body: {
      message: 'Repository creation failed.',
      errors: [
        { resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' },
      ],
    },
  })
})

it('repositories/name-characters', async () => {
  expect((await make('My models!? 2')).data.name).toBe('My-models-2')
})

it('repositories/archived-is-read-only', async () => {
  const old = { owner, repo: 'archive' }
  await make('archive')
  await octokit.repos.update({ ...old, archived: true })
  expect(await refusal(octokit.repos.replaceAllTopics({ ...old, names: [] }))).toMatchObject({
    status: 403,
    body: { message: 'Repository was archived so is read-only.' },
  })
  await octokit.repos.update({ ...old, archived: false })
  expect((await octokit.repos.replaceAllTopics({ ...old, names: [] })).status).toBe(200)
})

it('repositories/default-branch-is-there', async () => {
  await make('blank')
  const refused = {
    status: 422,
    body: { errors: [{ resource: 'Repository', code: 'invalid', field: 'default_branch' }] },
  }
  for (const name of ['model', 'blank'])
    expect(await refusal(octokit.repos.update({ owner, repo: name, default_branch: 'none' }))).toMatchObject(refused)
})

it('repositories/fork-keeps-visibility', async () => {
  const { data } = await (await fixture.as('bob')).repos.createFork(at)
  const bob = await fixture.as('bob')
  expect(await refusal(bob.repos.update({ owner: 'bob', repo: data.name, private: true }))).toMatchObject({
    status: 422,
  })
})

it('repositories/fork-once', async () => {
  const bob = await fixture.as('bob')
  const [first, second] = [await bob.repos.createFork(at), await bob.repos.createFork({ ...at, name: 'again' })]
  expect(second.data.full_name).toBe(first.data.full_name)
})

it('repositories/topics-in-lower-case', async () => {
  expect((await octokit.repos.replaceAllTopics({ ...at, names: ['MLOps'] })).data.names).toEqual(['mlops'])
})

it('repositories/type-or-affiliation', async () => {
  const call = octokit.repos.listForAuthenticatedUser({ type: 'owner', affiliation: 'owner' })
  expect(await refusal(call)).toMatchObject({ status: 422 })
})

it('repositories/description-limit', async () => {
  const refused = {
    status: 422,
    body: { errors: [{ field: 'description', message: 'description cannot be more than 350 characters' }] },
  }
  expect(await refusal(make('wordy', { description: 'x'.repeat(351) }))).toMatchObject(refused)
  const update = octokit.repos.update({ ...at, description: 'x'.repeat(351) })
  expect(await refusal(update)).toMatchObject(refused)
  expect((await make('terse', { description: 'é'.repeat(350) })).status).toBe(201)
})
