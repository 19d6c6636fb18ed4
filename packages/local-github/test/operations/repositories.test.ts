import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, write, push } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')
const names = (rows: ReadonlyArray<{ full_name: string }>) => rows.map((row) => row.full_name)

it('creates repositories for people and organizations', async () => {
  const { data } = await octokit.repos.createForAuthenticatedUser({ name: 'notes', private: true, auto_init: true })
  expect(data).toMatchObject({ full_name: 'ann/notes', private: true, permissions: { admin: true } })
  expect((await octokit.repos.getReadme({ owner: 'ann', repo: 'notes' })).data.name).toBe('README.md')
  const { data: tools } = await octokit.repos.createInOrg({ org: owner, name: 'tools', description: 'Tools' })
  expect(tools).toMatchObject({ full_name: 'acme/tools', description: 'Tools', organization: { login: 'acme' } })
})

it('lists them for their owners, their organization and the world', async () => {
  const { data: own } = await octokit.repos.listForAuthenticatedUser()
  expect(names(own)).toEqual(['acme/model', 'acme/tools', 'ann/notes'])
  expect(names((await octokit.repos.listForAuthenticatedUser({ affiliation: 'owner' })).data)).toEqual(['ann/notes'])
  expect(names((await octokit.repos.listForAuthenticatedUser({ visibility: 'private' })).data)).toEqual(['ann/notes'])
  expect((await bob.repos.listForUser({ username: 'ann' })).data).toEqual([])
  const { data: ofAcme } = await bob.repos.listForOrg({ org: owner, sort: 'full_name' })
  expect(names(ofAcme)).toEqual(['acme/model', 'acme/tools'])
})

it('changes a repository, and its topics', async () => {
  await push('Beta', 'beta')
  const { data } = await octokit.repos.update({
    ...at,
    description: 'Late flights',
    homepage: 'https://example.com',
    default_branch: 'beta',
    has_wiki: false,
    allow_rebase_merge: false,
    delete_branch_on_merge: true,
  })
  expect(data).toMatchObject({
    default_branch: 'beta',
    has_wiki: false,
    allow_rebase_merge: false,
    homepage: 'https://example.com',
  })
  expect(await git('ls-remote', '--symref', 'origin', 'HEAD')).toMatch(/^ref: refs\/heads\/beta\tHEAD/)
  await octokit.repos.update({ ...at, default_branch: 'main' })
  await octokit.repos.replaceAllTopics({ ...at, names: ['MLOps', 'onnx'] })
  expect((await octokit.repos.getAllTopics(at)).data.names).toEqual(['mlops', 'onnx'])
  expect((await octokit.repos.get(at)).data.topics).toEqual(['mlops', 'onnx'])
})

it('counts contributors', async () => {
  const { data } = await octokit.repos.listContributors(at)
  expect(data).toMatchObject([{ login: 'ann', contributions: 1 }])
  await octokit.repos.createInOrg({ org: owner, name: 'empty' })
  expect((await octokit.repos.listContributors({ owner, repo: 'empty' })).status).toBe(204)
})

it('forks a repository and brings the fork up to date', async () => {
  const { data: fork } = await bob.repos.createFork(at)
  expect(fork).toMatchObject({ full_name: 'bob/model', fork: true, parent: { full_name: 'acme/model' } })
  const { data: second } = await octokit.repos.createFork({
    owner: 'bob',
    repo,
    name: 'copy',
    default_branch_only: true,
  })
  expect(second).toMatchObject({ parent: { full_name: 'bob/model' }, source: { full_name: 'acme/model' } })
  expect((await octokit.repos.listBranches({ owner: 'ann', repo: 'copy' })).data.map(({ name }) => name)).toEqual([
    'main',
  ])
  expect(names((await octokit.repos.listForks(at)).data)).toEqual(['bob/model'])

  const theirs = { owner: 'bob', repo }
  const upstream = { ...theirs, branch: 'main' }
  expect((await bob.repos.mergeUpstream(upstream)).data.merge_type).toBe('none')
  await write('a.txt', 'one\n')
  const head = await push('One')
  const { data: forwarded } = await bob.repos.mergeUpstream(upstream)
  expect(forwarded).toMatchObject({ merge_type: 'fast-forward', base_branch: 'acme:main' })
  expect((await bob.repos.getBranch(upstream)).data.commit.sha).toBe(head)
  const content = (text: string) => Buffer.from(text).toString('base64')
  await bob.repos.createOrUpdateFileContents({ ...theirs, path: 'b.txt', message: 'Two', content: content('two\n') })
  await write('c.txt', 'three\n')
  await push('Three')
  expect((await bob.repos.mergeUpstream(upstream)).data.merge_type).toBe('merge')
  await bob.repos.createOrUpdateFileContents({ ...theirs, path: 'd.txt', message: 'Four', content: content('4\n') })
  await write('d.txt', 'four\n')
  await push('Four')
  expect(await refusal(bob.repos.mergeUpstream(upstream))).toMatchObject({ status: 409 })
})

it('starts workflows by repository_dispatch', async () => {
  expect((await octokit.repos.createDispatchEvent({ ...at, event_type: 'retrain' })).status).toBe(204)
})

it('lists tags', async () => {
  const { data } = await octokit.git.getRef({ ...at, ref: 'heads/main' })
  await octokit.git.createRef({ ...at, ref: 'refs/tags/v1', sha: data.object.sha })
  expect((await octokit.repos.listTags(at)).data).toMatchObject([{ name: 'v1', commit: { sha: data.object.sha } }])
})

it('deletes a repository', async () => {
  await octokit.repos.delete({ owner, repo: 'tools' })
  expect(await refusal(octokit.repos.get({ owner, repo: 'tools' }))).toMatchObject({ status: 404 })
  await octokit.repos.createInOrg({ org: owner, name: 'tools' })
  expect((await octokit.repos.get({ owner, repo: 'tools' })).data.description).toBe(null)
})
