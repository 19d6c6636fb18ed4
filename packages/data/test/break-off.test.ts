import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { folderWith } from './files.ts'

describe('a query that cannot be interrupted', () => {
  it('is left to itself: its caller goes on after the limit, and the process ends with its code', () => {
    const root = folderWith({ 'a.csv': 'n\n500000\n' })
    const program = `
      import { endLeftWork, openDataset } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
      const dataset = await openDataset({ root: ${JSON.stringify(root)}, files: 'a.csv', threads: 2 })
      const ask = (sql) => dataset.query(sql, [], { seconds: 0.2 }).catch(({ message }) => console.log(message))
      // What is constant is evaluated as the query is planned.
      await ask("SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))")
      await ask('SELECT 1')
      console.log(await dataset.query('SELECT n FROM data'))
      dataset.close()
      endLeftWork(3)`
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n')).toEqual([
      'The query took longer than 0.2 seconds.',
      'An earlier query cannot be broken off.',
      '[ { n: 500000 } ]',
    ])
    expect(status).toBe(3)
  })
})
