import { type Block, code, join, phrase } from './document.ts'
import { ruleName } from './gate-cells.ts'
import type { Gate } from './metrics.ts'
import { countOf } from './numbers.ts'

/** What was not looked at, and why: the rules that compare where there is nothing to compare with, and what has no slice. */
export function gateNotes({ alone, waiting = [], notes = [] }: Gate): Block[] {
  const rules = join(
    waiting.map((rule) => code(ruleName(rule))),
    ', ',
  )
  const why = alone ? 'the candidate was judged alone, as was asked' : 'there is no version to compare with yet'
  const left = waiting.length === 0 ? [] : [phrase`${countOf(waiting.length, 'rule')} left out, for ${why}: ${rules}.`]
  const lines = [...left, ...notes]
  return lines.length === 0 ? [] : [{ list: lines }]
}
