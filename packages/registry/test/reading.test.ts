import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GitHub } from '@modelyard/github'
import type { VersionFile } from '@modelyard/spec'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  assign,
  deprecate,
  deriveState,
  difference,
  inClone,
  onGitHub,
  quarantine,
  readAllTags,
  readDifference,
  readEvents,
  readLineage,
  readModels,
  readReference,
  readTags,
  readTagsOfClone,
  readVersions,
  register,
  type Source,
  type TagFact,
} from '../src/index.ts'
import { deriveRegistry } from '../src/tags/mirror.ts'
import { candidate, digest, inProduction } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

const run = promisify(execFile)

let server: Server
let repository: Repository
let github: GitHub
let clone: string
beforeAll(async () => {
  server = await openServer()
  repository = await server.repository()
  github = repository.connect()
  const { source } = repository
  for (const model of ['churn', 'teams/flight-delay']) {
    await register(github, candidate(`one of ${model}`, { model, source, data: 'January' }))
    const common = { model, actor: 'ada', reason: 'Because.' }
    await assign(github, { ...common, version: 'v1.0.0', stage: 'production', expect: { current: null } })
    const expect = { champion: 'v1.0.0', today: inProduction }
    await register(github, candidate(`two of ${model}`, { model, source, data: 'February', expect }))
    await quarantine(github, { ...common, version: 'v1.1.0' })
  }
  await register(github, candidate('old', { model: 'old', source }))
  const gone = candidate('gone', { model: 'gone', source, data: 'March' })
  const files = [{ name: 'march.csv', sha256: digest('march.csv'), bytes: 9 }]
  const data = [{ role: 'train' as const, sha256: digest('March'), files }]
  await register(github, { ...gone, versionFile: (version) => ({ ...gone.versionFile(version), data }) })
  await deprecate(github, { model: 'gone', version: 'v1.0.0', actor: 'ada', reason: 'Its data were wrong.' })
  await deprecate(github, { model: 'old', version: null, actor: 'ada', reason: 'Nobody asks it.' })
  await repository.git('tag', '-a', '-m', 'Registering artifact churn version v0.1.0', 'churn@v0.1.0', 'main')
  await repository.git('tag', 'churn@v9.0.0', 'main')
  await repository.git('tag', '-a', '-m', 'No release of a model', 'v1.0.0', 'main')
  clone = join(server.folder, 'clone')
  const { token } = (await github.octokit.auth()) as { token: string }
  await run('git', ['clone', '-q', repository.cloneUrl.replace('//', `//ada:${token}@`), clone])
}, 60_000)
afterAll(() => server.close())

const byName = (facts: TagFact[]) => facts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
const sources = (): Array<[string, Source]> => [
  ['GitHub', onGitHub(github)],
  ['a clone', inClone(clone)],
]

describe('the tags of all models', () => {
  it('are the same from a mirror, from a clone, and from the API model by model', async () => {
    const all = byName(await readAllTags(github))
    expect(all.length).toBeGreaterThan(10)
    expect(byName(await readTagsOfClone(clone))).toEqual(all)
    for (const [model, state] of deriveRegistry(all))
      expect(deriveState(model, await readTags(github, model))).toEqual(state)
  })

  it('tell of all models at once what they tell of each alone', () => {
    const names = ['a@v1.0.0', 'a@v2.0.0', 'a#prod#1', 'a#prod!#2', 'b/c@v1.0.0', 'b/c#prod#1', 'd=e@v1.0.0', 'x', 'v1']
    const facts = fc.uniqueArray(
      fc.record({ name: fc.constantFrom(...names), time: fc.nat({ max: 9 }), letter: fc.constantFrom('a', 'b') }),
      { selector: ({ name }) => name },
    )
    fc.assert(
      fc.property(facts, (given) => {
        const tags = given.map(({ name, time, letter }) => ({
          ...{ name, object: letter.repeat(40), target: letter.repeat(40), actor: 'ada', message: '' },
          time: new Date(time * 1000).toISOString(),
        }))
        const registry = deriveRegistry(tags)
        for (const model of ['a', 'b/c', 'd:e'])
          expect(registry.get(model) ?? deriveState(model, [])).toEqual(deriveState(model, tags))
        expect([...registry.keys()].every((model) => ['a', 'b/c', 'd:e'].includes(model))).toBe(true)
      }),
    )
  })

  it('say whose fault it is where git gets no answer, and never the token', async () => {
    const reading = readAllTags({ ...github, repo: 'nowhere' })
    await expect(reading).rejects.toThrow(
      /^The tags of http:.*nowhere.git could not be read \(it answers 404\)\. The repository is not there/,
    )
    await expect(reading).rejects.not.toThrow(/x-access-token|Basic/)
  })
})

