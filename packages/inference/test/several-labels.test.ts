import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparePredictions, openModel, predict, readPredictions } from '../src/index.ts'
import { readLabelAnswers } from '../src/label-answers.ts'
import { outputsOf } from '../src/outputs.ts'
import { fixtures } from './onnx.ts'

const root = join(fixtures, 'labels')
const label = ['rain', 'wind', 'snow']
const task = 'multilabel-classification'
let data: Dataset

beforeAll(async () => {
  data = await openDataset({ root, files: 'data.parquet' })
})

afterAll(() => data.close())

describe('several labels', () => {
  it.each(['matrix', 'maps', 'list', 'forest'])(
    'have the probabilities of scikit-learn, as skl2onnx gives them: %s',
    async (name) => {
      const model = await openModel(join(root, `${name}.onnx`))
      for (const batch of [60, 7]) {
        const ours = await predict(model, data, { task, label, exclude: ['id'], batch })
        expect(ours).toMatchObject({ rows: 60, classes: label })
        const theirs = { dataset: data, id: 'id' }
        const { rows, max_difference } = await comparePredictions(join(root, `${name}.parquet`), ours, theirs)
        expect(rows).toBe(60)
        expect(max_difference).toBeLessThan(1e-5)
      }
      await model.close()
    },
  )

  it('come from a file as well, a column for each', async () => {
    const read = await readPredictions(join(root, 'matrix.parquet'), { task, dataset: data, id: 'id' })
    expect(read).toMatchObject({ rows: 60, classes: label })
    expect(read.classProbabilities).toHaveLength(180)
    await expect(readPredictions(join(root, 'data.parquet'), { task, dataset: data, id: 'id' })).rejects.toThrow(
      'has no column for each label (probability_<label>). It has x, y, id, rain, wind, snow.',
    )
  })

  it('are refused where the file of the framework says nothing of them', async () => {
    const ours = { rows: 60, classes: label, classProbabilities: new Float64Array(180) }
    await expect(comparePredictions(join(root, 'data.parquet'), ours, { dataset: data, id: 'id' })).rejects.toThrow(
      'has no column prediction and no column probability of a class (probability_<class>). Write one of them.',
    )
  })

  it('may be an output each, called after it', () => {
    const output = (name: string) => ({ name, type: 'tensor(float)', shape: ['N', 1] })
    const outputs = [output('probability_wind'), output('rain')]
    const { each } = outputsOf({ signature: { inputs: [], outputs }, zipped: [], output: null }, task)
    expect(each).toEqual([
      { tensor: 'probability_wind', label: 'wind' },
      { tensor: 'rain', label: 'rain' },
    ])
    const tensors = {
      probability_wind: { dims: [2, 2], data: [0.9, 0.1, 0.8, 0.2] },
      rain: { dims: [2, 1], data: [0.3, 0.4] },
    }
    expect(readLabelAnswers(tensors, each!, { fed: 2, rows: 2, names: null })).toEqual({
      rows: 2,
      classes: ['wind', 'rain'],
      classProbabilities: Float64Array.of(0.1, 0.3, 0.2, 0.4),
    })
  })

  it('are refused in a shape that is none of theirs, or where no output gives probabilities', () => {
    const answer = (dims: number[]) => () =>
      readLabelAnswers(
        { p: { dims, data: new Float32Array(dims.reduce((all, one) => all * one)) } },
        [{ tensor: 'p', label: null }],
        { fed: 4, rows: 4, names: ['rain', 'wind'] },
      )
    expect(answer([3, 2])).toThrow(
      'The model gave probabilities of the shape 3 × 2 for 4 rows. Export it to give rows × labels.',
    )
    expect(answer([4, 3])).toThrow('The model gave probabilities of 3 labels and names 2: rain, wind.')
    const labelsOnly = [{ name: 'label', type: 'tensor(int64)', shape: ['N', 3] }]
    expect(() => outputsOf({ signature: { inputs: [], outputs: labelsOnly }, zipped: [], output: null }, task)).toThrow(
      'A multilabel-classification needs an output of probabilities, and the model has label: tensor(int64).',
    )
  })
})
