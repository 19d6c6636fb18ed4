import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bumpVersion, compareVersions, formatTag, isVersion, parseTag, type Tag } from '../src/tags/grammar.ts'
import { historyOf } from '../src/tags/history.ts'
import { readTagsOfClone } from '../src/tags/mirror.ts'
import { deriveState } from '../src/tags/state.ts'
import { type GtoApi, hasGto, openGto } from './support/gto.ts'
import { START, type WrittenTag, writeTags } from './support/tags.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

// The cases that GTO publishes in its own tests (1.10.1): test_tag, test_constants, test_versions, conftest.showcase.
const PARSED: Array<[string, Tag]> = [
  ['path@v1.2.3', { kind: 'registration', name: 'path', version: 'v1.2.3', counter: null }],
  ['path@v1.2.3#5', { kind: 'registration', name: 'path', version: 'v1.2.3', counter: 5 }],
  ['path@v1.2.3!', { kind: 'deregistration', name: 'path', version: 'v1.2.3', counter: null }],
  ['path@v1.2.3!#2', { kind: 'deregistration', name: 'path', version: 'v1.2.3', counter: 2 }],
  ['path#stage', { kind: 'assignment', name: 'path', stage: 'stage', counter: null }],
  ['path#stage#1', { kind: 'assignment', name: 'path', stage: 'stage', counter: 1 }],
  ['path#stage!#2', { kind: 'unassignment', name: 'path', stage: 'stage', counter: 2 }],
]
const REJECTED = [
  ...['', '###', '@@@', 'model@v1', 'nn#prod#-1', 'model@v111', 'model-prod', 'model@0.0.1', 'model-prod-v1'],
  ...['model#prod#-1', 'model#prod#1-2', 'model#prod?#1-2', 'model#prod@v1.2.3', 'model@v1.2.3#prod'],
  ...['model-prod-v1-stage', 'model@prod@v1@stage-1', 'namespace/model@0.0.1', '@namespace/model@0.0.1'],
  ...['model#prod#v1#stage#1-', 'model#prod-v1-stage@1-2', 'model#prod-v1-stage@1-2#@'],
]
const ACCEPTED = [
  ...['nn#prod', 'nn#prod!', 'nn#prod#1', 'nn@v1.0.0', 'nn#prod!#2', 'nn@v1.0.0!', 'nn@v1.0.0#1', 'nn@v1.0.0!#1'],
  ...['nn@v1.0.0-rc.2', 'nn@v1.0.0-alpha', 'nn@v1.0.0-alpha.1', 'nn@v1.0.0-alpha.beta', 'new-artifact@v1.0.1!'],
]
const NAMES = [
  ...['1', 'm', 'nn', 'm1', '1nn', 'model-prod', 'model-prod-v1', 'model_prod_v1', 'dvclive/model', 'model_A'],
  'DVCLive/Model',
]
const WRONG_NAMES = [
  ...['', 'm/', '/m', '###', '@@@', 'a model', '_model', '-model', 'model-', 'model@1', 'model#1', '@namespace/model'],
]
const FULL_NAMES = ['model', 'dvclive:model', 'some/folder:some/model', 'some/Other_Folder:some/model']
const FULL_NAMES_IN_TAGS = [
  ...['model', 'dvclive=model', 'some/folder=some/model', 'Some/folder/A=model', 'Some/folder/A=Model'],
]
const VERSIONS = ['v0.1.2', 'v3.4.5-pre.2+build.4', 'v3.4.5-pre.2-build.4']
const WRONG_VERSIONS = ['1', 'v1', 'v1.2', '0.1.2', '3.4.5-pre.2+build.4']

