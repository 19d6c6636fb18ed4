import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  artifactName,
  type Predicate,
  type Statement,
  statement,
  UserError,
  type VersionFile,
  writeRecord,
} from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { chooseChampion } from '../src/champion.ts'
import { refuseForeignCode, type StepContext } from '../src/context.ts'
import { contradict, contradictChampion } from '../src/evidence.ts'
import { readProfile } from '../src/learned.ts'
import { findModels } from '../src/models.ts'
import { collectRecords, loadRecord, openRecords } from '../src/records.ts'

const folder = () => mkdtemp(join(tmpdir(), 'modelyard-steps-'))

async function write(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
}

const modelFile = (name: string) => `
name: ${name}
task: regression
data: { train: a.csv, holdout: b.csv, label: y }
train: { run: "true", inputs: [a.csv], model: out.onnx }
evaluate: { metrics: [mae], gates: [{ metric: mae, max: 1 }] }
`

describe('finding models', () => {
  it('finds every model file, in the order of their paths, and none that a package manager brought', async () => {
    const root = await folder()
    await write(root, {
      'models/b/model.yaml': modelFile('b'),
      'models/a/model.yaml': modelFile('a'),
      'model.yaml': modelFile('top'),
      'node_modules/x/model.yaml': 'name: [',
      '.modelyard/x/model.yaml': 'name: [',
    })
    expect((await findModels(root, '**/model.yaml')).map(({ name, file }) => [name, file])).toEqual([
      ['top', 'model.yaml'],
      ['a', 'models/a/model.yaml'],
      ['b', 'models/b/model.yaml'],
    ])
  })

  it('says so where there is none', async () => {
    await expect(findModels(await folder(), '**/model.yaml')).rejects.toThrow(
      'No file matches the input "model", "**/model.yaml". Write a model.yaml',
    )
  })

  it('names every problem of every file', async () => {
    const root = await folder()
    await write(root, { 'a/model.yaml': modelFile('a').replace('task:', 'tusk:'), 'b/model.yaml': 'name: [' })
    await expect(findModels(root, '**/model.yaml')).rejects.toThrow(
      /a\/model\.yaml:3:1 {2}tusk is not a key.*b\/model\.yaml:1/s,
    )
  })

  it('refuses two models of one name', async () => {
    const root = await folder()
    await write(root, { 'a/model.yaml': modelFile('same'), 'b/model.yaml': modelFile('same') })
    await expect(findModels(root, '**/model.yaml')).rejects.toThrow(
      'b/model.yaml  The name same is taken by a/model.yaml already',
    )
  })
})

describe('the champion', () => {
  const state = (versions: string[], stages: Record<string, string | null>, quarantined: string[] = []) => ({
    versions: versions.map((version) => ({ version })),
    quarantined: quarantined.map((version) => ({ version })),
    stages: Object.fromEntries(Object.entries(stages).map(([stage, current]) => [stage, { current }])),
  })
  const stages = ['staging', 'production']

  it.each([
    [
      'what the last stage holds',
      state(['v1.0.0', 'v1.1.0'], { staging: 'v1.1.0', production: 'v1.0.0' }),
      { version: 'v1.0.0', stage: 'production' },
    ],
    [
      'the stage before, where the last is empty',
      state(['v1.0.0', 'v1.1.0'], { staging: 'v1.0.0', production: null }),
      { version: 'v1.0.0', stage: 'staging' },
    ],
    [
      'the newest version, where no stage holds one',
      state(['v1.0.0', 'v1.1.0'], {}),
      { version: 'v1.1.0', stage: null },
    ],
    [
      'not a version in quarantine, where no stage holds one',
      state(['v1.0.0', 'v1.1.0'], {}, ['v1.1.0']),
      { version: 'v1.0.0', stage: null },
    ],
    ['nobody, where nothing was ever registered', state([], {}), null],
  ])('is %s', (_, now, champion) => {
    expect(chooseChampion(stages, now)).toEqual(champion)
  })
})

describe('a pull request from a fork', () => {
  const on = (fork: boolean, selfHosted: boolean) => () =>
    refuseForeignCode({ run: { pullRequest: { number: 1, head: 'a', fork }, selfHosted } } as StepContext)

  it('does not run on a machine of the repository’s owner', () => {
    expect(on(true, true)).toThrow(/comes from a fork and this runner is self-hosted/)
    expect(on(true, false)).not.toThrow()
    expect(on(false, true)).not.toThrow()
  })
})

