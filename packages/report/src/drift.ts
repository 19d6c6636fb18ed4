import type { Predicate, Statement } from '@modelyard/spec'
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

export interface RetrainContext {
  /** The gate's record, where the pull request comes trained. */
  candidate?: Statement<'gate'>
  /** Whether merging releases a candidate that is trained already, or starts the training. */
  retrain: 'auto' | 'ask'
  runUrl?: string
}

/** Title and text of the retrain pull request. */
export function renderRetrainPullRequest(
  _drift: Statement<'drift'>,
  _context: RetrainContext,
): { title: string; markdown: string } {
  throw new Error('being written')
}

/** The comment with which a retrain pull request is closed: production is again like what the model learned. */
export function renderDriftCleared(_drift: Statement<'drift'>): string {
  throw new Error('being written')
}
