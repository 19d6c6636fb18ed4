import type { ColumnChange, DataChanges, DriftColumn, Predicate } from '@modelyard/spec'
import { type Block, code, join, type Phrase, phrase } from '../document/document.ts'
import { countOf, formatCount } from '../document/numbers.ts'
import { formatMeasure, MEASURES, pictureTable } from '../drift/drift-table.ts'
import { factsTable } from './column-facts.ts'

type Gate = Predicate<'gate'>
type Validation = Predicate<'validation'>

/** What training data are compared with, and how it is called. */
interface Compared {
  changes: DataChanges
  /** Behind `changed`: `since v1.0.0`. */
  since: string
  /** Above what was: `what v1.0.0 learned`. */
  what: string
  /** Whether they are the same bytes. */
  same: boolean
}

/** How the training data differ from what the champion learned and what the base branch has, by the validation record. */
export function changeDetails({ changes = [], profile }: Validation): Block[] {
  return changes.flatMap((each) =>
    comparisonDetails({
      changes: each,
      since: each.since === 'champion' ? `since ${each.name}` : `against ${each.name}`,
      what: each.since === 'champion' ? `what ${each.name} learned` : `the data of ${each.name}`,
      same: each.reference !== null && each.reference.sha256 === profile?.sha256,
    }),
  )
}

/** The same from a gate record of a release in which `evaluate` made the comparison. */
export function gateChangeDetails({ data_changes, champion }: Gate): Block[] {
  if (!data_changes || !champion) return []
  const { version } = champion
  return comparisonDetails({
    changes: data_changes,
    since: `since ${version}`,
    what: `what ${version} learned`,
    same: false,
  })
}

function comparisonDetails({ changes, since, what, same }: Compared): Block[] {
  const { reason, compared, changed, more, added, lost, retyped, reference, data, summaries = [] } = changes
  if (reason !== undefined)
    return [{ details: `Training data ${since}: not compared`, blocks: [{ paragraph: reason }] }]
  if (same)
    return [
      {
        details: `Training data: not changed ${since}, to the byte`,
        blocks: [{ paragraph: `${countOf(data.rows, 'training row')}.` }],
      },
    ]
  const facts = new Map(summaries.map((each) => [each.name, each]))
  const others = summaries.filter(({ name }) => !changed.some((column) => column.name === name))
  const told = others.filter(({ reasons }) => reasons.length > 0)
  const total = changed.length + told.length + more + added.length + lost.length + retyped.length
  const columns: Phrase[] = [
    ...named('New', added),
    ...named('No longer there', lost),
    ...named('Of another kind', retyped),
    ...(more > 0 ? [`${countOf(more, 'more column')} changed as well.`] : []),
  ]
  const title = total === 0 ? `no column changed ${since}` : `${countOf(total, 'column')} changed ${since}`
  return [
    {
      details: `Training data: ${title}`,
      blocks: [
        ...(changed.length + told.length > 0
          ? [
              changeTable([
                ...changed.map(cellsOf),
                ...told.map(({ name, reasons }) => [code(name), '', lines(reasons)]),
              ]),
            ]
          : []),
        ...(columns.length > 0 ? [{ list: columns }] : []),
        ...changed.map((column) => pictureOf(column, what, facts.get(column.name))),
        ...others.flatMap((each) => {
          const blocks = factsTable(each, what)
          return blocks.length === 0 ? [] : [{ details: phrase`${code(each.name)} before and now`, blocks }]
        }),
        { paragraph: rowsOf(reference, data, compared) },
      ],
    },
  ]
}

function rowsOf(reference: DataChanges['reference'], data: DataChanges['data'], compared: number): string {
  if (!reference) return `${countOf(data.rows, 'training row')} now.`
  return `${countOf(reference.rows, 'training row')} then, ${formatCount(data.rows)} now; ${countOf(compared, 'column')} compared.`
}

function named(what: string, names: readonly string[]): Phrase[] {
  return names.length === 0 ? [] : [phrase`${what}: ${join(names.map(code), ', ')}`]
}

function changeTable(rows: Phrase[][]): Block {
  return { table: { head: ['column', 'distance', 'what it says'], align: ['l', 'l', 'l'], rows } }
}

function cellsOf({ name, measures, reason, hint }: ColumnChange): Phrase[] {
  return [
    code(name),
    { lines: measures.map((measure) => `${MEASURES[measure.metric]} ${formatMeasure(measure, measure.value)}`) },
    lines(hint === undefined ? [reason] : [reason, hint]),
  ]
}

function lines([first, ...others]: readonly string[]): Phrase {
  return others.length === 0 ? (first ?? '') : { lines: [first!, ...others] }
}

type Facts = NonNullable<DataChanges['summaries']>[number]

function pictureOf(
  { name, picture, new_categories, lost_categories }: ColumnChange,
  what: string,
  facts?: Facts,
): Block {
  const values = (kind: string, categories: typeof new_categories): Phrase[] =>
    categories && categories.length > 0
      ? [
          phrase`${kind}: ${join(
            categories.map(({ name, rows }) => phrase`${code(name)} (${countOf(rows, 'row')})`),
            ', ',
          )}`,
        ]
      : []
  const notes = [...values('New values', new_categories), ...values('Lost values', lost_categories)]
  return {
    details: phrase`${code(name)} before and now`,
    blocks: [
      pictureTable(name, picture as DriftColumn['picture'], [what, 'these data']),
      ...(notes.length > 0 ? [{ list: notes }] : []),
      ...(facts ? factsTable(facts, what) : []),
    ],
  }
}
