import type { Dataset } from '@modelyard/data'
import { type Model, UserError } from '@modelyard/spec'
import { telling } from '../metrics/queries.ts'
import { rowsWord } from '../wording/numbers.ts'
import { numberGroups, type Sample } from './sample.ts'
import { told } from './unnamed.ts'

/**
 * Which rows of a hold-out belong together: queries, and the groups that intervals respect, by default the queries of a
 * ranking and the series of a forecast. Throws a `UserError` for a row without a query or series, or a query in two groups.
 */
export async function readKinship(
  { data: { group, query, series } }: Model,
  dataset: Dataset,
  masked?: ReadonlySet<string>,
): Promise<Pick<Sample, 'groups' | 'queries'>> {
  const named = [group, query, series].filter((name) => name !== undefined)
  const read = await dataset.readColumns(named, { text: named })
  const own = query ?? series
  const units = own === undefined ? null : (read[own] as Array<string | null>)
  const nameless = units ? units.indexOf(null) : -1
  if (nameless >= 0)
    throw new UserError(
      `The hold-out has no ${own} in row ${nameless + 1}: every row needs its ${query ? 'query' : 'series'}.`,
    )
  const groups = group === undefined ? units : read[group]!
  if (query !== undefined && group !== undefined)
    refuseSplit({ query, queries: units!, group, groups: groups as Array<string | null>, masked })
  return {
    groups: groups && numberGroups(groups),
    ...(query !== undefined && { queries: numberGroups(units!) }),
  }
}

interface Split {
  query: string
  queries: ReadonlyArray<string | null>
  group: string
  groups: ReadonlyArray<string | null>
  masked: ReadonlySet<string> | undefined
}

/** What varies together must hold whole queries: half of one says nothing of its order. */
function refuseSplit({ query, queries, group, groups, masked }: Split) {
  const known = new Map<string | null, string | null>()
  for (const [row, name] of queries.entries()) {
    const first = known.get(name)
    if (first === undefined) known.set(name, groups[row]!)
    else if (first !== groups[row]) {
      throw new UserError(
        `The ${query} ${told(masked, query, name)} is in two groups of data.group, ${group} ${told(masked, group, first)} and ${group} ${told(masked, group, groups[row])}. Rows of one query belong to one group.`,
      )
    }
  }
}

/** Sentences on queries that no metric is taken over. */
export function silentQueries(sample: Sample): string[] {
  if (!sample.queries) return []
  const all = sample.queries.count
  const silent = all - telling(sample).length
  if (silent === 0) return []
  const which = `${rowsWord(silent, all).replace(' rows', ' queries')} left out`
  return [
    `${which}: they have one row only, or none that is relevant, so that no order of them is better than another.`,
  ]
}
