import { type Dataset, quoteIdentifier, type Row } from '@modelyard/data'
import type { Claim } from './claims.ts'

/** With fewer rows, a part of them says nothing about the rest. */
const LEAST_ROWS = 50
/** What is broken by more of the held-out rows than this is no rule; by fewer, it is one with more slack. */
const MOST_BROKEN = 0.01

/** Rows to learn from and rows to try it on: for a column, the SQL of a table in which it is called `v`. */
export interface Halves {
  first(column: string): string
  rest(column: string): string
  /** How they were parted, for who reads the contract. */
  words: string
}

/** Any column, whatever it is called, as `v`. */
export function allOf(column: string): string {
  return `(SELECT ${quoteIdentifier(column)} AS v FROM data)`
}

/**
 * Parts the rows: the first 70 % by the column `time`; without one, 70 % of them by the hashes of their numbers.
 * Undefined where there are too few.
 */
export async function partRows(dataset: Dataset, time: string | undefined): Promise<Halves | undefined> {
  if (dataset.rows < LEAST_ROWS) return undefined
  if (time === undefined) {
    const numbered = (column: string) =>
      `(SELECT ${quoteIdentifier(column)} AS v, row_number() OVER () AS number FROM data)`
    const part = (column: string, is: string) => `(SELECT v FROM ${numbered(column)} WHERE hash(number) % 10 ${is} 7)`
    return {
      first: (column) => part(column, '<'),
      rest: (column) => part(column, '>='),
      words: '70 % of the rows, drawn by their numbers,',
    }
  }
  const clock = quoteIdentifier(time)
  const moment = `(SELECT quantile_disc(${clock}, 0.7) FROM data)`
  const part = (column: string, is: string) =>
    `(SELECT ${quoteIdentifier(column)} AS v FROM data WHERE ${clock} ${is} ${moment})`
  return {
    first: (column) => part(column, '<='),
    rest: (column) => part(column, '>'),
    words: `the first 70 % of the rows, by ${time},`,
  }
}

/** What became of a claim of the first rows in the others: it holds, holds with more slack, or is none. */
export interface Tried {
  outcome: 'holds' | 'wider' | 'broken'
  /** The share of the held-out rows that was counted. */
  share: number
}

/** Tries each claim on the rows of `source`. A claim of which these say nothing holds. */
export async function tryOn(dataset: Dataset, source: string, claims: readonly Claim[]): Promise<Map<string, Tried>> {
  const list = claims.map(({ share }, index) => `${share.text} AS c${index}`).join(', ')
  const [row] = await dataset.query(
    `SELECT ${list} FROM ${source}`,
    claims.flatMap(({ share }) => share.values),
  )
  return new Map(claims.map((claim, index) => [claim.rule, judge(claim, (row as Row)[`c${index}`])]))
}

/** What is right or wrong, and has no slack to give. */
const RIGID = ['pattern', 'minLength', 'usual_middle']

function judge({ rule, from, to }: Claim, found: unknown): Tried {
  const share = found === null ? from : Number(found)
  if (share >= from && share <= to) return { outcome: 'holds', share }
  return { outcome: share > to + MOST_BROKEN || RIGID.includes(rule) ? 'broken' : 'wider', share }
}
