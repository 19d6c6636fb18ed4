import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Model } from '@modelyard/spec'
import { runCommand } from '@modelyard/training'
import { refuseForeignCode, type StepContext } from './context.ts'
import { fetchData, isFetched } from './fetched.ts'

/** Fetches what `data.fetch` names, then runs `data.prepare`: each where the model file has it. */
export async function prepareData(context: StepContext, model: Model): Promise<void> {
  refuseForeignCode(context)
  await fetchData(context, model)
  const command = model.data.prepare
  if (command === undefined) return
  await context.log.group(`Prepare the data of ${model.name}: ${command}`, () =>
    runCommand({ command, purpose: `data.prepare in ${model.file}`, folder: model.folder, onLine: context.log.info }),
  )
}

/** Makes the data unless an earlier step of this job has done it: unless all that is fetched, and they, are there. */
export async function ensureData(context: StepContext, model: Model): Promise<void> {
  if (!(await isFetched(context, model))) return prepareData(context, model)
  const patterns = [model.data.train, model.data.holdout].flat()
  for (const pattern of patterns) if (!(await isThere(model.folder, pattern))) return prepareData(context, model)
}

/** Whether a path or a pattern names a file of a folder. */
export async function isThere(folder: string, pattern: string): Promise<boolean> {
  if (await stat(join(folder, pattern)).catch(() => undefined)) return true
  for await (const _ of glob(pattern, { cwd: folder })) return true
  return false
}
