import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDataset } from '@modelyard/data'
import type { Task } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { readPredictions } from '../src/index.ts'
import { file } from './onnx.ts'

const HOLDOUT = 'id,x\na,1\nb,2\nc,3\n'

async function read(content: string, task: Task = 'binary-classification', holdout = HOLDOUT) {
  const path = file(content, 'predictions.csv')
  writeFileSync(join(dirname(path), 'holdout.csv'), holdout)
  const dataset = await openDataset({ root: dirname(path), files: 'holdout.csv' })
  try {
    return await readPredictions(path, { task, dataset, id: 'id' })
  } finally {
    dataset.close()
  }
}

describe('predictions from a file', () => {
  it('are matched by id, in whatever order they come', async () => {
    expect(await read('id,probability\nc,0.3\na,0.1\nb,0.2\n')).toEqual({
      rows: 3,
      classes: ['0', '1'],
      probabilities: Float64Array.of(0.1, 0.2, 0.3),
    })
  })

  it('are of classes by name, or values', async () => {
    expect(await read('probability_yes,id,probability_no\n0.1,a,0.9\n0.2,b,0.8\n0.3,c,0.7\n')).toMatchObject({
      classes: ['yes', 'no'],
      probabilities: Float64Array.of(0.9, 0.8, 0.7),
    })
    const rows = 'id,probability_p,probability_q,probability_r\na,1,0,0\nb,0,1,0\nc,0,0.5,0.5\n'
    expect(await read(rows, 'multiclass-classification')).toEqual({
      rows: 3,
      classes: ['p', 'q', 'r'],
      classProbabilities: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0.5, 0.5),
    })
    for (const task of ['ranking', 'forecasting'] as const) {
      expect((await read('id,prediction\na,7\nb,8\nc,9\n', task)).values).toEqual(Float64Array.of(7, 8, 9))
    }
    expect((await read('id,prediction\na,7\nb,\nc,9\n', 'regression')).values).toEqual(
      Float64Array.of(7, Number.NaN, 9),
    )
  })

  it.each([
    [
      'a row that is missing',
      'id,probability\na,0.1\nc,0.3\n',
      'has no row for 1 of the 3 rows of the hold-out; the first has the id b. Write one for every row.',
    ],
    [
      'a row twice',
      'id,probability\na,0.1\nb,0.2\nb,0.2\nc,0.3\n',
      'has two rows with the id b. Give every row its own.',
    ],
    [
      'a row without an id',
      'id,probability\na,0.1\n,0.2\nc,0.3\n',
      'has no id in row 2, so its rows cannot be matched.',
    ],
    [
      'a row of other data',
      'id,probability\na,0.1\nb,0.2\nc,0.3\nd,0.4\n',
      'has a row with the id d, and the hold-out has none.',
    ],
    ['no id', 'row,probability\na,0.1\n', 'has no column id (data.id), which names the row. It has row, probability.'],
    [
      'no probability',
      'id,p\na,0.1\n',
      'has no column probability, of the class 1, nor one for each of two classes (probability_no, probability_yes). It has id, p.',
    ],
    [
      'text for numbers',
      'id,probability\na,low\nb,high\nc,low\n',
      'holds text in the column probability, which must hold numbers.',
    ],
  ])('are refused with %s', async (_, content, sentence) => {
    await expect(read(content)).rejects.toThrow(sentence)
  })

  it('are refused where the task asks for others, or the hold-out names no rows', async () => {
    await expect(read('id,probability\na,0.1\n', 'regression')).rejects.toThrow('has no column prediction, the value.')
    await expect(read('id,probability\na,0.1\n', 'multiclass-classification')).rejects.toThrow(
      'has no column for each class (probability_early, probability_late, …).',
    )
    await expect(
      read('id,probability\na,0.1\nb,0.2\nc,0.3\n', 'binary-classification', 'id,x\na,1\na,2\nc,3\n'),
    ).rejects.toThrow('The hold-out has two rows with the id a.')
  })
})
