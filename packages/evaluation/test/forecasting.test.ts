import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { type Model, type PredictionMetric, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareMetrics, judge } from '../src/index.ts'
import { measure } from '../src/metrics/measure.ts'
import { numberGroups, type Sample, type Scales, subset } from '../src/sample/sample.ts'
import { readScales, scaleOf } from '../src/sample/scales.ts'
import { options, regression, uniform } from './samples.ts'

type Row = [series: string, time: number, y: number]
const golden: Record<string, number> & { train: Row[]; holdout: Array<[...Row, number]> } = JSON.parse(
  readFileSync(new URL('fixtures/queries-and-series.json', import.meta.url), 'utf8'),
).series

function forecast(labels: number[], predictions: number[], scales?: Scales): Sample {
  return { ...regression(labels, predictions), task: 'forecasting', ...(scales && { scales }) }
}

function found(name: PredictionMetric, sample: Sample) {
  const measured = measure(name, sample, sample.candidate, 'The candidate')
  return 'reason' in measured ? measured.reason : measured.value
}

const folder = mkdtempSync(join(tmpdir(), 'modelyard-scales-'))
for (const [name, rows] of [
  ['train', golden.train],
  ['holdout', golden.holdout],
] as const) {
  // The newest first: it is the time that orders them.
  writeFileSync(
    join(folder, `${name}.csv`),
    ['shop,day,y', ...rows.map((row) => row.slice(0, 3).join()).reverse()].join('\n'),
  )
}

/** As read from the golden data; on several threads the same. */
async function goldenScales(threads: number): Promise<Scales> {
  const model = parseModelFile(
    `name: demand
task: forecasting
data: { train: train.csv, holdout: holdout.csv, label: y, series: shop, time: day, season: ${golden.season} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate: { metrics: [mase], gates: [{ metric: mase, max: 1 }] }`,
    'model.yaml',
  )
  const dataset = await openDataset({ root: folder, files: 'holdout.csv' })
  const scaled = await readScales(model, dataset, { root: folder, threads }).finally(() => dataset.close())
  // The rows were turned around.
  return { of: scaled!.scales.of.toReversed(), by: scaled!.scales.by }
}

const scales = await goldenScales(1)
const sample = forecast(
  golden.holdout.map(([, , y]) => y),
  golden.holdout.map(([, , , prediction]) => prediction),
  scales,
)

describe('metrics of forecasts have the values of utilsforecast', () => {
  it.each(['mae', 'mse', 'mape', 'smape', 'wape', 'mase', 'pinball_0.9'] as const)('%s', (name) => {
    expect(found(name, sample)).toBeCloseTo(golden[name]!, 12)
  })

  it('smape is 0 where nothing is rightly forecast, and 2 where one of both is nothing', () => {
    expect(found('smape', forecast([0, 0], [0, 3]))).toBe(1)
  })
})

describe('a metric of forecasts that is not defined has a reason and no number', () => {
  it.each([
    ['wape', forecast([0, 0], [1, 2]), 'All labels are 0, so there is nothing that an error could be a percentage of.'],
    ['mape', forecast([0, 1], [1, 2]), /0/],
    ['mase', { ...sample, scales: { ...scales, by: [1, 'The series b has none.', 1] } }, 'The series b has none.'],
    ['wape', forecast([1, Number.NaN], [1, 2]), '1 of 2 rows is without a label.'],
  ] as const)('%s', (name, of, reason) => {
    expect(found(name, of)).toMatch(reason)
  })

  it('a scale', () => {
    const past = { rows: 4, missing: 0, changes: 6 }
    expect(scaleOf('a', past, 1)).toBe(2)
    expect(scaleOf('a', past, 2)).toBe(3)
    for (const [of, season, reason] of [
      [
        undefined,
        1,
        'The series a has 0 rows in the training data, and a scale needs 2: a season (data.season) and the row after it.',
      ],
      [past, 4, /^The series a has 4 rows in the training data, and a scale needs 5/],
      [
        { ...past, changes: 0 },
        1,
        'The series a is the same in every season of the training data, so it has no scale.',
      ],
      [{ ...past, missing: 1 }, 1, 'The series a has 1 row without a label in the training data, so it has no scale.'],
    ] as const) {
      expect(scaleOf('a', of, season)).toMatch(reason)
    }
  })

  it('a scale has the same bits on several threads', async () => {
    expect(await goldenScales(4)).toEqual(scales)
  })

  it('is defined on the rows of the other series', () => {
    const part = { ...sample, scales: { ...scales, by: ['none', 'none', scales.by[2]!] } }
    const first = subset(part, Uint32Array.of(0, 1, 2))
    expect(found('mase', part)).toBe('none')
    expect(found('mase', first)).toBeTypeOf('number')
  })
})

