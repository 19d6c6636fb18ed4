import type { Predicate } from '@modelyard/spec'
import { type Block, code, phrase } from './document.ts'
import { ICONS } from './headline.ts'

/** What a check for drift found: the headline, its reasons, and a row for each column. */
export function driftBlocks({ model, verdict, reasons, columns }: Predicate<'drift'>): Block[] {
  const said = {
    pass: 'no drift',
    warn: 'production has begun to move',
    fail: 'production data moved away',
    inconclusive: 'not enough to tell',
  }[verdict]
  return [
    { heading: phrase`${verdict === 'fail' ? '📉' : ICONS[verdict]} ${code(model)}: ${said}` },
    ...reasons.map((reason): Block => ({ paragraph: reason })),
    {
      table: {
        head: ['column', 'what was found'],
        align: ['l', 'l'],
        rows: columns.map(({ name, reason }) => [code(name), reason]),
      },
    },
  ]
}
