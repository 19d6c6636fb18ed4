import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileDigest, type Model, PREDICATES, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMeasured, type JudgeOptions, judge } from '../src/index.ts'
import { uniform } from './samples.ts'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.onnx`, import.meta.url))
const v1 = { path: fixture('one-column'), version: 'v1.0.0', stage: 'production' }
const ROWS = 3000
let root: string

/** The label follows x and y; `place` is one of twelve, of which the last is rare. */
function holdout(): string {
  const next = uniform(21)
  const normal = () => next() + next() + next() + next() - 2
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const [x, y] = [normal(), normal()]
    const late = +(1 / (1 + Math.exp(-2 * x - 2 * y)) > next())
    const place = row % 300 === 0 ? 'rare' : `p${row % 11}`
    return `${row},${x},${y},${place},${row % 60},${late}`
  })
  return ['id,x,y,place,day,late', ...lines].join('\n')
}

function modelFile(evaluate: string, data = ''): Model {
  const text = `
name: lateness
task: binary-classification
data: { train: train.csv, holdout: holdout.csv, label: late, id: id${data} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate:
${evaluate.replace(/^/gm, '  ')}`
  return { ...parseModelFile(text, 'model.yaml'), folder: root }
}

const GATES = `
metrics: [roc_auc, brier_score, accuracy]
gates:
  - { metric: roc_auc, min: 0.6, max_regression: 0.005 }
  - { metric: log_loss, max_regression: 5% }
`

function judged(candidate: string, options: Partial<JudgeOptions> = {}) {
  return judge({ model: modelFile(GATES), root, candidate: { path: fixture(candidate) }, champion: v1, ...options })
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelyard-judge-'))
  await writeFile(join(root, 'holdout.csv'), holdout())
})
afterAll(() => rm(root, { recursive: true }))

describe('judge', () => {
  it('passes a better candidate, with what the gate record needs', async () => {
    const judgement = await judged('two-columns')
    expect(judgement.verdict).toBe('pass')
    expect(judgement.reasons[0]).toMatch(/^AUC is 0\.\d+ \(95 % interval: .* at least 0\.6 is asked\)\.$/)
    expect(judgement.metrics.map(({ name }) => name)).toEqual(['roc_auc', 'brier_score', 'accuracy', 'log_loss'])
    expect(judgement.gates.map(({ metric, rule }) => `${metric} ${rule}`)).toEqual([
      'roc_auc min',
      'roc_auc max_regression',
      'log_loss max_regression',
    ])
    expect(judgement.changed!.newly_right).toBeGreaterThan(judgement.changed!.newly_wrong)
    expect(judgement.candidate.sha256).toBe((await fileDigest(fixture('two-columns'))).sha256)
    const when = '2026-01-01T00:00:00.000Z'
    PREDICATES.gate.parse({
      ...judgement,
      model: 'lateness',
      source: { tree: null, dirty: false },
      run: { started: when, finished: when },
    })
  })

  it('gives the same judgement again', async () => {
    expect(await judged('two-columns')).toEqual(await judged('two-columns'))
  })

  it('fails a worse candidate, and says how much worse first', async () => {
    const { verdict, reasons } = await judged('against')
    expect(verdict).toBe('fail')
    expect(reasons.slice(0, 3).join('\n')).toMatch(/AUC is [\d.]+ points worse than the version in production/)
  })

  it('finds equal bytes equal', async () => {
    const { verdict, metrics } = await judged('one-column')
    expect(verdict).toBe('pass')
    expect(metrics[0]!.difference).toMatchObject({ value: 0, low: 0, high: 0 })
  })

  it('fails a candidate that predicts no numbers', async () => {
    const { verdict, reasons, metrics } = await judged('nan')
    expect(verdict).toBe('fail')
    expect(reasons[0]).toBe(
      'AUC has no value: the candidate gives no number for 3,000 of 3,000 rows. The first is NaN, at id 0: is a cell empty there that the model needs?',
    )
    expect(metrics[0]!.candidate.value).toBeNull()
  })

  it.each([
    ['infinite', 'for 3,000 of 3,000 rows. The first is infinite, at id 0: does the model divide by nothing there,'],
    ['scores', 'as a probability, which is not between 0 and 1: end the model with a sigmoid or softmax.'],
  ])('fails a candidate whose predictions are no probabilities: %s', async (name, sentence) => {
    const { verdict, reasons } = await judged(name)
    expect(verdict).toBe('fail')
    expect(reasons.join(' ')).toContain(sentence)
  })

  it('refuses a candidate that is no sound file, before anything runs it', async () => {
    const link = join(root, 'link.onnx')
    await symlink(fixture('two-columns'), link)
    await expect(judged('', { candidate: { path: link } })).rejects.toThrow(/is a symbolic link/)
    const bytes = await readFile(fixture('two-columns'))
    const cut = join(root, 'cut.onnx')
    await writeFile(cut, bytes.subarray(0, bytes.length - 20))
    await expect(judged('', { candidate: { path: cut } })).rejects.toThrow(/is not an ONNX model: it is cut short/)
  })

  it('never takes a champion that cannot be judged for none', async () => {
    const on = (path: string) => judged('two-columns', { champion: { ...v1, path } })
    await expect(on(fixture('foreign-column'))).rejects.toThrow(
      /^The champion v1\.0\.0 cannot be judged on this hold-out: .*z/,
    )
    await expect(on(join(root, 'gone.onnx'))).rejects.toThrow(/^The champion v1\.0\.0 cannot be judged/)
  })

  it('lets a first version through by its absolute gates, only where that is allowed', async () => {
    const allowed = await judged('two-columns', { champion: null, firstVersion: 'allow' })
    expect(allowed.verdict).toBe('pass')
    expect(allowed.gates.map(({ rule }) => rule)).toEqual(['min'])
    expect(allowed.reasons.join(' ')).toMatch(/nothing to compare it with/)
    expect(allowed.waiting).toEqual([
      { metric: 'roc_auc', rule: 'max_regression', written: '0.005' },
      { metric: 'log_loss', rule: 'max_regression', written: '5%' },
    ])
    const refused = await judged('two-columns', { champion: null })
    expect(refused.verdict).toBe('inconclusive')
    expect(refused).not.toHaveProperty('waiting')
  })

  it('says that a candidate was judged alone because that was asked, not that it is the first version', async () => {
    const { alone, reasons } = await judged('two-columns', { champion: null, firstVersion: 'allow', alone: true })
    expect(alone).toBe(true)
    expect(reasons.join(' ')).toMatch(/It was judged alone, because that was asked/)
    expect(reasons.join(' ')).not.toMatch(/first version/)
  })

  it('shows the slices of a first version, and passes none that is empty or has no value', async () => {
    const first = (slices: string) =>
      judged('two-columns', {
        ...{ champion: null, firstVersion: 'allow' },
        model: modelFile(`${GATES}slices: [${slices}]`),
      })
    const { verdict, slices } = await first('x > 0')
    expect(verdict).toBe('pass')
    expect(slices).toMatchObject([{ name: 'x > 0', verdict: 'pass', champion: null, difference: null }])
    expect(slices[0]!.reason).toMatch(
      /^x > 0: AUC is 0\.\d+ \(95 % interval: 0\.\d+ to 0\.\d+\); there is no version to compare it with\.$/,
    )
    const empty = await first('x > 99')
    expect([empty.verdict, empty.reasons[0]]).toEqual(['inconclusive', 'No row of the hold-out is in x > 99.'])
    const valueless = await first('late = 1')
    expect([valueless.verdict, valueless.reasons[0]]).toEqual(['fail', '1 of 1 slice has no value: late = 1.'])
  })

  it('draws whole groups where rows come in groups', async () => {
    const model = modelFile(GATES, ', group: day')
    const { holdout, metrics } = await judged('two-columns', { model })
    expect(holdout.groups).toBe(60)
    expect(new Set(metrics.map(({ difference }) => difference!.method))).toEqual(
      new Set(['cluster-delong', 'cluster-abc']),
    )
  })

  it('looks at slices by value and by condition', async () => {
    const model = modelFile(`${GATES}slices: [place, x > 0, x > 1.9 -- comment]`)
    const { slices, notes } = await judged('two-columns', { model })
    expect(slices).toHaveLength(13)
    expect(slices.map(({ name }) => name)).toContain('place = p3')
    const counted = holdout()
      .split('\n')
      .filter((line) => Number(line.split(',')[1]) > 0).length
    expect(slices.find(({ name }) => name === 'x > 0')!.rows).toBe(counted)
    expect(slices.at(-1)!).toMatchObject({ name: 'x > 1.9 -- comment', rows: 0, verdict: 'inconclusive' })
    expect(notes).toEqual([
      'Of place, 1 value has no slice, for it has fewer than 200 rows (evaluate.min_slice); what fewer than 100 rows share is not named.',
    ])
    const fewer = await judged('two-columns', { model: modelFile(`${GATES}min_slice: 272\nslices: [place]`) })
    expect(fewer.notes![0]).toMatch(
      /^Of place, \d+ values have no slice, for each has fewer than 272 rows .*: p\d+, p\d+/,
    )
  })

  it.each([
    ['single', ''],
    ['grouped', ', group: day'],
  ])('holds a gate on a slice against those rows alone, as if there were no others: %s rows', async (_, data) => {
    const gate = '{ metric: log_loss, max: 9, max_regression: 0.01 }'
    const onSlice = gate.replace(' }', ', slice: "x > 0 -- by day" }')
    const [header, ...rows] = holdout().split('\n')
    const right = rows.filter((line) => Number(line.split(',')[1]) > 0)
    await writeFile(join(root, 'right.csv'), [header, ...right].join('\n'))
    const whole = modelFile(`metrics: [roc_auc]\ngates: [${gate}, ${onSlice}]`, data)
    const part = { ...whole, data: { ...whole.data, holdout: 'right.csv' } }
    const [all, alone] = [await judged('two-columns', { model: whole }), await judged('two-columns', { model: part })]
    const sentence = (judgement: typeof all, at: number) =>
      judgement.gates[at]!.reason.replace(/^x > 0 -- by day: /, '')
    expect(sentence(all, 2)).toBe(sentence(alone, 0))
    expect(sentence(all, 3)).toBe(sentence(alone, 1))
    expect(sentence(all, 1)).not.toBe(sentence(all, 3))
    expect(all.gates[3]).toMatchObject({ slice: 'x > 0 -- by day' })
  })

  it('passes no gate on a slice without rows or with too few, and lets none of them through without being told', async () => {
    const on = (slice: string, more = '') =>
      judged('two-columns', {
        model: modelFile(`metrics: [roc_auc]\ngates: [{ metric: roc_auc, min: 0.1, slice: "${slice}"${more} }]`),
      })
    const empty = await on('x > 99', ', on_inconclusive: warn')
    expect([empty.verdict, empty.reasons[0]]).toEqual(['fail', 'x > 99: No row of the hold-out is in it.'])
    const small = await on("place = 'rare'")
    expect([small.verdict, small.reasons[0]]).toEqual([
      'inconclusive',
      "place = 'rare': It holds 10 rows; 200 are needed (evaluate.min_slice).",
    ])
    expect((await on("place = 'rare'", ', on_inconclusive: warn')).verdict).toBe('warn')
    await expect(on('nowhere = 1')).rejects.toThrow(
      /^evaluate\.gates\[0\]\.slice names "nowhere = 1", which is no column/,
    )
  })

  it('looks at slices of as many rows as the model file says', async () => {
    const { slices } = await judged('two-columns', { model: modelFile(`${GATES}slices: [place]\nmin_slice: 300`) })
    expect(slices).toHaveLength(0)
    const more = await judged('two-columns', { model: modelFile(`${GATES}slices: [place]\nmin_slice: 250`) })
    expect(more.slices).toHaveLength(11)
  })

  it('names a slice that is no condition', async () => {
    for (const [slice, why] of [
      [
        'nowhere',
        /evaluate\.slices names "nowhere", which is no column, and no condition on columns either: .*nowhere/,
      ],
      ['x + y', /it is DOUBLE, not true or false/],
    ] as const) {
      await expect(judged('two-columns', { model: modelFile(`${GATES}slices: ["${slice}"]`) })).rejects.toThrow(why)
    }
  })

  it('measures latency where a gate names it', async () => {
    const model = modelFile('metrics: [roc_auc]\ngates: [{ metric: latency_p95, max: 5s, max_regression: 10000% }]')
    const { metrics, verdict } = await judged('two-columns', { model })
    expect(metrics[1]).toMatchObject({ name: 'latency_p95', difference: { method: 'paired-bootstrap' } })
    expect(metrics[1]!.candidate.low!).toBeGreaterThan(0)
    expect(verdict).toBe('pass')
  })

  it('measures files, loads and memory where they are named, and takes them as they were found in a replay', {
    timeout: 60_000,
  }, async () => {
    const model = modelFile(
      'metrics: [file_size, cold_load]\ngates: [{ metric: peak_memory, max: 1GB, max_regression: 1000% }, { metric: training_time, max: 1h }]',
    )
    const found = await judged('two-columns', { model, trainingSeconds: 60 })
    expect(found.verdict).toBe('pass')
    expect(found.metrics.map(({ name, difference }) => [name, difference?.method])).toEqual([
      ['file_size', 'exact'],
      ['cold_load', 'order-statistics'],
      ['peak_memory', 'order-statistics'],
      ['training_time', undefined],
    ])
    expect(found.metrics[0]!.candidate.value).toBe((await fileDigest(fixture('two-columns'))).bytes)
    const measured = found.metrics.filter(({ name }) => isMeasured(name))
    expect(measured.map(({ name }) => name)).toEqual(['cold_load', 'peak_memory', 'training_time'])
    expect(await judged('two-columns', { model, measured })).toEqual(found)
    const unknown = await judged('two-columns', { model, measured: [] })
    expect(unknown.gates.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail'])
    const alone = await judged('two-columns', { model })
    expect(alone.reasons[0]).toBe(
      'Training time has no value: the training record does not say how long the training took: run train again.',
    )
  })

  it("compares with the framework's own predictions", async () => {
    const { probabilities } = await predictions()
    const write = async (name: string, off: number) => {
      const path = join(root, name)
      await writeFile(path, ['probability', ...[...probabilities].map((p) => p + off)].join('\n'))
      return judged('two-columns', { candidate: { path: fixture('two-columns'), predictions: path } })
    }
    const same = await write('same.csv', 0)
    expect(same).toMatchObject({ verdict: 'pass', parity: { rows: ROWS } })
    const off = await write('off.csv', 0.01)
    expect(off.verdict).toBe('warn')
    expect(off.reasons[0]).toMatch(/differ by up to 0\.01 on 3,000 rows; up to 0\.0001 is taken for rounding\.$/)
    const gone = await judged('two-columns', {
      candidate: { path: fixture('two-columns'), predictions: join(root, 'no.csv') },
    })
    expect(gone).toMatchObject({ verdict: 'warn', parity: null })
  })

  it('judges models that a command of the repository runs, champion and candidate on the same rows', async () => {
    const model = modelFile(`predict: { run: python predict.py, predictions: out/judged.csv }\n${GATES}`)
    const { probabilities } = await predictions()
    const asked: string[] = []
    /** What the two files would predict: the candidate's own, and noise for the champion. */
    const runPredict = async (path: string) => {
      asked.push(basename(path))
      const next = uniform(5)
      const rows = [...probabilities].map((p, row) => `${row},${path.endsWith('v2.ubj') ? p : next()}`)
      await mkdir(join(root, 'out'), { recursive: true })
      await writeFile(join(root, 'out/judged.csv'), ['id,probability', ...rows.toReversed()].join('\n'))
    }
    await writeFile(join(root, 'v1.ubj'), 'one')
    await writeFile(join(root, 'v2.ubj'), 'two')
    const [candidate, champion] = [{ path: join(root, 'v2.ubj') }, { ...v1, path: join(root, 'v1.ubj') }]
    const {
      verdict,
      metrics,
      predictions: record,
      engine,
    } = await judged('', { model, candidate, champion, runPredict })
    expect(asked).toEqual(['v2.ubj', 'v1.ubj'])
    expect(verdict).toBe('pass')
    const onnx = await judged('two-columns', { model: modelFile(GATES) })
    expect(metrics[0]!.candidate).toEqual(onnx.metrics[0]!.candidate)
    expect(metrics[0]!.difference!.low).toBeGreaterThan(0)
    expect(record).toMatchObject({ command: 'python predict.py', champion: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(engine).not.toHaveProperty('onnxruntime')

    const silent = { model, candidate, champion, runPredict: async () => {} }
    await expect(judged('', silent)).rejects.toThrow(
      'The command "python predict.py" ended well but did not write out/judged.csv. Let it write there, or correct evaluate.predict.predictions in model.yaml.',
    )
    const onlyCandidate = (path: string) => (path === candidate.path ? runPredict(path) : Promise.resolve())
    await expect(judged('', { model, candidate, champion, runPredict: onlyCandidate })).rejects.toThrow(
      /^The champion v1\.0\.0 cannot be judged on this hold-out: The command .* did not write/,
    )
  })

  it('says what is wrong with the data', async () => {
    const model = modelFile(GATES)
    const label = { ...model, data: { ...model.data, label: 'lateness' } }
    await expect(judged('two-columns', { model: label })).rejects.toThrow(/no column lateness/)
    const missing = { ...model, data: { ...model.data, holdout: 'no.csv' } }
    await expect(judged('two-columns', { model: missing })).rejects.toThrow(/no\.csv/)
  })
})

async function predictions() {
  const { openDataset } = await import('@modelyard/data')
  const { openModel, predict } = await import('@modelyard/inference')
  const dataset = await openDataset({ root, files: 'holdout.csv' })
  const model = await openModel(fixture('two-columns'))
  const found = await predict(model, dataset, { task: 'binary-classification', exclude: ['late', 'id'] })
  await model.close()
  dataset.close()
  return { probabilities: found.probabilities! }
}