describe('what is registered', () => {
  const sha = (char: string) => char.repeat(64)
  const tree = 't'.repeat(40)
  const source = { tree, dirty: false }
  const evidence = {
    bytes: sha('m'),
    profile: sha('p'),
    tree,
    validation: {
      source,
      profile: { name: 'profile.json', sha256: sha('p'), bytes: 2 },
      datasets: [
        { role: 'train', sha256: sha('1') },
        { role: 'holdout', sha256: sha('2') },
      ],
      changes: [
        { since: 'champion', name: 'v1.0.0', data: { sha256: sha('1') }, reference: { sha256: sha('r') } },
        { since: 'base', name: 'main', data: { sha256: sha('1') }, reference: { sha256: sha('b') } },
      ],
    } as Predicate<'validation'>,
    training: {
      source,
      artifact: { sha256: sha('m') },
      data: [
        { role: 'train', sha256: sha('1') },
        { role: 'holdout', sha256: sha('2') },
      ],
      training_seconds: 60,
    } as Predicate<'training'>,
    gate: {
      source,
      candidate: { sha256: sha('m') },
      metrics: [{ name: 'training_time', candidate: { value: 60, low: 60, high: 60 } }],
      holdout: { role: 'holdout', sha256: sha('2') },
      train: { role: 'train', sha256: sha('1') },
      champion: { version: 'v1.0.0', stage: null, sha256: sha('c') },
      data_changes: { data: { sha256: sha('1'), rows: 1 }, reference: { sha256: sha('r'), rows: 1 } },
    } as Predicate<'gate'>,
  }
  const manifest = {
    version: 'v1.0.0',
    digests: { model: sha('c') },
    assets: [{ name: 'profile.json', sha256: sha('r'), bytes: 2 }],
  } as VersionFile

  it('is what was validated, trained and judged', () => {
    expect(contradict(evidence)).toBeUndefined()
    expect(contradictChampion(evidence, manifest)).toBeUndefined()
    const { data_changes: _, ...gate } = evidence.gate
    const { changes: __, ...validation } = evidence.validation
    expect(contradictChampion({ gate, validation }, manifest)).toBeUndefined()
  })

  it.each([
    ['of other bytes', { ...manifest, digests: { ...manifest.digests, model: sha('x') } }, /bytes .* not those of v1/],
    ['that learned something else', { ...manifest, assets: [] }, /the profile .* not the one of v1\.0\.0 \(none\)/],
  ])('was not compared with a champion %s', (_, other, sentence) => {
    const { data_changes: __, ...gate } = evidence.gate
    const { changes: ___, ...validation } = evidence.validation
    expect(contradictChampion({ ...evidence, validation }, other)).toMatch(sentence)
    expect(contradictChampion({ ...evidence, gate }, other)).toMatch(sentence)
  })

  it.each([
    [
      'other bytes than were trained',
      { training: { ...evidence.training, artifact: { sha256: sha('x') } } },
      /not those that were trained/,
    ],
    [
      'other bytes than were judged',
      { gate: { ...evidence.gate, candidate: { sha256: sha('x') } } },
      /not those that were judged/,
    ],
    ['another profile than was made of the data', { profile: sha('x') }, /the profile that came .* is not the one/],
    ['no profile where there was one', { profile: undefined }, /the profile that came \(none\)/],
    ['another source than the branch has', { tree: 'u'.repeat(40) }, /validate-data saw another source/],
    [
      'a changed checkout',
      { gate: { ...evidence.gate, source: { tree, dirty: true } } },
      /evaluate ran on files that were changed/,
    ],
    [
      'a source that nobody knows',
      { training: { ...evidence.training, source: { tree: null, dirty: false } } },
      /train saw another source \(tree none\)/,
    ],
    [
      'a hold-out that was not validated',
      { gate: { ...evidence.gate, holdout: { role: 'holdout', sha256: sha('x') } } },
      /holdout data that were used/,
    ],
    [
      'errors measured by data that were not validated',
      { gate: { ...evidence.gate, train: { role: 'train', sha256: sha('x') } } },
      /train data that were used/,
    ],
    [
      'changes told of data that were not validated',
      { gate: { ...evidence.gate, data_changes: { ...evidence.gate.data_changes, data: { sha256: sha('x') } } } },
      /train data that were used/,
    ],
    [
      'changes told of others than the data that were validated',
      { validation: { ...evidence.validation, changes: [{ data: { sha256: sha('x') } }] } },
      /train data that were used/,
    ],
    [
      'another time than the training took',
      { training: { ...evidence.training, training_seconds: undefined } },
      /a training of 60 seconds, and the training record says nothing/,
    ],
    [
      'changes told without a champion',
      { gate: { ...evidence.gate, champion: null } },
      /told against a champion, but the candidate was compared with none/,
    ],
    [
      'training data that were not validated',
      { validation: { ...evidence.validation, datasets: [] } },
      /train data that were used .* \(none\)/,
    ],
  ])('is refused: %s', (_, change, sentence) => {
    expect(contradict({ ...evidence, ...change } as typeof evidence)).toMatch(sentence)
  })
})

