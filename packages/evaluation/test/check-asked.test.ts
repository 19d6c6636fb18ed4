import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { type Model, parseModelFile, type UserError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAsked } from '../src/index.ts'

let folder: string
let holdout: Dataset
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-asked-'))
  await writeFile(join(folder, 'holdout.csv'), 'id,day,x1,y\n1,mon,0.5,1\n2,,0.25,0\n')
  holdout = await openDataset({ root: folder, files: 'holdout.csv' })
})
afterAll(async () => {
  holdout.close()
  await rm(folder, { recursive: true })
})

function modelOf(evaluate: string, { task = 'binary-classification', data = '' } = {}): Model {
  const text = `name: m
task: ${task}
data: { train: train.csv, holdout: holdout.csv, label: y, id: id${data} }
train: { run: "true", inputs: [train.csv], model: out.onnx }
evaluate:
${evaluate}
`
  return { ...parseModelFile(text, 'model.yaml'), folder }
}

async function problemsOf(model: Model): Promise<string[]> {
  return checkAsked(model, holdout).then(
    () => [],
    (error) => (error as UserError).message.split('\n'),
  )
}

describe('what a model file asks of the hold-out', () => {
  it('is told before training where the hold-out lacks it, each with its line', async () => {
    const model = modelOf(`  metrics: [accuracy]
  gates:
    - { metric: accuracy, max_regression: 0.01 }
    - { metric: accuracy, min: 0.5, slice: "x1 + " }
    - { metric: demographic_parity_difference, max: 0.1, by: sex }
  slices:
    - day
    - x1 > 0
    - hour < 9
    - [day, region]
  behaviour:
    - { column: x1, scale: 2, expect: unchanged }
    - { column: x9, scale: 2, expect: unchanged }`)
    const problems = await problemsOf(model)
    expect(problems).toEqual([
      'model.yaml:9  evaluate.gates[1].slice names "x1 + ", which is no column, and no condition on columns either: it ends where more is expected.',
      'model.yaml:10  evaluate.gates[2].by is sex, and the hold-out has no such column. It has id, day, x1, y.',
      expect.stringMatching(
        /^model\.yaml:14 {2}evaluate\.slices names "hour < 9", which is no column, .*: the hold-out has no column hour\. It has id, day, x1, y\.$/,
      ),
      expect.stringMatching(
        /^model\.yaml:15 {2}evaluate\.slices names the pair day, region, but the hold-out has no column region/,
      ),
      'model.yaml:18  evaluate.behaviour[1].column is x9, and the hold-out has no such column. It has id, day, x1, y.',
    ])
  })

  it('is told of rows without the query that they need', async () => {
    const gates = '  metrics: [ndcg]\n  gates:\n    - { metric: ndcg, min: 0.5 }'
    const [problem] = await problemsOf(modelOf(gates, { task: 'ranking', data: ', query: day' }))
    expect(problem).toBe('model.yaml  The hold-out has no day in row 2: every row needs its query.')
  })

  it('is not complained of where the hold-out has it all', async () => {
    expect(
      await problemsOf(modelOf('  metrics: [accuracy]\n  gates:\n    - { metric: accuracy, min: 0.5, slice: x1 > 1 }')),
    ).toEqual([])
  })
})
