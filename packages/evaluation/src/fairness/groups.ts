import { UserError } from '@modelyard/spec'
import { FEWEST_GROUPS } from '../comparison/evidence.ts'
import type { Sample } from '../sample/sample.ts'
import type { FairnessRecord } from './rates.ts'

/** A group with fewer rows is not compared. */
const FEWEST_ROWS = 50
/** Beyond that a column names rows rather than groups of them. */
const MOST_GROUPS = 100

/** Rows in the groups that a column names. */
export interface Groups {
  /** The group of each row, −1 for rows of groups that are too small. */
  of: Int32Array
  /** The groups that are large enough, the most frequent first; null is where the value is missing. */
  compared: Array<{ name: string | null; rows: number }>
  leftOut: FairnessRecord['left_out']
}

/**
 * Finds the groups of rows that are large enough to be compared, in rows and, where rows come in clusters, in those.
 * Throws a `UserError` for a column that names too many.
 */
export function findGroups(
  by: string,
  names: ReadonlyArray<string | null>,
  { groups: clusters }: Pick<Sample, 'groups'>,
): Groups {
  const found = new Map<string | null, { rows: number; clusters: Set<number> }>()
  for (const [row, name] of names.entries()) {
    const known = found.get(name) ?? { rows: 0, clusters: new Set() }
    known.rows++
    if (clusters) known.clusters.add(clusters.of[row]!)
    found.set(name, known)
  }
  const compared = [...found]
    .filter(([, group]) => group.rows >= FEWEST_ROWS && !(clusters && group.clusters.size < FEWEST_GROUPS))
    .map(([name, { rows }]) => ({ name, rows }))
    .sort((one, other) => other.rows - one.rows || ((one.name ?? '') < (other.name ?? '') ? -1 : 1))
  if (compared.length > MOST_GROUPS) {
    throw new UserError(
      `A gate compares the groups of ${by}, and ${compared.length.toLocaleString('en-US')} of them have ${FEWEST_ROWS} rows or more. At most ${MOST_GROUPS} can be compared: name a coarser column.`,
    )
  }
  const places = new Map(compared.map(({ name }, place) => [name, place]))
  const rows = compared.reduce((sum, group) => sum + group.rows, 0)
  return {
    of: Int32Array.from(names, (name) => places.get(name) ?? -1),
    compared,
    leftOut: { groups: found.size - compared.length, rows: names.length - rows },
  }
}

/** Why groups cannot be compared, if they cannot. */
export function tooFewGroups(
  by: string,
  { compared, leftOut }: Groups,
  { groups }: Pick<Sample, 'groups'>,
): string | undefined {
  if (compared.length >= 2) return undefined
  const enough = groups ? `${FEWEST_ROWS} rows from ${FEWEST_GROUPS} groups of data.group` : `${FEWEST_ROWS} rows`
  const values = compared.length + leftOut.groups
  if (values === 1) return `${by} is the same in every row, and two groups are needed to compare.`
  if (values > MOST_GROUPS && compared.length === 0)
    return `${by} has ${values.toLocaleString('en-US')} different values, and none of them has at least ${enough}: it names rows rather than groups of them. Name a coarser column.`
  return `${compared.length === 0 ? 'No value' : 'Only one value'} of ${by} has at least ${enough}, and two are needed to compare.`
}

/** Sentences on groups that are not compared, one for each column. */
export function groupsLeftOut(fairness: readonly FairnessRecord[]): string[] {
  return [...new Set(fairness.filter(({ left_out }) => left_out.groups > 0).map(sayLeftOut))]
}

function sayLeftOut({ by, left_out: { groups, rows } }: FairnessRecord): string {
  const inAll = `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`
  return groups === 1
    ? `Of ${by}, 1 group with ${inAll} is not compared: it is too small.`
    : `Of ${by}, ${groups} groups with ${inAll} in all are not compared: each is too small.`
}
