import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparePredictions, openModel, type Predictions, predict } from '../src/index.ts'
import { FLOAT, file, fixtures, node, onnx, tensor } from './onnx.ts'

const exclude = ['id', 'late', 'when', 'delay']
let data: Dataset

beforeAll(async () => {
  data = await openDataset({ root: fixtures, files: 'data.parquet' })
})

afterAll(() => data.close())

async function run(name: string, task: Parameters<typeof predict>[2]['task'], batch?: number): Promise<Predictions> {
  const model = await openModel(join(fixtures, `${name}.onnx`))
  try {
    return await predict(model, data, { task, exclude, label: 'late', ...(batch && { batch }) })
  } finally {
    await model.close()
  }
}

async function expected(name: string, columns: string[]) {
  const theirs = await openDataset({ root: fixtures, files: `${name}.parquet` })
  const values = await theirs.readColumns(columns)
  theirs.close()
  return values
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index]!)))
}

describe('a model of an opset that is too old', () => {
  it('is told how to be exported', async () => {
    const graph = {
      inputs: [tensor('x', FLOAT, 1, 2)],
      outputs: [tensor('y', FLOAT, 1, 2)],
      nodes: [node('Mul', ['x', 'x'], ['y'])],
    }
    await expect(openModel(file(onnx(graph, { opsetImport: [{ domain: '', version: 1 }] })))).rejects.toThrow(
      /cannot be loaded by ONNX Runtime: .*Could not find an implementation for Mul\(1\).* Export it with a newer opset, up to 26/,
    )
  })
})

describe('predict', () => {
  it.each(['binary-linear', 'binary-trees'])(
    '%s gives the probabilities of scikit-learn, gaps included',
    async (name) => {
      const ours = await run(name, 'binary-classification')
      const { probability, prediction } = await expected(name, ['probability', 'prediction'])
      expect(ours.rows).toBe(300)
      expect(ours.classes).toEqual(['0', '1'])
      expect(furthest(ours.probabilities!, probability as Float64Array)).toBeLessThan(1e-5)
      expect(ours.labels).toEqual(Array.from(prediction!, String))
    },
  )

  it('multiclass-strings gives a probability for each class, in the order of the classes', async () => {
    const ours = await run('multiclass-strings', 'multiclass-classification')
    expect(ours.classes).toEqual(['early', 'late', 'never'])
    const theirs = await expected('multiclass-strings', ['p_early', 'p_late', 'p_never', 'prediction'])
    for (const [index, name] of ours.classes!.entries()) {
      const column = Float64Array.from({ length: 300 }, (_, row) => ours.classProbabilities![row * 3 + index]!)
      expect(furthest(column, theirs[`p_${name}`] as Float64Array)).toBeLessThan(1e-5)
    }
    expect(ours.labels).toEqual(theirs.prediction)
  })

  it('regression-matrix puts the columns in the order that its metadata say', async () => {
    const ours = await run('regression-matrix', 'regression')
    // A score to rank by and a forecast are numbers as well.
    for (const task of ['ranking', 'forecasting'] as const) expect(await run('regression-matrix', task)).toEqual(ours)
    const { prediction } = await expected('regression-matrix', ['prediction'])
    expect(furthest(ours.values!, prediction as Float64Array)).toBeLessThan(1e-5)
  })

  it('gives the same bits whatever the batch', async () => {
    const whole = await run('binary-linear', 'binary-classification')
    expect(await run('binary-linear', 'binary-classification', 7)).toEqual(whole)
  })

  it('tells how far it is', async () => {
    const model = await openModel(join(fixtures, 'binary-linear.onnx'))
    const told: number[] = []
    const onProgress = (done: number, rows: number) => told.push(done / rows)
    await predict(model, data, { task: 'binary-classification', exclude, batch: 150, onProgress })
    expect(told).toEqual([0.5, 1])
    expect(model.engine).toEqual({ onnxruntime: '1.30.0', provider: 'cpu', threads: 1 })
    await model.close()
  })

  it('reads the probabilities that a zipmap hides in maps', async () => {
    const [zipped, plain] = [
      await run('binary-zipmap', 'binary-classification'),
      await run('binary-linear', 'binary-classification'),
    ]
    expect(zipped).toEqual(plain)
  })

  it('says when a model is for another task', async () => {
    await expect(run('multiclass-strings', 'binary-classification')).rejects.toThrow('tells 3 classes apart')
    await expect(run('binary-linear', 'regression')).rejects.toThrow(
      'gave 2 numbers a row; a model for regression gives one',
    )
  })
})

describe('comparePredictions', () => {
  it('measures the greatest difference and counts other labels', async () => {
    const ours = await run('binary-linear', 'binary-classification')
    const parity = await comparePredictions(join(fixtures, 'binary-linear.parquet'), ours, { dataset: data, id: 'id' })
    expect(parity).toEqual({ rows: 300, max_difference: expect.any(Number), disagreements: 0 })
    expect(parity.max_difference).toBeLessThan(1e-5)

    const other = {
      ...ours,
      probabilities: ours.probabilities!.map((p, row) => (row === 3 ? p + 0.25 : p)),
      labels: ours.labels!.with(0, '?'),
    }
    const far = await comparePredictions(join(fixtures, 'binary-linear.parquet'), other, { dataset: data, id: 'id' })
    expect(far.max_difference).toBeCloseTo(0.25, 4)
    expect(far.disagreements).toBe(1)
  })

  it('compares the values of a regression', async () => {
    const ours = await run('regression-matrix', 'regression')
    const parity = await comparePredictions(join(fixtures, 'regression-matrix.parquet'), ours, { dataset: data })
    expect(parity.max_difference).toBeLessThan(1e-5)
    expect(parity.disagreements).toBeNull()
  })

  it('refuses a file that is about other rows, says other things, or has gaps', async () => {
    const ours = await run('binary-linear', 'binary-classification')
    const options = { dataset: data, id: 'id' }
    await expect(comparePredictions(join(fixtures, 'data.parquet'), ours, options)).rejects.toThrow(
      'no column prediction',
    )
    const fewer = { ...ours, rows: 299 }
    await expect(comparePredictions(join(fixtures, 'binary-linear.parquet'), fewer, options)).rejects.toThrow(
      'has 300 rows and the hold-out has 299',
    )
    const gap = { ...ours, probabilities: ours.probabilities!.with(4, Number.NaN) }
    await expect(comparePredictions(join(fixtures, 'binary-linear.parquet'), gap, options)).rejects.toThrow(
      'The model has no number for row 5 of the hold-out.',
    )
  })
})
