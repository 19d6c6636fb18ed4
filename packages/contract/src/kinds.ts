import { type Family, familyOf } from './conditions.ts'

const kinds: Record<Family, string> = {
  integer: 'whole numbers',
  fraction: 'numbers',
  text: 'text',
  boolean: 'true and false',
  date: 'dates',
  timestamp: 'times',
  time: 'times of day',
  object: 'objects',
  array: 'lists',
}

/** What values of a type are, in people's words and DuckDB's: `whole numbers (BIGINT)`. */
export function kindOf(type: string): string {
  const family = familyOf(type)
  return family ? `${kinds[family]} (${type})` : type
}
