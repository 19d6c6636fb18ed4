import type { ColumnChange, DriftColumn } from '@modelyard/spec'
import { type Block, code, join, type Phrase, phrase } from '../document/document.ts'
import { countOf, formatCount } from '../document/numbers.ts'
import { formatMeasure, MEASURES, pictureTable } from '../drift/drift-table.ts'
import type { Gate } from './metrics.ts'

/** How the training data differ from those that the champion learned, with a picture for each column that changed. */
export function dataChangeDetails({ data_changes, champion }: Gate): Block[] {
  if (!data_changes || !champion) return []
  const { reason, compared, changed, more, added, lost, retyped, reference, data } = data_changes
  const since = `since ${champion.version}`
  if (reason !== undefined) return [{ details: `Data ${since}: not compared`, blocks: [{ paragraph: reason }] }]
  const total = changed.length + more + added.length + lost.length + retyped.length
  const columns: Phrase[] = [
    ...named('New', added),
    ...named('No longer there', lost),
    ...named('Of another kind', retyped),
    ...(more > 0 ? [`${countOf(more, 'more column')} changed as well.`] : []),
  ]
  const title = total === 0 ? `no column changed ${since}` : `${countOf(total, 'column')} changed ${since}`
  const rows = reference
    ? `${countOf(reference.rows, 'training row')} then, ${formatCount(data.rows)} now; ${countOf(compared, 'column')} compared.`
    : `${countOf(data.rows, 'training row')} now.`
  return [
    {
      details: `Training data: ${title}`,
      blocks: [
        ...(changed.length > 0 ? [changeTable(changed)] : []),
        ...(columns.length > 0 ? [{ list: columns }] : []),
        ...changed.map((column) => pictureOf(column, champion.version)),
        { paragraph: rows },
      ],
    },
  ]
}

function named(what: string, names: readonly string[]): Phrase[] {
  return names.length === 0 ? [] : [phrase`${what}: ${join(names.map(code), ', ')}`]
}

function changeTable(changed: readonly ColumnChange[]): Block {
  return {
    table: {
      head: ['column', 'distance', 'what it says'],
      align: ['l', 'l', 'l'],
      rows: changed.map(({ name, measures, reason, hint }) => [
        code(name),
        { lines: measures.map((measure) => `${MEASURES[measure.metric]} ${formatMeasure(measure, measure.value)}`) },
        hint === undefined ? reason : { lines: [reason, hint] },
      ]),
    },
  }
}

function pictureOf({ name, picture, new_categories, lost_categories }: ColumnChange, version: string): Block {
  const values = (what: string, categories: typeof new_categories): Phrase[] =>
    categories && categories.length > 0
      ? [
          phrase`${what}: ${join(
            categories.map(({ name, rows }) => phrase`${code(name)} (${countOf(rows, 'row')})`),
            ', ',
          )}`,
        ]
      : []
  const notes = [...values('New values', new_categories), ...values('Lost values', lost_categories)]
  return {
    details: phrase`${code(name)} before and now`,
    blocks: [
      pictureTable(name, picture as DriftColumn['picture'], [`what ${version} learned`, 'the candidate']),
      ...(notes.length > 0 ? [{ list: notes }] : []),
    ],
  }
}
