import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../src/index.ts'
import { align } from '../src/sample/predictions.ts'
import { uniform } from './samples.ts'

const ROWS = 600
let root: string

/** Three labels of two numbers; sixty days of ten rows. */
function holdout(): string {
  const next = uniform(4)
  const normal = () => next() + next() + next() + next() - 2
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const [x, y] = [2 * normal(), 2 * normal()]
    const has = (score: number) => +(score + normal() > 0.2)
    return [row, x, y, row % 60, has(x), has(y), has(-x - y)].join()
  })
  return ['id,x,y,day,rain,wind,snow', ...lines].join('\n')
}

const onnx = (name: string) =>
  fileURLToPath(new URL(`../../inference/test/fixtures/labels/${name}.onnx`, import.meta.url))

function judged(candidate: string, champion: string, data = '') {
  const text = `
name: weather
task: multilabel-classification
data: { train: train.csv, holdout: holdout.csv, label: [rain, wind, snow], id: id${data} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate:
  metrics: [accuracy, hamming_loss, f1_macro, f1_micro, roc_auc_macro, average_precision_macro, recall_weighted]
  gates:
    - { metric: hamming_loss, max: 0.5, max_regression: 0.05 }
    - { metric: f1_micro, max_regression: 0.05 }
  slices: [x > 0]`
  const model = { ...parseModelFile(text, 'model.yaml'), folder: root }
  const before = { path: onnx(champion), version: 'v1.0.0', stage: 'production' }
  return judge({ model, root, candidate: { path: onnx(candidate) }, champion: before })
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelyard-labels-'))
  await writeFile(join(root, 'holdout.csv'), holdout())
})
afterAll(() => rm(root, { recursive: true }))

describe('a gate on several labels', () => {
  it('compares models that give them in different shapes, on all rows and on parts', async () => {
    const { verdict, metrics, gates, slices, changed } = await judged('list', 'matrix')
    expect(gates.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass'])
    expect(slices).toHaveLength(1)
    expect(['pass', 'warn']).toContain(verdict)
    for (const { candidate, difference } of metrics) {
      expect(candidate.low!).toBeLessThan(candidate.value!)
      expect(difference!.low).not.toBeNull()
    }
    expect(Object.fromEntries(metrics.map(({ name, difference }) => [name, difference!.method]))).toEqual({
      accuracy: 'tango',
      hamming_loss: 'abc',
      f1_macro: 'paired-bootstrap',
      f1_micro: 'paired-bootstrap',
      roc_auc_macro: 'delong',
      average_precision_macro: 'paired-bootstrap',
      recall_weighted: 'paired-bootstrap',
    })
    expect(changed).toBeNull()
  })

  it('takes rows together that belong together', async () => {
    const { metrics, holdout } = await judged('forest', 'matrix', ', group: day')
    expect(holdout.groups).toBe(60)
    expect(new Set(metrics.map(({ difference }) => difference!.method))).toEqual(
      new Set(['cluster-bootstrap', 'cluster-abc', 'cluster-delong']),
    )
  })
})

describe('several labels and predictions', () => {
  const common = { task: 'multilabel-classification', columns: ['rain', 'wind'], champion: null } as const
  const labels = [Float64Array.of(1, 0), Float64Array.of(Number.NaN, 1)]
  const classProbabilities = Float64Array.of(0.1, 0.9, 0.2, 0.8)

  it('meet by the names of the labels; a model that names none gives them in order', () => {
    const plain = align({ ...common, labels, candidate: { rows: 2, classProbabilities } })
    expect([...plain.labels]).toEqual([1, Number.NaN, 0, 1])
    expect([...plain.candidate]).toEqual([0.1, 0.9, 0.2, 0.8])
    const turned = align({ ...common, labels, candidate: { rows: 2, classes: ['wind', 'rain'], classProbabilities } })
    expect([...turned.candidate]).toEqual([0.9, 0.1, 0.8, 0.2])
  })

  it('are refused in a sentence where they do not speak of the same', () => {
    const refused = (more: object) => () =>
      align({ ...common, labels, candidate: { rows: 2, classProbabilities }, ...more })
    expect(refused({ candidate: { rows: 2, classes: ['rain', 'snow'], classProbabilities } })).toThrow(
      'The candidate tells of rain, snow, and data.label names rain, wind. Train on the labels of data.label.',
    )
    expect(refused({ champion: { rows: 1, classProbabilities } })).toThrow(
      'The champion gives 4 probabilities a row, and data.label names rain, wind.',
    )
    expect(refused({ labels: [Float64Array.of(2, 0), labels[1]] })).toThrow(
      'The label column rain holds 2, and a label of several is 0 or 1. Check data.label.',
    )
    expect(refused({ labels: [['yes', 'no'], labels[1]] })).toThrow('The label column rain holds "yes"')
  })
})
