import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyModel, writeModel } from '@modelyard/scenarios'
import { readModelFile } from '@modelyard/spec'
import { expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { validateData } from '../src/index.ts'

it('passes data of which a column happens to have no value in the hold-out', { timeout: 30_000 }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-empty-'))
  await writeModel(root, toyModel('toy'))
  for (const [name, value] of [
    ['data/train.csv', '2001-01-01'],
    ['data/holdout.csv', ''],
  ] as const) {
    const [header, ...rows] = (await readFile(join(root, name), 'utf8')).trimEnd().split('\n')
    const filled = rows.map((row, index) => `${row},${value && index % 2 ? '2001-01-02' : value}`)
    await writeFile(join(root, name), `${[`${header},closed`, ...filled].join('\n')}\n`)
  }
  const log: StepContext['log'] = { info() {}, warn() {}, group: (_, work) => work() }
  const store: StepContext['store'] = { publish: async () => {}, collect: async () => [] }
  const model = { ...(await readModelFile(join(root, 'model.yaml'), 'model.yaml')), folder: root }
  const { predicate } = await validateData({ root, store, log, run: {} }, model)
  expect(predicate.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])
  expect(predicate.datasets.map(({ columns }) => columns.at(-1))).toEqual([
    { name: 'closed', type: 'DATE' },
    { name: 'closed', type: 'VARCHAR' },
  ])
})
