import { type Column, lookLikeData } from '@modelyard/data'
import { columnOf, type SchemaObject } from './document.ts'

/** Of fewer columns than these it cannot be told whether a contract is for another table or lags behind. */
const FEWEST = 3

/** Names are listed up to so many. */
const SHOWN = 5

/** A sentence where a contract describes another table: most of its columns are not there, nor most of the data's in it. */
export function describesOther(
  { name, properties = [] }: SchemaObject,
  columns: readonly Column[],
): string | undefined {
  const described = properties.map(columnOf)
  const there = new Set(columns.map((column) => column.name))
  const shared = described.filter((column) => there.has(column))
  const few = (names: number) => shared.length * 2 < names
  if (described.length < FEWEST || !few(described.length) || !few(columns.length)) return undefined
  return `Of the ${described.length} columns that ${name} has in the contract (${listed(described)}), the data have ${shared.length}; theirs ${lookLikeData([...there]) ? 'look like data: is the first line a header?' : `are ${listed([...there])}. Is this the contract of these data?`}`
}

function listed(names: readonly string[]): string {
  const rest = names.length - SHOWN
  return rest > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${rest} more` : names.join(', ')
}
