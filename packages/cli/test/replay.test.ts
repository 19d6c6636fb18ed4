import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { toyModel } from '@modelyard/scenarios'
import { readRecord, recordDigest, type Statement, writeRecord } from '@modelyard/spec'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GATE, judged, judgedAgainst } from './judged.ts'
import { run } from './run.ts'

const TIMED = {
  'metric: roc_auc, min: 0.6, max_regression: 0.01 }':
    'metric: roc_auc, min: 0.6, max_regression: 0.01 }\n    - { metric: latency_p95, max: 5s }',
}

/** What training adds to write the labels as the framework's own predictions. */
const OWN = `awk -F, 'NR == 1 { print "id,prediction" } NR > 1 { print $1 "," $4 }' data/holdout.csv > out/own.csv\n`

/** Sets one value of a record, named by the way to it; without a value, deletes it. */
async function change(folder: string, file: string, way: string, value?: unknown): Promise<void> {
  const path = join(folder, '.modelyard/toy', file)
  const record = JSON.parse(await readFile(path, 'utf8'))
  const keys = way.split('.')
  const holder = keys
    .slice(0, -1)
    .reduce((part, key) => (Array.isArray(part) ? part.at(Number(key)) : part[key]), record.predicate)
  holder[keys.at(-1)!] = value
  await writeFile(path, writeRecord(record))
}

/** Nothing may be asked of any network. */
beforeEach(() => {
  const offline = () => {
    throw new Error('replay went to the network')
  }
  vi.spyOn(globalThis, 'fetch').mockImplementation(offline)
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(offline)
})
afterEach(() => vi.restoreAllMocks())

