import { type Block, code, phrase } from '../document/document.ts'
import { countOf } from '../document/numbers.ts'
import { renderText } from '../document/terminal.ts'

/** Rows that only one of the two models of a gate record gives the right class. */
export interface ChangedRows {
  model: string
  /** The version that the candidate was compared with. */
  champion: string
  rows: Array<{ id: string; newly: 'right' | 'wrong'; label: string; champion: string; candidate: string }>
  /** What a reader must know to trust the list. */
  notes: string[]
}

/** What `modelyard changed` prints. */
export function renderChangedRows(
  { model, champion, rows, notes }: ChangedRows,
  { color }: { color: boolean },
): string {
  // What was not asked for is not there, and no number says so.
  const counts = (['right', 'wrong'] as const).flatMap((side) => {
    const some = rows.filter(({ newly }) => newly === side).length
    return some === 0 ? [] : [`${countOf(some, 'row')} newly ${side}`]
  })
  const table: Block = {
    table: {
      head: ['id', 'newly', 'label', champion, 'candidate'],
      align: ['l', 'l', 'l', 'l', 'l'],
      rows: rows.map((row) => [row.id, row.newly, row.label, row.champion, row.candidate]),
    },
  }
  const blocks: Block[] = [
    { heading: phrase`${code(model)} against ${champion}: ${counts.join(', ') || 'no such row'}` },
    ...(rows.length > 0 ? [table] : []),
    ...notes.map((note) => ({ paragraph: note })),
  ]
  return renderText(blocks, { color })
}
