import { basename } from 'node:path'
import { findId, inferContract } from '@modelyard/contract'
import { type Dataset, openDataset } from '@modelyard/data'
import { didYouMean, UserError } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import type { Terminal } from '../terminal.ts'
import { filesOf, writeContract } from './write.ts'

/** Writes the contract that data show, and says on standard error what was taken for the id. */
export async function infer(terminal: Terminal, _: StepContext, options: Record<string, string>): Promise<number> {
  const dataset = await openDataset({ root: terminal.cwd(), files: filesOf(options.files!) })
  try {
    const [classes, time] = [column(dataset, 'classes', options), column(dataset, 'time', options)]
    requireTimes(dataset, time)
    const id = column(dataset, 'id', options) ?? (await findId(dataset, classes))
    const name = nameOf(options.name || basename(dataset.files[0]!.name).replace(/\..*$/, ''))
    writeContract(terminal, await inferContract(dataset, { name, id, classes, time }))
    terminal.stderr.write(
      `Read ${dataset.rows.toLocaleString('en-US')} rows. ${id === undefined ? 'No column names a row; say it with --id' : `${id} names a row`}.\n`,
    )
    return 0
  } finally {
    dataset.close()
  }
}

function column({ columns }: Dataset, option: string, options: Record<string, string>): string | undefined {
  const wanted = options[option]
  if (!wanted) return undefined
  const names = columns.map(({ name }) => name)
  if (names.includes(wanted)) return wanted
  throw new UserError(
    `The option --${option} is ${wanted}, and the data have no such column.${didYouMean(wanted, names)}`,
  )
}

function requireTimes({ columns }: Dataset, time: string | undefined): void {
  const type = columns.find(({ name }) => name === time)?.type
  if (type === undefined || /^(?:DATE|TIMESTAMP.*|TIME|U?(?:SMALL|BIG)?INT|U?INTEGER)$/.test(type)) return
  throw new UserError(`The option --time is ${time}, which is ${type}. Name a column of dates, times or whole numbers.`)
}

/** A name as contracts have them. */
function nameOf(written: string): string {
  return written.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'data'
}
