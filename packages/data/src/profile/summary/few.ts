import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../../dataset.ts'
import { quoteIdentifier } from '../../engine/quote.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { distinctOf, firstValues, type Values } from './distinct.ts'
import { finiteValue, hashSql, summaryKind } from './kinds.ts'
import { compareText } from './order.ts'
import { registerOf } from './registers.ts'
import { sketchOf } from './sketch.ts'

/** So many different values are looked at one by one; a column that has more is scanned as others are. */
export const MOST_FEW = 10_000

/** A value with how often it is there: all that a summary needs, at one scan, where they are few. */
interface Few {
  /** Cut where it is long. */
  value: string
  /** Of text before it is cut. */
  length: number
  hash: number
  count: number
}

/** The different values of a column in `modelyard_part`, without null; undefined where they are too many. */
export async function listFew(dataset: Dataset, { name, type }: ColumnPlan): Promise<Few[] | undefined> {
  const value = finiteValue({ name: 'v', type })
  const rows = await dataset.query(
    `SELECT ${value}::VARCHAR AS value, length(v::VARCHAR) AS length, ${hashSql(value)} AS hash, n AS count
    FROM (SELECT v, count(*) AS n FROM (SELECT ${quoteIdentifier(name)} AS v FROM modelyard_part) WHERE v IS NOT NULL GROUP BY v LIMIT ${MOST_FEW + 1})`,
  )
  if (rows.length > MOST_FEW) return undefined
  return rows.map(({ value, length, hash, count }) => ({
    value: String(value),
    length: Number(length),
    hash: Number(hash),
    count: Number(count),
  }))
}

/** What `countSummaries` says of a column of text or of booleans in so many rows. */
export function countFew({ name, type, masked }: ColumnPlan, few: readonly Few[], rows: number) {
  const sum = (wanted: readonly Few[], of = ({ count }: Few) => count) =>
    wanted.reduce((total, each) => total + of(each), 0)
  const values = few.map(({ value }) => value).sort((a, b) => compareText(type, a, b))
  const lengths = few.map(({ length }) => length)
  return {
    name,
    type,
    masked,
    nulls: rows - sum(few),
    nan: 0,
    infinite: { positive: 0, negative: 0 },
    zeros: 0,
    empty: type === 'VARCHAR' ? sum(few.filter(({ value }) => value === '')) : 0,
    true: type === 'BOOLEAN' ? sum(few.filter(({ value }) => value === 'true')) : 0,
    min: values[0] ?? null,
    max: values.at(-1) ?? null,
    sums: null,
    lengths:
      summaryKind(type) === 'text' && few.length > 0
        ? {
            min: Math.min(...lengths),
            max: Math.max(...lengths),
            sum: sum(few, ({ length, count }) => length * count),
          }
        : null,
  }
}

/** The sketches of a column, and its values. */
export function summarizeFew(
  { type }: ColumnPlan,
  few: readonly Few[],
): Pick<ColumnSummary, 'sketch' | 'distinct' | 'values'> {
  // Texts that differ only in what is cut off are one value.
  const counts = new Map<string, number>()
  for (const { value, count } of few) counts.set(value, (counts.get(value) ?? 0) + count)
  const values: Values = [...counts].map(([value, count]) => ({ value, count }))
  return {
    sketch: summaryKind(type) === 'number' ? sketchOf(few.map(({ value, count }) => [Number(value), count])) : null,
    distinct: distinctOf(leastByRegister(few)),
    values: firstValues(values),
  }
}

function leastByRegister(few: readonly Few[]): number[] {
  const least = new Map<number, number>()
  for (const { hash } of few) {
    const register = registerOf(hash)
    least.set(register, Math.min(hash, least.get(register) ?? hash))
  }
  return [...least.values()]
}
