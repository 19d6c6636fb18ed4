import { renderChangedRows } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import { changedRows, type StepContext } from '@modelyard/steps'
import { replayOptions } from './replay.ts'
import type { Terminal } from './terminal.ts'
import type { Answer } from './verb.ts'

/** Lists the rows of a gate record that changed sides. */
export async function changed(
  { github: _, ...context }: StepContext,
  options: Record<string, string>,
  { cwd }: Terminal,
): Promise<Answer> {
  const { to, where } = options
  const rows = await changedRows(context, {
    ...replayOptions(options, cwd()),
    ...(to === 'both' ? {} : { to: side(to!) }),
    ...(where === '' ? {} : { where: where! }),
  })
  return { data: rows, text: (style) => renderChangedRows(rows, style) }
}

function side(written: string): 'right' | 'wrong' {
  if (written === 'right' || written === 'wrong') return written
  throw new UserError(`The option --to is ${JSON.stringify(written)}; it must be right, wrong or both.`)
}
