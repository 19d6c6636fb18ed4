import { type Block, code, join, phrase } from '../document/document.ts'
import { countOf } from '../document/numbers.ts'
import { ruleName } from './gate-cells.ts'
import type { Gate } from './metrics.ts'

/** So many of each are shown; the record has all of them. */
const MOST = 10

/** What was not looked at, and why: the rules that compare where there is nothing to compare with, and what has no slice. */
export function gateNotes({ alone, waiting = [], notes = [] }: Gate): Block[] {
  const rules = join(
    waiting.slice(0, MOST).map((rule) => code(ruleName(rule))),
    ', ',
  )
  const more = waiting.length > MOST ? ` and ${waiting.length - MOST} more` : ''
  const why = alone ? 'the candidate was judged alone, as was asked' : 'there is no version to compare with yet'
  const left =
    waiting.length === 0 ? [] : [phrase`${countOf(waiting.length, 'rule')} left out, for ${why}: ${rules}${more}.`]
  const lines = [...left, ...notes.slice(0, MOST)]
  return lines.length === 0 ? [] : [{ list: lines }]
}