describe('the cases that GTO publishes', () => {
  it.each(PARSED)('parse %s', (text, tag) => {
    expect(parseTag(text)).toEqual(tag)
    expect(formatTag(tag)).toBe(text)
  })
  it.each(REJECTED)('refuse %j', (text) => expect(parseTag(text)).toBeUndefined())
  it.each(ACCEPTED)('take %s', (text) => expect(formatTag(parseTag(text)!)).toBe(text))

  it.each(NAMES)('take the name %s, of a model and of a stage', (name) => {
    expect(parseTag(`${name}@v1.0.0`)?.name).toBe(name)
    expect(parseTag(`m#${name}#3`)).toMatchObject({ stage: name, counter: 3 })
  })
  it.each(WRONG_NAMES)('refuse the name %j', (name) => {
    expect(parseTag(`${name}@v1.0.0`)).toBeUndefined()
    expect(parseTag(`m#${name}#3`)).toBeUndefined()
  })
  it.each(FULL_NAMES)('take the full name %s', (name) => {
    const tag: Tag = { kind: 'registration', name, version: 'v1.0.0', counter: null }
    expect(parseTag(formatTag(tag))).toEqual(tag)
  })
  it.each(FULL_NAMES_IN_TAGS)('take %s in a tag', (name) => {
    expect(parseTag(`${name}@v1.0.0`)?.name).toBe(name.replace('=', ':'))
  })

  it.each(VERSIONS)('take the version %s', (version) => expect(isVersion(version)).toBe(true))
  it.each(WRONG_VERSIONS)('refuse the version %j', (version) => expect(isVersion(version)).toBe(false))
  it('compare and bump versions', () => {
    expect(compareVersions('v1.3.2', 'v1.3.3')).toBeLessThan(0)
    expect(compareVersions('v1.2.4', 'v1.2.4')).toBe(0)
    expect(compareVersions('v1.3.4', 'v2.0.0')).toBeLessThan(0)
    expect(['major', 'minor', 'patch'].map((bump) => bumpVersion('v1.3.4', bump as 'major'))).toEqual([
      ...['v2.0.0', 'v1.4.0', 'v1.3.5'],
    ])
  })
})

/** What `conftest.showcase` does, as calls of gto's API; a second passes where it sleeps. */
const SHOWCASE: Array<{ call: string; at: number; options: (commits: string[]) => Record<string, unknown> }> = [
  { call: 'register', at: 1, options: ([first]) => ({ name: 'rf', ref: first, version: 'v1.2.3' }) },
  { call: 'register', at: 1, options: ([first]) => ({ name: 'nn', ref: first }) },
  { call: 'register', at: 2, options: ([, second]) => ({ name: 'rf', ref: second }) },
  { call: 'assign', at: 2, options: () => ({ name: 'nn', stage: 'staging', version: 'v0.0.1' }) },
  { call: 'assign', at: 2, options: () => ({ name: 'rf', stage: 'production', version: 'v1.2.3' }) },
  { call: 'assign', at: 3, options: ([, second]) => ({ name: 'rf', stage: 'staging', ref: second }) },
  { call: 'assign', at: 4, options: ([, second]) => ({ name: 'rf', stage: 'production', ref: second }) },
  { call: 'assign', at: 5, options: () => ({ name: 'rf', stage: 'production', version: 'v1.2.3', force: true }) },
]
/** The same by us: each stage counts for itself. */
const BY_US: WrittenTag[] = [
  { name: 'rf@v1.2.3', at: 0, time: 1 },
  { name: 'nn@v0.0.1', at: 0, time: 1 },
  { name: 'rf@v1.2.4', at: 1, time: 2 },
  { name: 'nn#staging#1', at: 0, time: 2 },
  { name: 'rf#production#1', at: 0, time: 3 },
  { name: 'rf#staging#1', at: 1, time: 4 },
  { name: 'rf#production#2', at: 1, time: 5 },
  { name: 'rf#production#3', at: 0, time: 6 },
]

