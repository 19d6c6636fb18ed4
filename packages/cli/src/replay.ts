import { resolve } from 'node:path'
import { renderReplay } from '@modelyard/report'
import { type ReplayOptions, replay as replayRecord, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

/** Makes a record again, without a network: 0 where it comes out the same, 1 where it does not. */
export async function replay(
  { stdout, cwd }: Terminal,
  { github: _, ...context }: StepContext,
  options: Record<string, string>,
): Promise<number> {
  const result = await replayRecord(context, replayOptions(options, cwd()))
  stdout.write(`${renderReplay(result, { color: stdout.isTTY === true })}\n`)
  return result.same ? 0 : 1
}

/** Which record, by which model file, against which champion: paths are of the folder in which the command was called. */
export function replayOptions({ record, model, champion }: Record<string, string>, folder: string): ReplayOptions {
  return {
    record: resolve(folder, record!),
    model: model!,
    ...(champion === '' ? {} : { champion: resolve(folder, champion!) }),
  }
}