describe('replay', () => {
  it('makes the records of validate and evaluate again, offline and without a token, by digest', async () => {
    const folder = await judged(TIMED)
    for (const kind of ['validation', 'gate'] as const) {
      const path = `.modelyard/toy/${kind}.json`
      const digest = recordDigest(readRecord(await readFile(join(folder, path), 'utf8'), kind) as Statement)
      const { code, out } = await run(folder, 'replay', path)
      expect([code, out.split('\n')[0]]).toEqual([
        0,
        `✅ The same: the ${kind} record of toy says pass, and so do the files`,
      ])
      expect(out).toContain(`Digest of the record: ${digest}\n- Digest of the replay: ${digest}`)
      if (kind === 'gate') expect(out).toContain('Times and loads were not measured again')
    }
  })

  it('says what it took as the record has it, also where no champion was asked', async () => {
    const folder = await judged({ 'metric: roc_auc, min: 0.6,': 'metric: accuracy, min: 0.5,' })
    const { predicate } = readRecord(
      await readFile(join(folder, '.modelyard/toy/validation.json'), 'utf8'),
      'validation',
    )
    expect(predicate.evidence).toMatchObject([{ level: null, basis: 'on 5 % of the rows' }])
    const { code, out } = await run(folder, 'replay', '.modelyard/toy/validation.json')
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('How much models differ, and what the champion has, was not'),
    ])
  })

  it('ends with 0 for a verdict that fails again, against the champion beside the record or elsewhere', async () => {
    const folder = await judged({ 'metrics: [roc_auc, accuracy]': 'metrics: [roc_auc, accuracy]\n  slices: ["a > 0"]' })
    const digest = await judgedAgainst(folder)
    const beside = await run(folder, 'replay', GATE)
    expect(beside).toMatchObject({ code: 0, out: expect.stringContaining(`Digest of the replay: ${digest}`) })
    expect(beside.out).toMatch(/^✅ The same: the gate record of toy says fail, and so do the files/)

    const downloads = join(folder, 'downloads')
    await mkdir(join(downloads, 'modelyard-gate-toy'), { recursive: true })
    await cp(join(folder, GATE), join(downloads, 'modelyard-gate-toy/gate.json'))
    await mkdir(join(downloads, 'modelyard-training-toy'))
    for (const name of ['training.json', 'model.onnx'])
      await cp(join(folder, '.modelyard/toy', name), join(downloads, 'modelyard-training-toy', name))
    const path = 'downloads/modelyard-gate-toy/gate.json'
    expect(await run(folder, 'replay', path)).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'npx modelyard fetch --name toy --version v1.0.0 --path champion, then add --champion champion.',
      ),
    })
    await rm(join(folder, '.modelyard'), { recursive: true })
    expect(await run(folder, 'replay', path, '--champion', 'models/better.onnx')).toMatchObject({ code: 0 })
  })

  it.each([
    [
      'data',
      'data/holdout.csv',
      /^The holdout data have the digest [0-9a-f]{64} in the record, but .* data\/holdout\.csv has [0-9a-f]{64}, not [0-9a-f]{64}\. Check out the commit that the record was made from; data that git does not keep come from where they are kept\.$/,
    ],
    [
      'model',
      '.modelyard/toy/model.onnx',
      /^The candidate of the digest [0-9a-f]{64} is needed, but .*model\.onnx has [0-9a-f]{64}\. Take it from the release/,
    ],
  ])('notices a changed byte in the %s', async (_, file, sentence) => {
    const folder = await judged()
    await appendFile(join(folder, file), '\n')
    const { code, out, err } = await run(folder, 'replay', GATE)
    expect([code, out]).toEqual([2, ''])
    expect(err.split('\n').at(-2)).toMatch(sentence)
  })

  it.each([
    ['verdict', 'warn', '❌ Not the same: the gate record of toy says warn, the files say pass', 'verdict  "warn"'],
    [
      'metrics.0.candidate.value',
      0.5,
      '❌ Not the same: the gate record of toy says pass, and so do the files, but with other numbers',
      'metrics › roc_auc › candidate › value',
    ],
    ['metrics.-1.candidate.high', 9, '❌ Not the same', 'gates › latency_p95 max › verdict'],
    ['engine.duckdb', '0.0.1', '✅ The same', 'The engine is not the record\'s (duckdb "0.0.1" then'],
    [
      'source.tree',
      'a'.repeat(40),
      '✅ The same',
      'The record was made from tree aaaaaaaaaaaa; what lies here is tree ',
    ],
  ])('says what differs where the record was changed in its %s', async (way, value, first, told) => {
    const folder = await judged(TIMED)
    await change(folder, 'gate.json', way, value)
    const { code, out } = await run(folder, 'replay', GATE)
    expect(out).toContain(first)
    expect(out).toContain(told)
    expect(code).toBe(first.startsWith('✅') ? 0 : 1)
  })

  it('notices that the model file asks for something else', async () => {
    const folder = await judged()
    await writeFile(join(folder, 'model.yaml'), toyModel('toy', { 'min: 0.6,': 'min: 0.99,' }))
    const { code, out } = await run(folder, 'replay', GATE)
    expect(code).toBe(1)
    expect(out).toMatch(/gates › roc_auc min › written +"0\.6" +"0\.99"/)
  })

  it('compares with the framework’s own predictions where the record did, by their digest', async () => {
    const folder = await judged({ 'model: out/model.onnx': 'model: out/model.onnx, predictions: out/own.csv' }, OWN)
    const digest = recordDigest(readRecord(await readFile(join(folder, GATE), 'utf8'), 'gate') as Statement)
    expect((await run(folder, 'replay', GATE)).out).toContain(`Digest of the replay: ${digest}`)

    const predictions = join(folder, '.modelyard/toy/predictions.csv')
    await appendFile(predictions, '\n')
    const other = await run(folder, 'replay', GATE)
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining("The framework's own predictions of the digest"),
    ])
    await rm(predictions)
    await rm(join(folder, '.modelyard/toy/training.json'))
    const missing = await run(folder, 'replay', GATE)
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringMatching(/but there is no file .*predictions\.csv\. Take it/),
    ])
  })

  it.each([
    [
      'champion',
      { version: '../../../etc', stage: null, sha256: 'a'.repeat(64) },
      'The record names the champion "../../../etc", which is no version.',
    ],
    ['model', 'other', 'speaks of the model other, and model.yaml of toy. Name its model file with --model.'],
    ['confidence', 2, 'confidence of 2; it must be between 0 and 1.'],
    ['verdict', undefined, 'gate.json is broken: verdict'],
  ])('refuses in a sentence a gate record whose %s is %j', async (way, value, sentence) => {
    const folder = await judged()
    await change(folder, 'gate.json', way, value)
    const { code, out, err } = await run(folder, 'replay', GATE)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })

  it('refuses in a sentence more threads than there are, and a record that no files make', async () => {
    const folder = await judged()
    await change(folder, 'validation.json', 'engine.threads', 1e9)
    expect(await run(folder, 'replay', '.modelyard/toy/validation.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('The record asks for 1000000000 threads; at most 1024 are started.'),
    })
    expect(await run(folder, 'replay', '.modelyard/toy/training.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'is a training record; what can be replayed are records of these kinds: gate, validation, drift.',
      ),
    })
  })

  it('says that there is no record, or no model beside it', async () => {
    const folder = await judged()
    expect(await run(folder, 'replay', 'nowhere.json')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^There is no record .*nowhere\.json\. Name the gate\.json/),
    })
    await rm(join(folder, '.modelyard/toy/model.onnx'))
    expect(await run(folder, 'replay', GATE)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/The candidate of the digest .* there is no file .*model\.onnx/),
    })
  })
})
