import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyModel, writeModel } from '@modelyard/scenarios'
import { describe, expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { plan, validateModels } from '../src/index.ts'

const BROKEN = 'apiVersion: v3.1.0\nkind: DataContract\nid: toy\nversion: 1.0.0\nstatus: active\nschema: toys\n'

/** A checkout with a model in a folder of its own, whose data a command makes. */
async function checkout(contract?: string) {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-contracts-'))
  const folder = join(root, 'models/toy')
  await writeModel(folder, toyModel('toy', { 'label: y': 'label: y, contract: toy.yaml, prepare: touch made' }))
  if (contract !== undefined) await writeFile(join(folder, 'toy.yaml'), contract)
  const log: StepContext['log'] = { info() {}, warn() {}, group: (_, work) => work() }
  const store: StepContext['store'] = { publish: async () => {}, collect: async () => [] }
  return { folder, context: { root, store, log, run: {} } satisfies StepContext }
}

describe('a contract that is broken', () => {
  it('is told by plan, and by validate before it makes the data, at its line in the repository', async () => {
    const { folder, context } = await checkout(BROKEN)
    const sentence = /^models\/toy\/toy\.yaml:6:\d+ {2}schema must be /
    await expect(plan(context, { model: '**/model.yaml' })).rejects.toThrow(sentence)
    for (const shard of [undefined, { index: 1, of: 2 }])
      await expect(validateModels(context, '**/model.yaml', { shard })).rejects.toThrow(sentence)
    await expect(stat(join(folder, 'made'))).rejects.toThrow('ENOENT')
  })

  it('may not be there before the data are made', async () => {
    const { folder, context } = await checkout()
    expect((await plan(context, { model: '**/model.yaml' })).predicate.verdict).toBe('pass')
    await expect(validateModels(context, '**/model.yaml')).rejects.toThrow(
      /^There is no contract models\/toy\/toy\.yaml\. Write it/,
    )
    await stat(join(folder, 'made'))
  })
})
