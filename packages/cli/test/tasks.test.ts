import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { readRecord, recordDigest, type Statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

const FILES = ['train', 'holdout'].map((name) => `data/${name}.csv`)

type Columns = Record<string, (row: number, part: number) => string | number>

/** A query for ten rows each. */
const QUERIES: Columns = { search: (row, part) => `q${part}-${Math.floor(row / 10)}` }
/** Twenty series, and the day of the row, which is later in the hold-out. */
const SERIES: Columns = { shop: (row) => `s${row % 20}`, day: (row, part) => part * 1000 + Math.floor(row / 20) }

/** Predicts the logistic function of two columns. */
const PREDICT = `
awk -F, 'NR == 1 { print "id,prediction" } NR > 1 { print $1 "," 1 / (1 + exp(-2 * $2 - 2 * $3)) }' \\
  data/holdout.csv > out/judged.csv
`

/** The toy's data with columns more, and a program that predicts. */
async function repository(columns: Columns, changes: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-tasks-'))
  await git(folder, 'init', '--quiet')
  const predict = 'predict: { run: sh predict.sh, predictions: out/judged.csv }\n  metrics: ['
  const own = { 'out/model.onnx': 'out/model.json', 'metrics: [': predict }
  await writeModel(folder, toyModel('toy', { ...changes, ...own }))
  await writeFile(join(folder, 'train.sh'), `mkdir -p out && echo '{}' > out/model.json\n`)
  await writeFile(join(folder, 'predict.sh'), PREDICT)
  for (const [part, file] of FILES.entries()) {
    const [header, ...lines] = (await readFile(join(folder, file), 'utf8')).trim().split('\n')
    const rows = lines.map((line, row) => [line, ...Object.values(columns).map((cell) => cell(row, part))].join(','))
    await writeFile(join(folder, file), [[header, ...Object.keys(columns)].join(','), ...rows].join('\n'))
  }
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Begin')
  return folder
}

async function judged(folder: string): Promise<Statement<'gate'>> {
  for (const verb of ['validate', 'train']) expect(await run(folder, verb)).toMatchObject({ code: 0 })
  const evaluated = await run(folder, 'evaluate', '--champion', 'none')
  expect(evaluated).toMatchObject({ code: 0 })
  return readRecord(await readFile(join(folder, '.modelyard/toy/gate.json'), 'utf8'), 'gate')
}

const replay = (folder: string) => run(folder, 'replay', '.modelyard/toy/gate.json')

describe('from model file to verdict, and again by replay', () => {
  it('a ranking, whose queries are what varies', async () => {
    const folder = await repository(QUERIES, {
      'task: binary-classification': 'task: ranking',
      'id: id }': 'id: id, query: search }',
      'metrics: [roc_auc, accuracy]': 'metrics: [ndcg_at_10, map, mrr]\n  slices: ["a > 0"]',
      'metric: roc_auc, min: 0.6': 'metric: ndcg_at_10, min: 0.6',
    })
    const gate = await judged(folder)
    expect(gate.predicate).toMatchObject({ task: 'ranking', verdict: 'pass', holdout: { groups: 200 }, changed: null })
    expect(gate.predicate.metrics.map(({ name }) => name)).toEqual(['ndcg_at_10', 'map', 'mrr'])
    const again = await replay(folder)
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining(`the replay: ${recordDigest(gate as Statement)}`),
    })
  })

  it('a forecast, whose scale comes from the training data that the record names', async () => {
    const folder = await repository(SERIES, {
      'task: binary-classification': 'task: forecasting',
      'id: id }': 'id: id, series: shop, season: 5, time: day }',
      'metrics: [roc_auc, accuracy]': 'metrics: [mase, mae, wape]',
      'metric: roc_auc, min: 0.6': 'metric: mase, max: 2',
    })
    const gate = await judged(folder)
    expect(gate.predicate).toMatchObject({
      task: 'forecasting',
      verdict: 'pass',
      holdout: { groups: 20 },
      train: { files: [{ name: 'data/train.csv' }] },
    })
    const again = await replay(folder)
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining(`the replay: ${recordDigest(gate as Statement)}`),
    })

    const train = await readFile(join(folder, 'data/train.csv'), 'utf8')
    await writeFile(join(folder, 'data/train.csv'), train.replace(',1,s0,', ',0,s0,'))
    expect(await replay(folder)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/The train data have the digest [0-9a-f]+ in the record, but those here have/),
    })
  })

  it.each([
    ['query', 'ranking', 'ndcg', 'query: serch', 'data.query is serch, which is not a column of data/train.csv.'],
    ['series', 'forecasting', 'wape', 'series: shp', 'data.series is shp, which is not a column of data/train.csv.'],
  ])('names a %s that is no column before anything is trained', async (_, task, metric, key, sentence) => {
    const folder = await repository(
      {},
      {
        'task: binary-classification': `task: ${task}`,
        'id: id }': `id: id, ${key} }`,
        'metrics: [roc_auc, accuracy]': `metrics: [${metric}]`,
        'metric: roc_auc, min: 0.6': `metric: ${metric}`,
      },
    )
    expect(await run(folder, 'validate')).toMatchObject({ code: 2, err: expect.stringContaining(sentence) })
  })
})
