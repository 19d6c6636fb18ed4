import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Model, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareMetrics, type JudgeOptions, judge } from '../src/index.ts'
import { subset } from '../src/sample/sample.ts'
import { grouped, options, regression, uniform } from './samples.ts'

const ROWS = 400
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelyard-scores-'))
  await mkdir(join(root, 'out'))
  const next = uniform(3)
  const rows = Array.from(
    { length: ROWS },
    (_, row) => `r${row},${next()},${row % 2 === 0 ? 'even' : 'odd'},${row % 40}`,
  )
  await writeFile(join(root, 'holdout.csv'), ['id,y,half,day', ...rows].join('\n'))
  for (const name of ['v1.ubj', 'v2.ubj']) await writeFile(join(root, name), name)
})
afterAll(() => rm(root, { recursive: true }))

const GATE = '{ metric: cost_loss, max: 2, max_regression: 0.05 }'

function modelFile(gate = GATE, data = ''): Model {
  const text = `
name: costs
task: regression
data: { train: train.csv, holdout: holdout.csv, label: y, id: id${data} }
train: { run: python train.py, inputs: [train.py], model: model.ubj }
evaluate:
  predict: { run: python predict.py, predictions: out/judged.csv }
  scores: { run: python score.py, file: out/scores.csv }
  metrics: [cost_loss, mae]
  gates: [${gate}]
  slices: [half]`
  return { ...parseModelFile(text, 'model.yaml'), folder: root }
}

/** Each row of the file of scores, in another order than the hold-out's. */
function scores(
  offset: number,
  header = 'id,cost_loss',
  cells = (row: number) => `r${row},${1 + offset + (row % 7) / 10}`,
) {
  const rows = Array.from({ length: ROWS }, (_, row) => cells(row))
  return [header, ...rows.toReversed()].join('\n')
}

function judged(file: (path: string) => string, changes: Partial<JudgeOptions> = {}) {
  return judge({
    model: modelFile(),
    root,
    candidate: { path: join(root, 'v2.ubj') },
    champion: { path: join(root, 'v1.ubj'), version: 'v1.0.0', stage: 'production' },
    runPredict: () => writeFile(join(root, 'out/judged.csv'), scores(0, 'id,prediction')),
    runScores: (path) => writeFile(join(root, 'out/scores.csv'), file(basename(path))),
    ...changes,
  })
}

