import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { judge } from '@modelyard/evaluation'
import { openModel, predict } from '@modelyard/inference'
import { isPrediction, type Model, metricsFor, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeExports } from '../src/exports.ts'
import { EXAMPLE } from '../src/paths.ts'

const METRICS = metricsFor('binary-classification').filter(isPrediction)
let root: string
let model: Model

/** The example as its users have it: prepared and trained by its own programs, on the real flights. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'modelyard-example-'))
  cpSync(EXAMPLE, root, { recursive: true })
  await writeExports(join(root, 'data/exports'), ['2001-01', '2001-02', '2001-03'])
  // Every sixtieth flight says as much of the metrics, and sooner.
  const params = join(root, 'params.yaml')
  writeFileSync(params, readFileSync(params, 'utf8').replace(/(train|holdout): 10$/gm, '$1: 60'))
  for (const program of ['prepare.py', 'train.py']) python(program)
  const file = parseModelFile(readFileSync(join(root, 'model.yaml'), 'utf8'), 'model.yaml')
  const evaluate = { ...file.evaluate, metrics: METRICS, gates: file.evaluate.gates.slice(0, 1), slices: [] }
  model = { ...file, evaluate, folder: root }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function python(...args: string[]): string {
  return execFileSync(join(process.env.MODELYARD_PYTHON!, 'python'), args, { cwd: root, encoding: 'utf8' })
}

/** What the gate finds, by metric: of the ONNX model, or of what a command of the repository's own predicts. */
async function judged(predictions?: string): Promise<Record<string, number | null>> {
  const predict = predictions && { run: 'a copy', predictions: 'copy.parquet' }
  const { metrics } = await judge({
    model: { ...model, evaluate: { ...model.evaluate, ...(predict && { predict }) } },
    root,
    candidate: { path: join(root, 'out/model.onnx') },
    champion: null,
    runPredict: async () => cpSync(join(root, predictions!), join(root, 'copy.parquet')),
  })
  return Object.fromEntries(metrics.map(({ name, candidate }) => [name, candidate.value]))
}

it('the gate measures on the example what scikit-learn measures, of its own predictions and of the ONNX model’s', async () => {
  const dataset = await openDataset({ root, files: model.data.holdout })
  const onnx = await openModel(join(root, 'out/model.onnx'))
  const exclude = ['late', 'flight_id', 'departure', 'flight_date']
  const { probabilities } = await predict(onnx, dataset, { task: model.task, exclude })
  await onnx.close()
  dataset.close()
  writeFileSync(join(root, 'onnx.f64'), probabilities!)
  const expected = JSON.parse(python(join(import.meta.dirname, 'scikit-learn.py'), 'onnx.f64'))
  expectEqual(await judged(), expected.onnx)
  expectEqual(await judged('out/holdout-predictions.parquet'), expected.own)
})

function expectEqual(found: Record<string, number | null>, expected: Record<string, number>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort())
  for (const [name, value] of Object.entries(expected)) expect(Math.abs(found[name]! - value), name).toBeLessThan(1e-12)
}
