import type { ColumnFacts, SummaryChange } from '@modelyard/spec'
import { type Block, code, type Phrase, phrase } from '../document/document.ts'
import { formatCount, formatShort } from '../document/numbers.ts'

/** What the profiles say of one column, then and now: what is the same in both is left out. */
export function factsTable({ name, masked, before, after }: SummaryChange, what: string): Block[] {
  const rows = FACTS.flatMap(([fact, of]): Phrase[][] => {
    const [was, is] = [of(before), of(after)]
    return was === is ? [] : [[fact, was ?? '—', is ?? '—']]
  })
  if (rows.length === 0) return []
  const column = masked ? phrase`${code(name)}, personal: only counts are told` : code(name)
  return [{ table: { head: [column, what, 'these data'], align: ['l', 'r', 'r'], rows } }]
}

const FACTS: ReadonlyArray<[fact: string, of: (facts: ColumnFacts) => string | null]> = [
  ['type', ({ type }) => type],
  ['rows without a value', ({ nulls }) => formatCount(nulls)],
  ['different values', ({ distinct }) => (distinct === null ? null : formatCount(distinct))],
  ['least', ({ min }) => min],
  ['greatest', ({ max }) => max],
  ['mean', ({ mean }) => (mean === null ? null : formatShort(mean))],
  [
    'characters',
    ({ lengths }) =>
      lengths && `${formatCount(lengths.min)} to ${formatCount(lengths.max)}, ${formatShort(lengths.mean)} on average`,
  ],
]
