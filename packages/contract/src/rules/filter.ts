import type { Dataset } from '@modelyard/data'
import type { Probe } from '../checks/plan.ts'
import { type Sql, sql } from '../conditions.ts'
import type { QualityRule } from '../document/document.ts'
import { LIMIT } from './own-query.ts'
import { whyNot } from './probe.ts'

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
export function filtered(measure: { breaking?: Sql; probes?: readonly Probe[] }, filter: string | undefined) {
  if (filter === undefined) return measure
  const { breaking = sql('true'), probes = [] } = measure
  return {
    breaking: sql(`${isIn(filter)} AND (${breaking.text})`, ...breaking.values),
    probes: [...probes, probeOfFilter(filter)],
  }
}

function probeOfFilter(filter: string): Probe {
  return { ...sql(`(SELECT count(*) FROM data WHERE ${isIn(filter)})`), of: 'The filter', reads: true }
}

/** How many rows a filter leaves; a sentence where it cannot be evaluated. */
export async function rowsOf(dataset: Dataset, filter: string | undefined): Promise<number | string> {
  if (filter === undefined) return dataset.rows
  const why = await whyNot(probeOfFilter(filter), dataset)
  if (why !== undefined) return why
  const [row] = await dataset.query(`SELECT count(*) AS rows FROM data WHERE ${isIn(filter)}`, [], LIMIT)
  return Number(row!.rows)
}
