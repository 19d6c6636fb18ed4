import { deleteAsset, findRelease, listAssets, listReleases } from '@modelyard/github'
import { UserError, type VersionFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { logRef, readLogTip } from '../src/events/log.ts'
import { assign, fetchVersion, readState, readTags, readVersionFile, register } from '../src/index.ts'
import { historyOf } from '../src/tags/history.ts'
import { candidate, digest, inProduction } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const MODEL = 'flight-delay'

async function tagNames({ git }: Repository): Promise<string[]> {
  return (await git('tag', '--list')).split('\n').filter((name) => name !== '')
}

describe('registering a model', () => {
  it('makes log entry, registry commit, tag and release', async () => {
    const repository = await server.repository()
    const { git, source } = repository
    const github = repository.connect()
    const made = await register(github, candidate('model one', repository))
    expect(made).toMatchObject({ version: 'v1.0.0', tag: 'flight-delay@v1.0.0', bump: 'first', found: false })

    // The commit: the source without its workflows, and the manifest.
    expect(await git('rev-parse', 'flight-delay@v1.0.0^{commit}', `${made.commit}^`)).toBe(
      `${made.commit}\n${source.commit}`,
    )
    expect((await git('ls-tree', '-r', '--name-only', made.commit)).split('\n')).toEqual([
      '.github/CODEOWNERS',
      '.modelyard/flight-delay/version.json',
      'train.py',
    ])
    expect(JSON.parse(await git('show', 'flight-delay@v1.0.0:.modelyard/flight-delay/version.json'))).toEqual(made.file)
    expect(made.file.assets).toMatchObject([
      { name: 'model.onnx', sha256: digest('model one'), bytes: 9 },
      { name: 'MODEL_CARD.md' },
    ])

    // The tag, for people, for GTO and for git interpret-trailers.
    const message = await git('for-each-ref', '--format=%(contents)', 'refs/tags/flight-delay@v1.0.0')
    expect(message).toMatch(/^Registering artifact flight-delay version v1\.0\.0\n\nWill this flight/)
    expect(message).toContain('AUC: 0.684 (95 % interval 0.68 to 0.688)')
    const trailers = await git(
      'for-each-ref',
      '--format=%(contents:trailers:key=Model-Digest,valueonly)',
      'refs/tags/flight-delay@v1.0.0',
    )
    expect(trailers.trim()).toBe(digest('model one'))

    // The log: one entry that keeps the registry commit.
    expect(await git('log', '--format=%s', '--graph', logRef(MODEL))).toContain('flight-delay v1.0.0 registered')
    expect(await readLogTip(github, MODEL)).toMatchObject({
      event: {
        type: 'registration',
        version: 'v1.0.0',
        commit: made.commit,
        actor: 'ada',
        tag: { name: 'flight-delay@v1.0.0' },
      },
    })
    await git('merge-base', '--is-ancestor', made.commit, logRef(MODEL))

    // The release.
    const release = await findRelease(github, 'flight-delay@v1.0.0')
    expect(release).toMatchObject({ name: 'flight-delay v1.0.0', draft: false, url: made.url })
    expect(release?.body).toMatch(/^What changed in v1\.0\.0: everything\./)
    expect((await listAssets(github, release!.id)).map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['model.onnx', digest('model one')],
      ['MODEL_CARD.md', digest('# flight-delay v1.0.0\n')],
    ])
  })

  it('finds the version again instead of taking the next number', async () => {
    const repository = await server.repository()
    const made = await register(repository.connect(), candidate('model one', repository))
    const before = await repository.git('for-each-ref')
    const again = await register(repository.connect(), candidate('model one', repository))
    expect(again).toEqual({ ...made, found: true })
    expect(await repository.git('for-each-ref')).toBe(before)
    expect(await listReleases(repository.connect())).toHaveLength(1)
  })

  it('finds no version whose release does not hold what was registered', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const { octokit, owner, repo } = github
    const { tag } = await register(github, candidate('model one', repository))
    const again = () => register(repository.connect(), candidate('model one', repository))
    const card = (await findRelease(github, tag))!.assets.find(({ name }) => name === 'MODEL_CARD.md')!
    await deleteAsset(github, card.id)
    const sentence = (files: string) =>
      new UserError(
        `flight-delay v1.0.0 is registered, but the release of its tag flight-delay@v1.0.0 does not hold ${files} as it was registered: put that back there, or deprecate v1.0.0 and register the model again by the name of another version.`,
      )
    await expect(again()).rejects.toThrow(sentence('MODEL_CARD.md'))
    const ours = await findRelease(github, tag)
    await octokit.rest.repos.deleteRelease({ owner, repo, release_id: ours!.id })
    await octokit.rest.repos.createRelease({ owner, repo, tag_name: tag, name: 'By a bot' })
    await expect(again()).rejects.toThrow(sentence('model.onnx, MODEL_CARD.md'))
  })

  it('makes no version of the newest one’s very bytes, whatever gate they passed now', async () => {
    const repository = await server.repository()
    const first = candidate('model one', repository)
    const made = await register(repository.connect(), first)
    const judgedAgain = { ...first, identity: { ...first.identity, gate: digest('another gate') } }
    expect(await register(repository.connect(), judgedAgain)).toEqual({ ...made, found: true })
    expect(await listReleases(repository.connect())).toHaveLength(1)
  })

  it('takes the next version by what changed, and two versions from one source commit', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    const versions = [
      await register(github, candidate('two', repository)),
      await register(github, candidate('three', { ...repository, data: 'more' })),
      await register(github, candidate('four', { ...repository, data: 'more', inputs: ['distance', 'hour'] })),
      await register(github, { ...candidate('five', repository), version: 'v7.0.0-rc.1' }),
    ]
    expect(versions.map(({ version, bump }) => [version, bump])).toEqual([
      ['v1.0.1', 'patch'],
      ['v1.1.0', 'minor'],
      ['v2.0.0', 'major'],
      ['v7.0.0-rc.1', 'major'],
    ])
    const times = (await readState(github, MODEL)).versions.map(({ time }) => Date.parse(time))
    expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true)
  })

  it('refuses when the champion is no longer the one that was judged against, and writes nothing', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    await assign(github, {
      model: MODEL,
      stage: 'production',
      version: 'v1.0.0',
      reason: 'first',
      actor: 'ada',
      expect: { current: null },
    })
    const before = await repository.git('for-each-ref')
    await expect(register(github, candidate('two', repository))).rejects.toThrow(
      new UserError(
        "The gate compared with nothing, but today's champion of flight-delay is v1.0.0: run the workflow again, so that it is judged against that.",
      ),
    )
    await expect(
      register(github, candidate('two', { ...repository, expect: { champion: 'v0.9.0', today: inProduction } })),
    ).rejects.toThrow("The gate compared with v0.9.0, but today's champion of flight-delay is v1.0.0")
    expect(await repository.git('for-each-ref')).toBe(before)
    expect(await listReleases(github)).toHaveLength(1)
  })

  it('refuses what a gate says otherwise than the manifest of the champion, which it reads itself', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    const contradiction = ({ version, digests }: VersionFile) =>
      digests.model === digest('one') ? `${version} is not what was compared.` : undefined
    const expected = { champion: 'v1.0.0', today: () => 'v1.0.0', contradiction }
    await expect(register(github, candidate('two', { ...repository, expect: expected }))).rejects.toThrow(
      new UserError('flight-delay is not registered: v1.0.0 is not what was compared. Run the whole workflow again.'),
    )
    expect(await listReleases(github)).toHaveLength(1)
  })

  it('refuses bytes that are not those that were judged, and versions that are taken', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const good = candidate('one', repository)
    const swapped = { ...good, assets: () => candidate('other', repository).assets('v1.0.0') }
    await expect(register(github, swapped)).rejects.toThrow(
      /^model\.onnx has the digest .* but the gate judged .*: nothing was registered\./,
    )
    expect(await listReleases(github)).toEqual([])
    await register(github, good)
    await expect(register(github, { ...candidate('two', repository), version: 'v1.0.0' })).rejects.toThrow(
      'The tag flight-delay@v1.0.0 exists already',
    )
    await expect(register(github, { ...candidate('two', repository), version: '2' })).rejects.toThrow(
      'The version is "2"',
    )
  })

  it('keeps models of one repository apart', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    for (const model of ['flight-delay', 'flight', 'flight-delay/eu'])
      await register(github, candidate('one', { ...repository, model }))
    expect(await tagNames(repository)).toEqual(['flight-delay/eu@v1.0.0', 'flight-delay@v1.0.0', 'flight@v1.0.0'])
    for (const model of ['flight-delay', 'flight', 'flight-delay/eu']) {
      const state = await readState(github, model)
      expect(state.versions.map(({ version }) => version)).toEqual(['v1.0.0'])
      expect((await readVersionFile(github, model, state.versions[0]!)).model).toBe(model)
    }
  })
})