describe('tags that are not as they should be', () => {
  it('are the same from a mirror and from a clone: of a tag, of a tree, under another name', async () => {
    const odd = await server.repository()
    await odd.git('tag', '-a', '-m', 'Inner', 'm@v1.0.0', 'main')
    await odd.git('tag', '-a', '-m', 'Outer', 'm@v2.0.0', 'm@v1.0.0')
    await odd.git('tag', '-a', '-m', 'Tree', 'm@v3.0.0', 'main^{tree}')
    await odd.git('update-ref', 'refs/tags/m@v4.0.0', await odd.git('rev-parse', 'm@v1.0.0'))
    const facts = byName(await readAllTags(odd.connect()))
    expect(byName(await readTagsOfClone(odd.gitDir))).toEqual(facts)
    expect(facts.map(({ name, object, names }) => [name, object !== null, names])).toEqual([
      ['m@v1.0.0', true, undefined],
      ['m@v2.0.0', false, 'tag'],
      ['m@v3.0.0', false, 'tree'],
      ['m@v4.0.0', true, undefined],
    ])
  })

  it('are no empty registry where git lacks the object of one', async () => {
    const broken = await server.repository()
    await broken.git('tag', '-a', '-m', 'Registering', 'm@v1.0.0', 'main')
    const { gitDir } = broken
    const sha = await broken.git('rev-parse', 'm@v1.0.0')
    await broken.git('pack-refs', '--all')
    await rm(join(gitDir, 'objects', sha.slice(0, 2), sha.slice(2)))
    await expect(readTagsOfClone(gitDir)).rejects.toThrow(/^Git cannot read the tags of .*missing object/)
  })
})

describe.each([0, 1])('the registry', (index) => {
  let source: Source
  beforeAll(() => {
    source = sources()[index]![1]
  })
  const from = ['GitHub', 'a clone'][index]

  it(`tells from ${from} what every stage of every model holds`, async () => {
    const models = await readModels(source)
    expect(
      models.map(({ model, latest, quarantined, deprecated }) => [model, latest, quarantined, deprecated]),
    ).toEqual([
      ['churn', 'v1.0.0', ['v1.1.0'], false],
      ['gone', null, [], false],
      ['old', 'v1.0.0', [], true],
      ['teams/flight-delay', 'v1.0.0', ['v1.1.0'], false],
    ])
    expect(models[0]!.stages).toMatchObject([
      { stage: 'production', version: 'v1.0.0', actor: 'ada', reason: 'Because.' },
    ])
    expect(await readModels(source, { model: 'old' })).toEqual([models[2]])
  })

  it(`tells from ${from} what was so before an event, and refuses what nobody can know`, async () => {
    const last = (await readEvents(source, 'churn')).find(({ stage }) => stage === 'production')!
    const just = new Date(Date.parse(last.time) - 1000).toISOString()
    expect((await readModels(source, { model: 'churn', at: just }))[0]!.stages).toEqual([])
    expect((await readModels(source, { model: 'churn', at: last.time }))[0]!.stages).toMatchObject([
      { version: 'v1.0.0' },
    ])
    expect(await readModels(source, { model: 'churn', at: '2000-01-01' })).toMatchObject([
      { versions: 0, latest: null },
    ])
    expect(await readModels(source, { at: '2000-01-01' })).toEqual([])
    await expect(readModels(source, { at: '2999-01-01' })).rejects.toThrow(
      'The moment is 2999-01-01, which has not come',
    )
    await expect(readModels(source, { model: 'chrun' })).rejects.toThrow('There is no model "chrun" in the registry')
  })

  it(`tells from ${from} which versions there are, those of other tools among them`, async () => {
    const versions = await readVersions(source, 'churn')
    expect(versions.map(({ version, standing, stages }) => [version, standing, stages])).toEqual([
      ['v1.1.0', 'quarantined', []],
      ['v1.0.0', 'in force', ['production']],
      ['v0.1.0', 'in force', []],
    ])
    expect(await readVersions(source, 'gone')).toMatchObject([
      { version: 'v1.0.0', standing: 'deprecated', stages: [] },
    ])
    expect(versions.map(({ digest, metrics }) => [digest, metrics.length])).toEqual([
      [digest('two of churn'), 1],
      [digest('one of churn'), 1],
      [null, 0],
    ])
  })

  it(`finds from ${from} what was trained on a dataset or a file, and counts what nobody knows`, async () => {
    const { versions, unknown } = await readLineage(source, { digest: digest('January') })
    expect(versions.map(({ model, version, role, file }) => [model, version, role, file])).toEqual([
      ['churn', 'v1.0.0', 'train', null],
      ['teams/flight-delay', 'v1.0.0', 'train', null],
    ])
    expect(unknown).toEqual(['churn@v0.1.0'])
    const one = await readLineage(source, { digest: `sha256:${digest('February').slice(0, 12)}`, model: 'churn' })
    expect(one.versions.map(({ tag }) => tag)).toEqual(['churn@v1.1.0'])
    const ofFile = await readLineage(source, { digest: digest('march.csv') })
    expect(ofFile.versions).toMatchObject([
      { model: 'gone', version: 'v1.0.0', data: digest('March'), file: 'march.csv' },
    ])
    expect((await readLineage(source, { digest: digest('June') })).versions).toEqual([])
    await expect(readLineage(source, { digest: 'ab' })).rejects.toThrow('The digest is "ab"; it must be a SHA-256')
  })

  it(`tells from ${from} what differs between two versions`, async () => {
    const found = await readDifference(source, { model: 'churn', from: 'production', to: 'v1.1.0' })
    expect(found).toMatchObject({ from: 'v1.0.0', to: 'v1.1.0', bump: 'minor', signature: [], code: [] })
    expect(found.digests.map(({ name }) => name)).toEqual(['model', 'gate', 'training data'])
    expect(found.about).toEqual([{ name: 'champion', from: 'none', to: 'v1.0.0' }])
    await expect(readDifference(source, { model: 'churn', from: 'v0.1.0', to: 'latest' })).rejects.toThrow(
      'churn v0.1.0 was not registered by Modelyard',
    )
  })

  it(`tells from ${from} what a tag announced, and what announces nothing`, async () => {
    expect(await readReference(source, 'refs/tags/churn#production#1')).toMatchObject({
      ...{ model: 'churn', kind: 'assignment', version: 'v1.0.0', stage: 'production', type: null },
    })
    await expect(readReference(source, 'v1.0.0')).rejects.toThrow('The tag "v1.0.0" is none of a registry')
    await expect(readReference(source, 'churn@v7.0.0')).rejects.toThrow('There is no tag churn@v7.0.0')
    await expect(readReference(source, 'churn@v9.0.0')).rejects.toThrow('is not an annotated tag of a commit')
  })
})