describe('what a version learned', () => {
  it.each(['{', '[]', 'null'])('is refused in a sentence where its profile is %s', async (text) => {
    const root = await folder()
    await write(root, { 'profile.json': text })
    await expect(readProfile(join(root, 'profile.json'), { version: 'v1.0.0' })).rejects.toThrow(
      new UserError(
        'The profile of v1.0.0 is not one that this release of Modelyard reads: update Modelyard, or register a new version.',
      ),
    )
  })
})

describe('records from other jobs', () => {
  const plan = statement('plan', [], {
    verdict: 'pass',
    reasons: [],
    source: { tree: null, dirty: true },
    engine: { modelyard: '0.1.0' },
    run: { started: '2026-01-01T00:00:00.000Z', finished: '2026-01-01T00:00:00.000Z' },
    models: [
      { name: 'left', file: 'left/model.yaml' },
      { name: 'right', file: 'right/model.yaml' },
    ],
  })

  async function contextWith(
    published: Record<string, Record<string, string>>,
    plant?: (inbox: string) => Promise<void>,
  ): Promise<StepContext> {
    return {
      root: await folder(),
      log: { info: () => {}, warn: () => {}, group: (_, work) => work() },
      run: {},
      store: {
        publish: async () => {},
        collect: async (inbox) => {
          for (const [name, files] of Object.entries(published)) await write(join(inbox, name), files)
          await plant?.(inbox)
          return Object.keys(published)
        },
      },
    }
  }

  it('name every model of the plan, also one that left nothing', async () => {
    const context = await contextWith({
      'modelyard-plan': { 'plan.json': writeRecord(plan as Statement) },
      [artifactName('left', 'gate')]: { 'gate.json': '{}' },
    })
    expect(await collectRecords(context)).toEqual(['left', 'right'])
  })

  it('keep apart what the check for drift and the validation compared with', async () => {
    const context = await contextWith({
      [artifactName('left', 'drift')]: { 'drift.json': '{}', 'drift-reference.json': 'one' },
      [artifactName('left', 'validation')]: { 'validation.json': '{}', 'champion-reference.json': 'two' },
    })
    await collectRecords(context)
    const lying = (name: string) => readFile(join(context.root, '.modelyard/left', name), 'utf8')
    expect(await Promise.all(['drift-reference.json', 'champion-reference.json'].map(lying))).toEqual(['one', 'two'])
  })

  it('are of kinds that speak of a model: a folder of another name makes none', async () => {
    const names = ['modelyard-constructor-x', 'modelyard-plan-x', 'modelyard-deployment-ghost', 'modelyard-gate-ghost-']
    const context = await contextWith(Object.fromEntries(names.map((name) => [name, { 'x.json': '{}' }])))
    expect(await collectRecords(context)).toEqual([])
  })

  it('bring nothing but the expected files', async () => {
    const context = await contextWith({
      [artifactName('left', 'gate')]: {
        'gate.json': '{}',
        'evil.sh': 'rm -rf /',
        'training.json': '{}',
        '../up.json': '{}',
      },
      coverage: { 'gate.json': '{}' },
    })
    expect(await collectRecords(context)).toEqual(['left'])
    expect((await readdir(join(context.root, '.modelyard'))).sort()).toEqual(['.gitignore', 'left'])
    expect(await readdir(join(context.root, '.modelyard/left'))).toEqual(['gate.json'])
  })

  it('bring no link: it could point anywhere on this machine', async () => {
    const name = artifactName('left', 'training')
    const context = await contextWith({ [name]: { 'training.json': '{}' } }, (inbox) =>
      symlink('/etc/hostname', join(inbox, name, 'model.onnx')),
    )
    await collectRecords(context)
    expect(await readdir(join(context.root, '.modelyard/left'))).toEqual(['training.json'])
  })

  it.each(['.modelyard', '.modelyard/left', '.modelyard/.gitignore', '.modelyard/left/gate.json'])(
    'are not written where the repository’s %s leads',
    async (name) => {
      const outside = await folder()
      await write(outside, { kept: 'mine' })
      const context = await contextWith({})
      await mkdir(dirname(join(context.root, name)), { recursive: true })
      await symlink(/\.[a-z]+$/.test(name.slice(1)) ? join(outside, 'kept') : outside, join(context.root, name))
      await expect(openRecords(context, 'left')).rejects.toThrow(`${name} is a symbolic link`)
      expect(await readdir(outside)).toEqual(['kept'])
      expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('mine')
    },
  )

  it('are refused when they speak of another model', async () => {
    const fixture = await readFile(join(import.meta.dirname, '../../spec/test/fixtures/records/gate-v1.json'), 'utf8')
    const context = await contextWith({ [artifactName('left', 'gate')]: { 'gate.json': fixture } })
    await collectRecords(context)
    await expect(loadRecord(context, 'gate', 'left')).rejects.toThrow('speaks of the model "flight-delay", not of left')
  })
})