describe('assigning a version to a stage', () => {
  const move = (version: string, current: string | null) => ({
    ...{ model: MODEL, stage: 'production', version, actor: 'bob' },
    reason: 'It is better.',
    expect: { current },
  })

  it('tags the registry commit with the stage’s next number, and goes back by a new event', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const one = await register(github, candidate('one', repository))
    const two = await register(github, candidate('two', repository))
    expect(await assign(github, move('v1.0.0', null))).toEqual({
      tag: 'flight-delay#production#1',
      commit: one.commit,
      replaces: null,
      found: false,
    })
    expect(await assign(github, { ...move('v1.0.1', null), stage: 'staging' })).toMatchObject({
      tag: 'flight-delay#staging#1',
    })
    expect(await assign(github, move('v1.0.1', 'v1.0.0'))).toMatchObject({
      tag: 'flight-delay#production#2',
      commit: two.commit,
      replaces: 'v1.0.0',
    })
    expect(await assign(github, move('v1.0.0', 'v1.0.1'))).toMatchObject({ tag: 'flight-delay#production#3' })
    expect((await readState(github, MODEL)).stages.production?.current).toBe('v1.0.0')

    const before = await repository.git('for-each-ref')
    expect(await assign(github, move('v1.0.0', 'v1.0.1'))).toMatchObject({
      tag: 'flight-delay#production#3',
      replaces: 'v1.0.1',
      found: true,
    })
    expect(await repository.git('for-each-ref')).toBe(before)
    expect(
      historyOf(MODEL, await readTags(github, MODEL)).map(({ kind, version, stage, actor }) => [
        kind,
        version,
        stage,
        actor,
      ]),
    ).toEqual([
      ['registration', 'v1.0.0', null, 'ada'],
      ['registration', 'v1.0.1', null, 'ada'],
      ['assignment', 'v1.0.0', 'production', 'bob'],
      ['assignment', 'v1.0.1', 'staging', 'bob'],
      ['assignment', 'v1.0.1', 'production', 'bob'],
      ['assignment', 'v1.0.0', 'production', 'bob'],
    ])
    expect((await repository.git('log', '--first-parent', '--format=%s', '-2', logRef(MODEL))).split('\n')).toEqual([
      'flight-delay v1.0.0 is in production',
      'flight-delay v1.0.1 is in production',
    ])
  })

  it('refuses what was decided on a state that is gone, and versions that do not exist', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    await register(github, candidate('two', repository))
    await assign(github, move('v1.0.0', null))
    const before = await repository.git('for-each-ref')
    await expect(assign(github, move('v1.0.1', null))).rejects.toThrow(
      new UserError(
        'production of flight-delay holds v1.0.0 now, not nothing, so it was left as it is. Plan the move to v1.0.1 again.',
      ),
    )
    await expect(assign(github, move('v9.0.0', 'v1.0.0'))).rejects.toThrow(
      'flight-delay has no version or stage "v9.0.0".',
    )
    expect(await repository.git('for-each-ref')).toBe(before)
  })
})

