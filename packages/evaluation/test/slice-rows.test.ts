import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { afterEach, describe, expect, it } from 'vitest'
import { findSlices, rowsWhere } from '../src/gates/find-slices.ts'

const opened: Dataset[] = []
afterEach(() => {
  for (const dataset of opened.splice(0)) dataset.close()
})

async function datasetOf(lines: readonly string[]): Promise<Dataset> {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-slices-'))
  await writeFile(join(root, 'data.csv'), lines.join('\n'))
  const dataset = await openDataset({ root, files: 'data.csv' })
  opened.push(dataset)
  return dataset
}

describe('the rows of a condition', () => {
  const lines = ['x', ...Array.from({ length: 5000 }, (_, row) => (row % 10 === 0 ? '' : String(row % 7)))]
  const where = (holds: (row: number) => boolean) => Array.from({ length: 5000 }, (_, row) => row).filter(holds)

  it('are those of which it is true, in their order', async () => {
    const dataset = await datasetOf(lines)
    const found = async (condition: string) => [...(await rowsWhere(dataset, condition, 'evaluate.slices'))]
    expect(await found('x = 3 -- three')).toEqual(where((row) => row % 10 !== 0 && row % 7 === 3))
    expect(await found('x is null')).toEqual(where((row) => row % 10 === 0))
    expect(await found('x > 100')).toEqual([])
    expect(await found('x > 100 or true')).toHaveLength(5000)
  })

  it('take no object for each row', async () => {
    const dataset = await datasetOf(lines)
    const answers: number[] = []
    const query: Dataset['query'] = async (...asked) => {
      const rows = await dataset.query(...asked)
      answers.push(rows.length)
      return rows
    }
    await rowsWhere({ ...dataset, query }, 'x = 3', 'evaluate.slices')
    expect(Math.max(...answers)).toBe(1)
  })

  it('are none of what is no condition', async () => {
    const dataset = await datasetOf(lines)
    await expect(rowsWhere(dataset, 'x + 1', 'evaluate.slices')).rejects.toThrow(/is BIGINT, not true or false/)
  })
})

it('the slices of two columns are as many as their pairs of values, however these are written', async () => {
  const pairs = ['"1, b = 2",3', '1,"2, b = 3"', '1,']
  const dataset = await datasetOf(['a,b', ...Array.from({ length: 600 }, (_, row) => pairs[row % 3]!)])
  const { slices, leftOut } = await findSlices(dataset, [['a', 'b']], 100)
  expect(slices.map(({ name, rows }) => [name, rows.length]).sort()).toEqual([
    ['a = 1, b = 2, b = 3', 200],
    ['a = 1, b = 2, b = 3', 200],
    ['a = 1, b is missing', 200],
  ])
  expect(leftOut).toEqual([])
})
