import type { Dataset } from '@modelyard/data'
import { type Sql, sql } from './conditions.ts'
import type { QualityRule } from './document.ts'
import { LIMIT } from './own-query.ts'
import type { Probe } from './plan.ts'

/** What DuckDB cannot evaluate where it cannot evaluate a filter. */
export const FILTER = `the filter, or not within ${LIMIT.seconds} seconds`

/** The rows that a rule is about: the custom property `filter`. Empty where it is no text. */
export function filterOf({ customProperties = [] }: QualityRule): string | undefined {
  const filter = customProperties.find(({ property }) => property === 'filter')
  return filter && (typeof filter.value === 'string' ? filter.value.trim() : '')
}

/** A filter that is null for a row leaves it out. It may end in a comment. */
export function isIn(filter: string): string {
  return `coalesce((${filter}\n), false)`
}

/** What is counted, of the rows of a filter. It is tried on all rows first: where it fails for one, nothing is known. */
export function filtered(measure: { breaking?: Sql; probe?: Probe }, filter: string | undefined) {
  if (filter === undefined) return measure
  const { breaking = sql('true'), probe } = measure
  const tried = `(SELECT count(*) FROM data WHERE ${isIn(filter)})`
  return {
    breaking: sql(`${isIn(filter)} AND (${breaking.text})`, ...breaking.values),
    probe: probe
      ? { ...sql(`${probe.text}, ${tried}`, ...probe.values), of: `${probe.of} or ${FILTER}` }
      : { ...sql(tried), of: FILTER },
  }
}

/** How many rows a filter leaves; undefined where it cannot be evaluated. */
export async function rowsOf(dataset: Dataset, filter: string | undefined): Promise<number | undefined> {
  if (filter === undefined) return dataset.rows
  return dataset.query(`SELECT count(*) AS rows FROM data WHERE ${isIn(filter)}`, [], LIMIT).then(
    ([row]) => Number(row!.rows),
    () => undefined,
  )
}