describe('fetching a version', () => {
  it('brings the verified model by version, stage and latest, and does not download it twice', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    await register(github, candidate('two', repository))
    await assign(github, {
      model: MODEL,
      stage: 'production',
      version: 'v1.0.0',
      reason: '',
      actor: 'ada',
      expect: { current: null },
    })
    const fetched = async (version: string, from = github) => {
      const {
        version: found,
        sha256,
        path,
      } = await fetchVersion(from, { model: MODEL, version, folder: `${server.folder}/fetched/${version}` })
      return { found, sha256, path }
    }
    expect(await fetched('production')).toMatchObject({ found: 'v1.0.0', sha256: digest('one') })
    expect(await fetched('latest')).toMatchObject({ found: 'v1.0.1', sha256: digest('two') })
    expect(await fetched('v1.0.0')).toMatchObject({ found: 'v1.0.0', sha256: digest('one') })
    const asked: string[] = []
    const watched = repository.connect((input, init) => {
      asked.push(String(input))
      return fetch(input, init)
    })
    await fetched('latest', watched)
    expect(asked.filter((url) => url.includes('/releases'))).toEqual([])
  })

  it('says so where the whole release was deleted, and how to make it again', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    const release = await findRelease(github, 'flight-delay@v1.0.0')
    const { owner, repo } = github
    await github.octokit.rest.repos.deleteRelease({ owner, repo, release_id: release!.id })
    await expect(
      fetchVersion(github, { model: MODEL, version: 'latest', folder: `${server.folder}/gone` }),
    ).rejects.toThrow(
      "There is no release flight-delay@v1.0.0 any more: it was deleted after flight-delay v1.0.0 was registered. Make it again with copies of all its files, which are checked by their digests (`gh release create 'flight-delay@v1.0.0' --verify-tag",
    )
  })

  it('does not hand over bytes that are not those that were registered', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    const release = await findRelease(github, 'flight-delay@v1.0.0')
    const [asset] = await listAssets(github, release!.id)
    await github.octokit.rest.repos.deleteReleaseAsset({ owner: github.owner, repo: github.repo, asset_id: asset!.id })
    const options = { model: MODEL, version: 'latest', folder: `${server.folder}/tampered` }
    await expect(fetchVersion(github, options)).rejects.toThrow(
      'The release of flight-delay v1.0.0 has no file model.onnx any more',
    )
    const url = release!.uploadUrl.replace(/\{.*/, '{?name}')
    const headers = { 'content-type': 'application/octet-stream' }
    const put = async (data: string) =>
      (await github.octokit.request({ method: 'POST', url, name: 'model.onnx', data, headers })).data as { id: number }
    const { id } = await put('evil')
    await expect(fetchVersion(github, options)).rejects.toThrow(
      'model.onnx of flight-delay v1.0.0 has 4 bytes in its release, but 3 were registered: it is not used.',
    )
    await deleteAsset(github, id)
    await put('bad')
    await expect(fetchVersion(github, options)).rejects.toThrow(
      /^model\.onnx of flight-delay v1\.0\.0 has the digest .* it is not used\./,
    )
  })
})