describe('a clone that is too shallow', () => {
  it('says which commit it lacks, and takes nothing for absent', async () => {
    const shallow = join(server.folder, 'shallow')
    const { token } = (await github.octokit.auth()) as { token: string }
    const url = repository.cloneUrl.replace('//', `//ada:${token}@`)
    await run('git', ['clone', '-q', '--depth=1', url, shallow])
    const tags = '+refs/tags/churn#*:refs/tags/churn#*'
    await run('git', ['fetch', '-q', '--depth=1', 'origin', tags], { cwd: shallow })
    expect((await readTagsOfClone(shallow)).map(({ name }) => name)).toContain('churn#production#1')
    const [missing] = await readTags(github, 'old')
    await expect(
      inClone(shallow).readTexts([{ commit: missing!.target, path: '.modelyard/old/version.json' }]),
    ).rejects.toThrow(/^This clone does not hold the commit [0-9a-f]{12}/)
  })
})

describe('a clone that is partial', () => {
  it('fetches nothing by itself, and takes nothing for absent', async () => {
    const { token } = (await github.octokit.auth()) as { token: string }
    const url = repository.cloneUrl.replace('//', `//ada:${token}@`)
    const [registered] = await readTags(github, 'old')
    const commit = registered!.target
    for (const filter of ['blob:none', 'tree:0']) {
      const partial = join(server.folder, filter.replace(':', '-'))
      await run('git', ['clone', '-q', '--no-checkout', `--filter=${filter}`, url, partial])
      const texts = (name: string) => inClone(partial).readTexts([{ commit, path: `.modelyard/old/${name}` }])
      await expect(texts('version.json')).rejects.toThrow(/^This clone is partial, .* Run git fetch --refetch/)
      await run('git', ['fetch', '-q', '--refetch', '--no-filter', '--tags', 'origin'], { cwd: partial })
      expect((await texts('version.json'))[0]).toContain('"model": "old"')
      expect(await texts('none')).toEqual([null])
    }
  })

  it('of somebody else is left alone, whatever its settings say', async () => {
    const folder = await mkdtemp(join(server.folder, 'foreign-'))
    await run('git', ['init', '-q', folder])
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    await expect(readTagsOfClone(folder)).rejects.toThrow(/safe\.directory/)
    vi.unstubAllEnvs()
    expect(await readTagsOfClone(folder)).toEqual([])
  })
})

describe('the difference of two manifests', () => {
  const file = (content: string, options: { data?: string; inputs?: string[] } = {}): VersionFile => ({
    ...candidate(content, { source: { commit: 'a'.repeat(40), tree: 'b'.repeat(40) }, ...options }).versionFile(
      'v1.0.0',
    ),
    assets: [],
  })

  it('is nothing between a version and itself, and turns round with its sides', () => {
    const one = file('one')
    const two = file('two', { data: 'other', inputs: ['distance', 'hour'] })
    const { metrics, bump: _, ...rest } = difference(one, one)
    expect(Object.values(rest).filter(Array.isArray).flat()).toEqual([])
    expect(metrics).toMatchObject([{ name: 'roc_auc', difference: null }])
    const turned = difference(two, one).digests.map(({ name, from, to }) => ({ name, from: to, to: from }))
    expect(difference(one, two).digests).toEqual(turned)
    expect(difference(one, two)).toMatchObject({ bump: 'major', signature: [{ name: 'input hour', from: null }] })
  })
})
