import type { Evidence, Predicate } from '@modelyard/spec'
import type { Block } from '../document/document.ts'
import { countOf } from '../document/numbers.ts'

/** What the hold-out can tell at each gate's margin, as it was known before the training; open for who has not trained yet. */
export function evidenceDetails({ evidence = [] }: Predicate<'validation'>, { open }: { open: boolean }): Block[] {
  if (evidence.length === 0) return []
  const short = evidence.filter(isTooLittle).length
  const said =
    short === 0
      ? 'enough'
      : short === evidence.length
        ? 'too little'
        : `too little for ${short} of ${countOf(evidence.length, 'margin')}`
  return [
    {
      open,
      details: `What this hold-out can tell: ${said}`,
      blocks: [{ list: evidence.map(({ sentence }) => sentence) }],
    },
  ]
}

/** Whether a candidate that is as good as the champion would rather not pass. */
function isTooLittle({ rows, rows_needed }: Evidence): boolean {
  return rows_needed === null || rows_needed > rows
}
