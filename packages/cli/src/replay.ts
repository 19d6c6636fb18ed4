import { resolve } from 'node:path'
import { renderReplay } from '@modelyard/report'
import { replay as replayRecord, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

/** Makes a record again, without a network: 0 where it comes out the same, 1 where it does not. */
export async function replay(
  { stdout, cwd }: Terminal,
  { github: _, ...context }: StepContext,
  options: Record<string, string>,
): Promise<number> {
  const result = await replayRecord(context, {
    record: resolve(cwd(), options.record!),
    model: options.model!,
    ...(options.champion === '' ? {} : { champion: resolve(cwd(), options.champion!) }),
  })
  stdout.write(`${renderReplay(result, { color: stdout.isTTY === true })}\n`)
  return result.same ? 0 : 1
}
