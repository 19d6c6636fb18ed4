import type { Predicate, Verdict } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase } from '../document/document.ts'
import { countOf } from '../document/numbers.ts'
import { ICONS } from '../gate/headline.ts'
import { columnTables, day, measureDetails, pictures } from './drift-table.ts'

type Drift = Predicate<'drift'>

/** Reasons that are told as sentences; the tables hold all. */
const REASONS = 5

/** What a check for drift found: in a line, in sentences, in a table with a row for each column, in pictures. */
export function driftBlocks(drift: Drift): Block[] {
  const { model, verdict, reasons, columns, champion } = drift
  return [
    {
      heading: phrase`${verdict === 'fail' ? '📉' : ICONS[verdict]} ${code(model)}: ${headline(drift)}`,
    },
    { paragraph: lookedAt(drift) },
    ...told(verdict, reasons),
    ...hintBlocks(drift),
    ...columnTables(columns),
    ...pictures(columns, champion.version),
    ...measureDetails(drift),
  ]
}

function headline({ verdict, champion: { version }, columns }: Drift): string {
  if (verdict === 'pass') return `production is like what ${version} learned`
  if (verdict === 'fail') return `production data moved away from what ${version} learned`
  if (verdict === 'inconclusive') return `not enough to tell whether production is like what ${version} learned`
  const warned = columns.filter((column) => column.verdict === 'warn').length
  return `no alarm; ${warned} of ${countOf(columns.length, 'column')} ${warned === 1 ? 'is' : 'are'} worth a look`
}

/** How much of production was compared with how much of the training data. */
export function lookedAt({ window, profile, champion }: Drift): Phrase {
  const { start, end, rows } = window
  const when = start === null || end === null ? '' : ` from ${day(start)} to ${day(end)}`
  const against =
    profile === null ? 'nothing: its release keeps no profile' : `${countOf(profile.rows, 'row')} of training data`
  return `${countOf(rows, 'row')} of production${when}, against ${against} of ${champion.version}.`
}

function told(verdict: Verdict, reasons: readonly string[]): Block[] {
  if (verdict === 'pass' && reasons.length === 1) return []
  const more = reasons.length - REASONS
  return [{ list: [...reasons.slice(0, REASONS), ...(more > 0 ? [`… and ${more} more, in the table`] : [])] }]
}

export function hintBlocks({ hints }: Drift): Block[] {
  return hints.length === 0 ? [] : [{ list: hints.map((hint) => `💡 ${hint}`) }]
}
