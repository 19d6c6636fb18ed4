import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDataset } from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

it('repeatable queries answer the same on any number of threads, to the last bit', async () => {
  const root = folderWith()
  const rows = 'SELECT sin(i * 7919) * exp(40 * sin(i)) AS x, chr((65 + i % 26)::INTEGER) AS c FROM range(400000) r(i)'
  await writeParquet(join(root, 'data.parquet'), rows, 'ROW_GROUP_SIZE 20480')
  const answers = []
  for (const threads of [1, 2, 4]) {
    const dataset = await openDataset({ root, files: 'data.parquet', threads })
    const select =
      'SELECT sum(x) AS sum, stddev(x) AS stddev, any_value(c) AS c, approx_quantile(x, 0.3) AS q FROM data'
    answers.push(await dataset.query(select, undefined, { repeatable: true }))
    dataset.close()
  }
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
})
