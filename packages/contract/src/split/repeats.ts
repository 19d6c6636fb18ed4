import type { Dataset } from '@modelyard/data'

/** So many keys are grouped at once; with more rows than passes for them there are more, until DuckDB spills them. */
const KEYS_AT_ONCE = 1_500_000
const MOST_PASSES = 16

/** How often the rows of a table repeat each other. */
export interface Repeats {
  rows: number
  /** Rows that are equal to another one. */
  repeated: number
  /** Of each number of equal rows, how many different rows there are so often. */
  times: ReadonlyArray<readonly [equal: number, different: number]>
}

/**
 * Counts all rows by a key, which is SQL: equal rows are all in a sample by their values or none of them, and mostly
 * alone in one by their place. In parts by their hashes, so that memory is bounded.
 */
export async function repeatsWithin(data: Dataset, key: readonly string[]): Promise<Repeats> {
  const hash = `hash(${key.join(', ')})`
  const passes = Math.min(Math.ceil(data.rows / KEYS_AT_ONCE), MOST_PASSES)
  const times = new Map<number, number>()
  for (let pass = 0; pass < passes; pass++) {
    const where = passes === 1 ? 'true' : `${hash} % ${passes} = ${pass}`
    const rows = await data.query(`SELECT equal, count(*) AS different
      FROM (SELECT count(*) AS equal FROM data WHERE ${where} GROUP BY ${hash}) GROUP BY equal`)
    for (const row of rows) {
      const equal = Number(row.equal)
      times.set(equal, (times.get(equal) ?? 0) + Number(row.different))
    }
  }
  return { rows: data.rows, repeated: data.rows - (times.get(1) ?? 0), times: [...times] }
}

/** Of so many rows that are drawn by lot from such a table, the share that is equal to another one that is drawn. */
export function expectedRepeats({ rows, times }: Repeats, drawn: number): number {
  const without = 1 - Math.min(1, drawn / rows)
  return times.reduce((sum, [equal, different]) => sum + ((equal * different) / rows) * (1 - without ** (equal - 1)), 0)
}