describe.skipIf(!hasGto())('GTO’s showcase', () => {
  let gto: GtoApi
  beforeAll(() => {
    gto = openGto()
  })
  afterAll(() => gto.close())

  it('written by gto is read by us as its own tests expect', async () => {
    const folder = await writeTags(2, [
      { name: 'commit-0', at: 0 },
      { name: 'commit-1', at: 1 },
    ])
    const commits = (await readTagsOfClone(folder)).map(({ target }) => target)
    for (const { call, at, options } of SHOWCASE)
      await gto.call(folder, call, { options: options(commits), time: START + at })
    const facts = await readTagsOfClone(folder)
    const [rf, nn] = [deriveState('rf', facts), deriveState('nn', facts)]
    expect(rf.versions.map(({ version, commit, tag }) => [version, commit, tag])).toEqual([
      ['v1.2.3', commits[0], 'rf@v1.2.3'],
      ['v1.2.4', commits[1], 'rf@v1.2.4'],
    ])
    expect(nn.versions.map(({ version, commit }) => [version, commit])).toEqual([['v0.0.1', commits[0]]])
    expect(Object.entries(rf.stages).map(([stage, { current }]) => [stage, current])).toEqual([
      ['production', 'v1.2.3'],
      ['staging', 'v1.2.4'],
    ])
    expect(historyOf('rf', facts).map(({ kind, version, tag }) => [kind, version, tag])).toEqual([
      ['registration', 'v1.2.3', 'rf@v1.2.3'],
      ['registration', 'v1.2.4', 'rf@v1.2.4'],
      ['assignment', 'v1.2.3', 'rf#production#1'],
      ['assignment', 'v1.2.4', 'rf#staging#2'],
      ['assignment', 'v1.2.4', 'rf#production#3'],
      ['assignment', 'v1.2.3', 'rf#production#4'],
    ])
    await expectShowcase(gto, folder, ['rf#production#3', 'v1.2.4'])
    await rm(folder, { recursive: true })
  })

  it('written by us is read by gto as its own tests expect', async () => {
    const folder = await writeTags(2, BY_US)
    await expectShowcase(gto, folder, ['rf#production#2', 'v1.2.4'])
    await rm(folder, { recursive: true })
  })
})

/** What `test_cli.test_commands` asks of the showcase, word for word. */
async function expectShowcase(gto: GtoApi, folder: string, [tag, version]: [string, string]): Promise<void> {
  const expected: Array<[string[], string]> = [
    [['show', 'rf@greatest', '--version'], 'v1.2.4'],
    [['show', 'rf@latest', '--ref'], 'rf@v1.2.4'],
    [['show', 'rf#production', '--version'], 'v1.2.3'],
    [['show', 'rf#production', '--vs', '-1', '--version'], 'v1.2.4\nv1.2.3'],
    [['show', 'rf#staging', '--vs', '-1', '--version'], 'v1.2.4'],
    [['show', 'rf#production', '--ref'], 'rf@v1.2.3'],
    [['check-ref', tag, '--name'], 'rf'],
    [['check-ref', `refs/tags/${tag}`, '--name'], 'rf'],
    [['check-ref', tag, '--stage'], 'production'],
    [['check-ref', tag, '--version'], version],
    [['check-ref', 'rf@v1.2.4', '--version'], 'v1.2.4'],
    [['check-ref', 'rf@v1.2.4', '--event'], 'registration'],
    [['check-ref', 'rf@v1.2.4'], '✅  Version "v1.2.4" of artifact "rf" was registered'],
    [['check-ref', tag, '--event'], 'assignment'],
    [['check-ref', tag], `✅  Stage "production" was assigned to version "${version}" of artifact "rf"`],
    [['check-ref', 'this-tag-does-not-exist'], ''],
  ]
  for (const [args, said] of expected) expect([args, await gto.call(folder, 'say', { args })]).toEqual([args, said])
}

// https://github.com/iterative/example-gto, as GTO's tests expect `gto history churn` of it.
const CHURN: Array<[event: string, version: string, stage: string | null, commit: 0 | 1, tag: string, time: string]> = [
  ['registration', 'v3.0.0', null, 0, 'churn@v3.0.0', '2022-05-20T01:09:52.000Z'],
  ['registration', 'v3.1.0', null, 1, 'churn@v3.1.0', '2022-05-24T16:16:32.000Z'],
  ['assignment', 'v3.1.0', 'staging', 1, 'churn#staging#1', '2022-05-25T20:03:12.000Z'],
  ['assignment', 'v3.0.0', 'prod', 0, 'churn#prod#2', '2022-05-26T23:49:52.000Z'],
]

it('the history of GTO’s example repository is read as its tests expect', () => {
  const sha = (commit: number) => String(commit).repeat(40)
  const facts = CHURN.map(([, , , commit, name, time]) => ({
    ...{ name, object: sha(9), target: sha(commit), time, actor: 'Alexander Guschin', message: '' },
  }))
  expect(historyOf('churn', facts).map((each) => [each.kind, each.version, each.stage, each.commit, each.tag])).toEqual(
    CHURN.map(([event, version, stage, commit, tag]) => [event, version, stage, sha(commit), tag]),
  )
  const { versions, stages } = deriveState('churn', facts)
  expect(versions.at(-1)?.version).toBe('v3.1.0')
  expect([stages.prod?.current, stages.staging?.current]).toEqual(['v3.0.0', 'v3.1.0'])
})
