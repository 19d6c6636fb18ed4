import { resolve } from 'node:path'
import { renderChangedRows } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import { changedRows, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'
import type { Answer } from './verb.ts'

/** Lists the rows of a gate record that changed sides. */
export async function changed(
  { github: _, ...context }: StepContext,
  { record, model, champion, to, where }: Record<string, string>,
  { cwd }: Terminal,
): Promise<Answer> {
  const rows = await changedRows(context, {
    record: resolve(cwd(), record!),
    model: model!,
    ...(champion === '' ? {} : { champion: resolve(cwd(), champion!) }),
    ...(to === 'both' ? {} : { to: side(to!) }),
    ...(where === '' ? {} : { where: where! }),
  })
  return { data: rows, text: (style) => renderChangedRows(rows, style) }
}

function side(written: string): 'right' | 'wrong' {
  if (written === 'right' || written === 'wrong') return written
  throw new UserError(`The option --to is ${JSON.stringify(written)}; it must be right, wrong or both.`)
}
