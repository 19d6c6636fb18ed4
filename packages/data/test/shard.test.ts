import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDataset } from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

describe('a shard', () => {
  it('holds a run of the rows in `modelyard_part`, and all rows in `data`', async () => {
    const root = folderWith({ 'a.csv': `i\n${Array.from({ length: 25 }, (_, i) => i).join('\n')}\n` })
    await writeParquet(join(root, 'a.parquet'), 'SELECT i FROM range(10) t(i)')
    await writeParquet(join(root, 'b.parquet'), 'SELECT i FROM range(10, 11) t(i)')
    await writeParquet(join(root, 'c.parquet'), 'SELECT i FROM range(11, 25) t(i)')
    for (const files of ['*.parquet', 'a.csv']) {
      for (const of of files === 'a.csv' ? [3] : [1, 4, 26]) {
        const found: number[] = []
        for (let index = 1; index <= of; index++) {
          const dataset = await openDataset({ root, files, shard: { index, of } })
          const rows = await dataset.query('SELECT i FROM modelyard_part')
          expect(dataset.rows).toBe(25)
          expect(dataset.shard).toEqual({ index, of, rows: rows.length })
          found.push(...rows.map(({ i }) => Number(i)))
          dataset.close()
        }
        expect(found).toEqual(Array.from({ length: 25 }, (_, i) => i))
      }
    }
  })
})
