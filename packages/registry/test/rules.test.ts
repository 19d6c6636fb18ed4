import { at, createDraft, findRelease, GitHubError, listReleases, updateRelease } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, readState, register } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { openServer, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const MODEL = 'flight-delay'
const move = { ...{ model: MODEL, stage: 'production', actor: 'bob', reason: '' }, expect: { current: null } }

describe('where releases are immutable', () => {
  it('registers, and finds its version again, without a change to what is published', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await github.octokit.rest.repos.enableImmutableReleases(at(github))
    const first = await register(github, candidate('one', repository))
    const second = await register(github, candidate('two', repository))
    expect([first.version, second.version]).toEqual(['v1.0.0', 'v1.0.1'])
    expect(await register(repository.connect(), candidate('two', repository))).toEqual({ ...second, found: true })
    const releases = await listReleases(github)
    expect(releases.map(({ tag, draft }) => [tag, draft])).toEqual([
      [second.tag, false],
      [first.tag, false],
    ])
    const [newest] = releases
    const taken = updateRelease(github, newest!.id, { tag: 'elsewhere' })
    await expect(taken).rejects.toThrow(/immutable/)
  })
})

describe('where the host takes no refs but branches and tags', () => {
  it('keeps the log as a branch, if it is told so, and never keeps two', async () => {
    const repository = await server.repository(undefined, { branchesOnly: true })
    const unaware = repository.connect()
    await expect(register(unaware, candidate('one', repository))).rejects.toThrow(/must start with refs\/heads/)
    const github = { ...unaware, branchesOnly: true }
    expect(await register(github, candidate('one', repository))).toMatchObject({ version: 'v1.0.0', found: false })
    expect(await assign(github, { ...move, version: 'v1.0.0' })).toMatchObject({ tag: 'flight-delay#production#1' })
    expect(
      (await repository.git('log', '--first-parent', '--format=%s', 'modelyard/flight-delay')).split('\n'),
    ).toEqual(expect.arrayContaining(['flight-delay v1.0.0 is in production', 'flight-delay v1.0.0 registered']))
    expect(await listReleases(github)).toHaveLength(1)
    await expect(assign(repository.connect(), { ...move, version: 'v1.0.0' })).rejects.toThrow(
      new UserError(
        'The log of flight-delay is refs/heads/modelyard/flight-delay, and this run looks for refs/modelyard/flight-delay: nothing was changed. Set MODELYARD_LOGS to "branches" in every workflow.',
      ),
    )
  })
})

describe('where logs are branches', () => {
  it('takes no model whose log would be in the way of retrain branches', async () => {
    const repository = await server.repository()
    const github = { ...repository.connect(), branchesOnly: true }
    const given = candidate('one', { ...repository, model: 'retrain' })
    await expect(register(github, given)).rejects.toThrow(
      'The log of retrain would be the branch modelyard/retrain, and git has no branch modelyard/retrain/… beside that: nothing was changed.',
    )
    expect(await register(repository.connect(), given)).toMatchObject({ version: 'v1.0.0' })
  })
})

describe('where a ruleset keeps tags from being made', () => {
  it('says who can go on, keeps the event, and whoever may make the tag finishes it', async () => {
    const repository = await server.repository()
    const owner = repository.connect()
    await owner.octokit.rest.repos.createRepoRuleset({
      ...at(owner),
      name: 'versions are registered by the release team',
      target: 'tag',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/tags/*@v*'], exclude: [] } },
      rules: [{ type: 'creation' }],
      bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    })
    const bob = await server.connectAs('bob', repository)
    const refusal = new RefusedError(
      'A ruleset of the repository does not let this token create a ref (Cannot create ref due to creations being restricted). Run it again as somebody who is on its bypass list, or change it: Settings → Rules → Rulesets. The log of flight-delay announces the tag flight-delay@v1.0.0: until it is made, nothing else happens to flight-delay.',
    )
    await expect(register(bob, candidate('one', repository))).rejects.toThrow(refusal)
    expect(await readState(bob, MODEL)).toMatchObject({ versions: [], tags: [] })
    // Nobody else's event overtakes it.
    await expect(register(bob, candidate('two', repository))).rejects.toThrow(refusal)
    expect((await listReleases(owner)).map(({ draft }) => draft)).toEqual([true])

    const made = await register(owner, candidate('one', repository))
    expect(made).toMatchObject({ version: 'v1.0.0', found: true })
    expect(await findRelease(owner, made.tag)).toMatchObject({ draft: false, name: 'flight-delay v1.0.0' })
    // Other tags are free.
    expect(await assign(bob, { ...move, version: 'v1.0.0' })).toMatchObject({ tag: 'flight-delay#production#1' })
  })

  it('leaves what GitHub refuses for another reason as GitHub says it', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await expect(createDraft(github, { tag: 'not a tag', name: '', body: '' })).rejects.toThrow(GitHubError)
    await expect(createDraft(github, { tag: 'not a tag', name: '', body: '' })).rejects.toThrow(/^GitHub refused to/)
  })
})