describe('forecasts are judged', () => {
  let root: string
  const SERIES = 40
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'modelyard-forecast-'))
    await mkdir(join(root, 'out'))
    const next = uniform(8)
    const rows = (steps: number[]) =>
      Array.from({ length: SERIES }, (_, series) =>
        // Not in the order of time, and with numbers that are not in the order of text.
        steps.toReversed().map((step) => `${series}-${step},s${series},${step},${10 * series + (step % 7) + next()}`),
      ).flat()
    const header = 'id,shop,day,y'
    const steps = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)
    await writeFile(join(root, 'train.csv'), [header, ...rows(steps(0, 28))].join('\n'))
    await writeFile(join(root, 'holdout.csv'), [header, ...rows(steps(28, 35))].join('\n'))
    for (const name of ['v1.ubj', 'v2.ubj']) await writeFile(join(root, name), name)
  })
  afterAll(() => rm(root, { recursive: true }))

  function modelFile(metric: string, data = ', season: 7', train = 'train.csv'): Model {
    const text = `
name: demand
task: forecasting
data: { train: ${train}, holdout: holdout.csv, label: y, id: id, series: shop, time: day${data} }
train: { run: python train.py, inputs: [train.py], model: model.ubj }
evaluate:
  predict: { run: python predict.py, predictions: out/judged.csv }
  metrics: [${[...new Set([metric, 'mae', 'rmse', 'wape', 'smape', 'pinball_0.9'])].join(', ')}]
  gates: [{ metric: ${metric}, max_regression: 0.1 }]`
    return { ...parseModelFile(text, 'model.yaml'), folder: root }
  }

  /** The seasonal forecast, off by some noise. */
  const judged = (model: Model, noise = 1) =>
    judge({
      model,
      root,
      candidate: { path: join(root, 'v2.ubj') },
      champion: { path: join(root, 'v1.ubj'), version: 'v1.0.0', stage: 'production' },
      runPredict: async (path) => {
        const next = uniform(9)
        const off = path.endsWith('v2.ubj') ? noise : 1
        const rows = (await readFile(join(root, 'holdout.csv'), 'utf8')).split('\n').slice(1)
        const predicted = rows.map((row) => {
          const [id, , day] = row.split(',') as [string, string, string]
          return `${id},${10 * Number(id.split('-')[0]) + (Number(day) % 7) + 0.5 + off * (next() - 0.5)}`
        })
        await writeFile(join(root, 'out/judged.csv'), ['id,prediction', ...predicted].join('\n'))
      },
    })

  it('by series, with the scale of each from its own past', async () => {
    const better = await judged(modelFile('mase'), 0.2)
    expect(better.verdict).toBe('pass')
    expect(better.holdout.groups).toBe(SERIES)
    expect(better.metrics[0]!.difference!.method).toBe('cluster-abc')
    expect(better.metrics[0]!.difference!.high).toBeLessThan(0)
    // Noise between 0 and 1 around the same weekday of the week before.
    expect(better.metrics[0]!.candidate.value).toBeGreaterThan(0.5)
    expect(better.metrics[0]!.candidate.value).toBeLessThan(1.2)
    expect(better.train).toMatchObject({ role: 'train', files: [{ name: 'train.csv' }] })
    expect(await judged(modelFile('mase'), 0.2)).toEqual(better)
    expect((await judged(modelFile('mase'), 4)).verdict).toBe('fail')
    // Days of other weekdays differ by more, so errors look small beside them.
    const naive = await judged(modelFile('mase', ''), 0.2)
    expect(naive.metrics[0]!.candidate.value).toBeLessThan(better.metrics[0]!.candidate.value! / 2)
  })

  it('without training data where no metric asks for them', async () => {
    const found = await judged(modelFile('wape', '', 'gone.csv'), 0.2)
    expect(found.verdict).toBe('pass')
    expect(found).not.toHaveProperty('train')
  })

  it('fail where a series has no scale, and say which', async () => {
    const { verdict, reasons } = await judged(modelFile('mase', ', season: 28'))
    expect(verdict).toBe('fail')
    expect(reasons[0]).toMatch(
      /^Mean absolute scaled error has no value: the series s\d+ has 28 rows in the training data/,
    )
  })

  it('not on training data in which the order of a series cannot be told', async () => {
    for (const [rows, what] of [
      ['a,s1,1,2\nb,s1,1,3', 'twice at day 1'],
      ['a,s1,1,2\nb,s1,,3', 'without a day'],
    ]) {
      await writeFile(join(root, 'unclear.csv'), `id,shop,day,y\n${rows}\n`)
      await expect(judged(modelFile('mase', '', 'unclear.csv'))).rejects.toThrow(
        `The training data hold the series s1 ${what}, so the order of its rows cannot be told.`,
      )
    }
  })

  it('in other groups where the model file names them', () => {
    const of = numberGroups(golden.holdout.map(([, time]) => time))
    const [comparison] = compareMetrics({ ...sample, champion: sample.candidate, groups: of }, ['mase'], options)
    expect(comparison!.difference!.reason).toContain('only 8 groups')
  })
})
