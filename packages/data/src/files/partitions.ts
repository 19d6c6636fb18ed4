import { UserError } from '@modelyard/spec'
import type { Column } from '../dataset.ts'
import { quoteLiteral } from '../engine/quote.ts'

/** A column whose values are in the names of folders, one for each file, as `year=2001/month=1/x.parquet` has two. */
export interface Partition extends Column {
  values: Array<string | null>
}

/**
 * The columns that the folders of files are named by. All files have the same or none. A column is BIGINT or DATE
 * where all its values are, and text otherwise. Throws a `UserError` where files have different ones, or one twice.
 */
export function partitionsOf(names: readonly string[]): Partition[] {
  const pairs = names.map(pairsOf)
  const keys = pairs[0]!.map(([key]) => key)
  const other = pairs.findIndex((each) => each.map(([key]) => key).join('/') !== keys.join('/'))
  if (other > 0) {
    const shown = (index: number) => pairs[index]!.map(([key]) => `${key}=`).join('/') || 'none'
    throw new UserError(
      `${names[0]} and ${names[other]} differ in the columns that folders are named by: ${shown(0)} and ${shown(other)}. Lay all files out in the same way.`,
    )
  }
  const twice = keys.find((key, index) => keys.slice(0, index).some((each) => each.toLowerCase() === key.toLowerCase()))
  if (twice !== undefined) throw new UserError(`The folders of ${names[0]} name the column ${twice} twice.`)
  return keys.map((name, index) => {
    const values = pairs.map((each) => each[index]![1])
    return { name, type: typeOf(values), values }
  })
}

/** A partition's values as an SQL list, in the order of the files. */
export function listOfValues({ values, type }: Pick<Partition, 'values' | 'type'>): string {
  return `([${values.map((value) => (value === null ? 'NULL' : quoteLiteral(value))).join(', ')}]::${type}[])`
}

function pairsOf(name: string): Array<[string, string | null]> {
  const folders = name.split('/').slice(0, -1)
  return folders.flatMap((folder) => {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(folder) ?? []
    if (key === undefined || value === undefined) return []
    return [[decoded(key), value === '__HIVE_DEFAULT_PARTITION__' ? null : decoded(value)]]
  })
}

function typeOf(values: ReadonlyArray<string | null>): string {
  const given = values.filter((value) => value !== null)
  if (given.length === 0) return 'VARCHAR'
  if (given.every((value) => /^-?[0-9]{1,18}$/.test(value))) return 'BIGINT'
  if (given.every(isDay)) return 'DATE'
  return 'VARCHAR'
}

function isDay(value: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(value) : undefined
  return time !== undefined && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value)
}

/** What does not decode is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
