import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Statement, sha256 } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { findModels } from './models.ts'
import { beginRecord, publishPlan } from './records.ts'

/**
 * Finds every model of the repository, so that a matrix can give each a job of its own. What is wrong with a model file
 * or a contract is told before any data are made.
 */
export async function plan(context: StepContext, options: { model: string }): Promise<Statement<'plan'>> {
  const clock = beginRecord(context)
  const models = await findModels(context.root, options.model)
  if (models.some(({ data }) => data.contract !== undefined)) {
    // What reads contracts takes a while to load.
    const { requireContracts } = await import('./require-contracts.ts')
    await requireContracts(models)
  }
  const subject = await Promise.all(
    models.map(async ({ file }) => ({
      name: file,
      digest: { sha256: sha256(await readFile(join(context.root, file))) },
    })),
  )
  const record = await clock.finish('plan', subject, {
    verdict: 'pass',
    reasons: [
      `Found ${models.length === 1 ? 'one model' : `${models.length} models`}: ${models.map(({ name }) => name).join(', ')}.`,
    ],
    models: models.map(({ name, file }) => ({ name, file })),
  })
  await publishPlan(context, record)
  return record
}