describe('a metric of the repository’s own', () => {
  it('is the mean over rows, compared on the same rows, in gates, slices and the record', async () => {
    const noisy = (offset: number) => scores(offset, 'id,cost_loss', (row) => `r${row},${1 + offset * ((row % 3) / 2)}`)
    const failing = await judged((name) => noisy(name === 'v2.ubj' ? 0.2 : 0))
    expect(failing.verdict).toBe('fail')
    expect(failing.reasons[0]).toMatch(/^Cost loss is 0\.10 worse than the version in production \(95 % interval: /)
    const [metric] = failing.metrics
    expect(metric).toMatchObject({ name: 'cost_loss', difference: { method: 'abc' } })
    expect(metric!.candidate.value).toBeCloseTo(1.1, 2)
    expect(metric!.difference!.value).toBeCloseTo(0.1, 2)
    expect(failing.slices.map(({ name, metric, verdict }) => [name, metric, verdict])).toEqual([
      ['half = even', 'cost_loss', 'fail'],
      ['half = odd', 'cost_loss', 'fail'],
    ])
    expect(failing.scores).toMatchObject({
      command: 'python score.py',
      candidate: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(failing.scores!.champion).not.toBe(failing.scores!.candidate)
  })

  it('passes where the scores say so, alike each time, and without a champion by its level', async () => {
    const better = (name: string) =>
      scores(0, 'id,cost_loss', (row) => `r${row},${name === 'v2.ubj' ? -(row % 5) : row % 3}`)
    const found = await judged(better)
    expect(found.verdict).toBe('pass')
    // A loss of one's own may be less than 0, and so may the end of its interval.
    expect(found.metrics[0]!.candidate.low).toBeLessThan(-2)
    expect(await judged(better)).toEqual(found)
    const first = await judged(better, { champion: null, firstVersion: 'allow' })
    expect([first.verdict, first.scores!.champion]).toEqual(['pass', null])
  })

  it('draws whole groups where rows come in groups', async () => {
    const noisy = (name: string) =>
      scores(0, 'id,cost_loss', (row) => `r${row},${name === 'v2.ubj' ? row % 3 : row % 5}`)
    const { metrics } = await judged(noisy, { model: modelFile(GATE, ', group: day') })
    expect(metrics[0]!.difference!.method).toBe('cluster-abc')
  })

  it.each([
    [
      'a row that is missing',
      scores(0).replace(/r7,.*\n/, ''),
      /out\/scores\.csv has no row for 1 of the 400 rows .* id r7/,
    ],
    ['an id that is doubled', scores(0).replace('r7,', 'r8,'), /out\/scores\.csv has two rows with the id r8/],
    [
      'a row of other data',
      `${scores(0)}\nr400,1`,
      /out\/scores\.csv has a row with the id r400, and the hold-out has none/,
    ],
    ['text', scores(0).replace(/r7,.*/, 'r7,much'), /out\/scores\.csv holds text in the column cost_loss/],
    [
      'a cell that is empty',
      scores(0).replace(/r7,.*/, 'r7,'),
      /no finite number in the column cost_loss for 1 of 400 rows; the first has the id r7\. Score every row/,
    ],
    ['NaN', scores(0).replace(/r7,.*/, 'r7,nan'), /no finite number in the column cost_loss for 1 of 400 rows/],
    ['infinity', scores(0).replace(/r7,.*/, 'r7,inf'), /no finite number in the column cost_loss for 1 of 400 rows/],
    ['no such column', scores(0, 'id,costs_loss'), /out\/scores\.csv has no column cost_loss\. It has id, costs_loss/],
    ['no ids', scores(0, 'row,cost_loss'), /out\/scores\.csv has no column id \(data\.id\)\. It has row, cost_loss/],
  ])('refuses a file with %s, of either model', async (_, bad, sentence) => {
    await expect(judged(() => bad)).rejects.toThrow(sentence)
    const ofChampion = judged((name) => (name === 'v1.ubj' ? bad : scores(0)))
    await expect(ofChampion).rejects.toThrow(/^The champion v1\.0\.0 cannot be judged on this hold-out: /)
    await expect(ofChampion).rejects.toThrow(sentence)
  })

  it('never takes one model’s file for the other’s', async () => {
    const silent = async (path: string) => {
      if (path.endsWith('v2.ubj')) await writeFile(join(root, 'out/scores.csv'), scores(0))
    }
    await expect(judged(() => '', { runScores: silent })).rejects.toThrow(
      'The command "python score.py" ended well but did not write out/scores.csv. Let it write there, or correct evaluate.scores.file in model.yaml.',
    )
  })
})

describe('scores in a sample', () => {
  const numbers = Array.from({ length: 60 }, (_, row) => (row * 7) % 11)
  const sample = {
    ...regression(numbers, numbers, numbers),
    scores: new Map([
      [
        'cost_loss' as const,
        { candidate: Float64Array.from(numbers), champion: Float64Array.from(numbers.toReversed()) },
      ],
    ]),
  }

  it('are those of the rows that are left', () => {
    const part = subset(sample, Uint32Array.of(3, 5))
    expect([...part.scores!.get('cost_loss')!.candidate]).toEqual([numbers[3], numbers[5]])
    expect([...part.scores!.get('cost_loss')!.champion!]).toEqual([numbers[56], numbers[54]])
  })

  it('have no value where there are none', () => {
    const [absent] = compareMetrics({ ...sample, scores: new Map() }, ['cost_loss'], options)
    expect(absent!.candidate).toMatchObject({
      value: null,
      reason: expect.stringContaining('no scores of the candidate'),
    })
    const [few] = compareMetrics(grouped(sample, 4), ['cost_loss'], options)
    expect(few!.difference).toMatchObject({ low: null, reason: expect.stringContaining('only 4 groups') })
  })
})
