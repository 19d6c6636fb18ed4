import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyModel, writeModel } from '@modelyard/scenarios'
import { canonicalJson, readModelFile } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { replay, validateData } from '../src/index.ts'
import { conclude } from '../src/validation/conclude.ts'
import { look } from '../src/validation/look.ts'

/** A checkout in which production served the first hundred training rows, after a change of their text. */
async function serving(change: (csv: string) => string) {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-served-'))
  await writeModel(root, toyModel('toy', { 'label: y': 'label: y, served: data/served.csv' }))
  const rows = (await readFile(join(root, 'data/train.csv'), 'utf8')).split('\n').slice(0, 101)
  await writeFile(join(root, 'data/served.csv'), change(rows.join('\n')))
  const log: StepContext['log'] = { info() {}, warn() {}, group: (_, work) => work() }
  const store: StepContext['store'] = { publish: async () => {}, collect: async () => [] }
  const context: StepContext = { root, store, log, run: {} }
  const model = { ...(await readModelFile(join(root, 'model.yaml'), 'model.yaml')), folder: root }
  return { root, context, model }
}

describe('rows that production served', () => {
  it('are in the record by digest and what was found, the same in shards and in a replay', {
    timeout: 30_000,
  }, async () => {
    const { root, context, model } = await serving((csv) => csv.replace('0,0.001,', '0,0.002,'))
    const record = await validateData(context, model)
    const { served, checks, verdict } = record.predicate
    expect(served).toMatchObject({ rows: 100, files: [{ name: 'data/served.csv' }] })
    expect(record.subject.map(({ name }) => name)).toContain('data/served.csv')
    expect([verdict, checks.at(-1)]).toMatchObject([
      'fail',
      {
        rule: 'served',
        column: 'a',
        found: 'It differs in 1 of 100 rows (1 %). First: id 0: 0.001, served 0.002.',
        failing: 1,
      },
    ])

    const looks = []
    for (const index of [1, 2, 3]) looks.push(await look(model, { shard: { index, of: 3 } }))
    expect((await conclude(model, looks, new Date(0))).said).toMatchObject({ served, checks })

    const path = join(root, 'record.json')
    await writeFile(path, canonicalJson(record))
    expect(await replay(context, { record: path, model: 'model.yaml' })).toMatchObject({ same: true, differences: [] })
    await writeFile(join(root, 'data/served.csv'), 'id,a,b\n0,0.001,0.299\n')
    await expect(replay(context, { record: path, model: 'model.yaml' })).rejects.toThrow(
      /^The served data have the digest .* data\/served\.csv has /,
    )
  })
})
