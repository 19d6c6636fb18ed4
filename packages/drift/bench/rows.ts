import type { Production } from '@modelyard/data'
import type { ColumnBins, ColumnCounts, Profile, ProfileV1 } from '@modelyard/spec'

/** A column as it lies in memory. */
export type Values = Float64Array | Array<string | null>
/** Columns by name, and the window that each row is in: null for none. */
export interface Rows {
  columns: Record<string, Values>
  window: Array<number | null> | Int32Array
}

/** When a window starts, by its number. */
export type Start = (window: number) => string | null

/**
 * The floor, and the judge of what DuckDB counts: a profile by walking over rows that all are in memory, sorting every
 * number and holding every category in a map. With `bins` it counts by these.
 */
export function profileRows(
  { columns, window }: Rows,
  about: Omit<ProfileV1, 'columns' | 'windows' | 'rows'>,
  start: Start,
  bins: readonly ColumnBins[] = Object.entries(columns).map(([name, values]) => binsOf(name, values)),
): ProfileV1 {
  const numbers = [...new Set(window)].sort((a, b) => (a ?? -1) - (b ?? -1))
  const counted = bins.map((each) => countRows(each, columns[each.name]!, window))
  return {
    ...about,
    rows: window.length,
    columns: [...bins],
    windows: numbers.map((number) => {
      const counts = counted.map((column) => column.get(number)!)
      return { start: number === null ? null : start(number), rows: rowsOf(counts[0]!), columns: counts }
    }),
  }
}

/** One window of production, counted like the reference. */
export function productionRows(
  reference: Profile,
  columns: Rows['columns'],
  times: { start: string; end: string },
): Production {
  const rows = columns[reference.columns[0]!.name]!.length
  const window = new Int32Array(rows)
  return {
    span: reference.span ?? '7d',
    rows,
    untimed: 0,
    future: null,
    windows: [
      {
        ...times,
        rows,
        columns: reference.columns.map((bins) => countRows(bins, columns[bins.name]!, window).get(0)!),
      },
    ],
    columns: reference.columns.map((bins) => {
      const values = columns[bins.name]!
      const sorted = values instanceof Float64Array ? values.filter(Number.isFinite).sort() : null
      return {
        type: sorted ? 'DOUBLE' : 'VARCHAR',
        comparable: true,
        quartiles: sorted && [rank(sorted, 25), rank(sorted, 50), rank(sorted, 75)],
        frequent: frequentOf(bins, values),
      }
    }),
  }
}

function rank(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)]!
}

function binsOf(name: string, values: Values): ColumnBins {
  if (values instanceof Float64Array) {
    const sorted = values.filter(Number.isFinite).sort()
    const edges = Array.from({ length: 99 }, (_, index) => rank(sorted, index + 1))
    const quartiles = [rank(sorted, 25), rank(sorted, 50), rank(sorted, 75)] as [number, number, number]
    return { kind: 'number', name, edges: [...new Set(edges)], min: sorted[0]!, max: sorted.at(-1)!, quartiles }
  }
  const count = new Map<string, number>()
  for (const value of values) if (value !== null) count.set(value, (count.get(value) ?? 0) + 1)
  const categories = [...count.keys()].sort((a, b) => count.get(b)! - count.get(a)! || (a < b ? -1 : 1)).slice(0, 1000)
  return { kind: 'category', name, categories }
}

function countRows(bins: ColumnBins, values: Values, window: Rows['window']): Map<number | null, ColumnCounts> {
  const found = new Map<number | null, ColumnCounts>()
  const place = new Map(bins.kind === 'category' ? bins.categories.map((each, index) => [each, index]) : [])
  const length = bins.kind === 'number' ? bins.edges.length + 1 : bins.categories.length
  for (let row = 0; row < values.length; row++) {
    const number = window[row]!
    let counts = found.get(number)
    if (!counts) {
      counts = { counts: new Array<number>(length).fill(0), nulls: 0, nan: 0, infinite: 0, other: 0 }
      found.set(number, counts)
    }
    const value = values[row]!
    if (bins.kind === 'category') {
      const index = place.get(value as string)
      if (value === null) counts.nulls++
      else if (index === undefined) counts.other++
      else counts.counts[index]!++
    } else {
      const x = value as number
      if (x < bins.min! || x > bins.max!) counts.other++
      counts.counts[binOf(bins.edges, x)]!++
    }
  }
  return found
}

/** The first bin whose upper edge is not below x, by halving. */
function binOf(edges: readonly number[], x: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

function frequentOf(bins: ColumnBins, values: Values): Production['columns'][number]['frequent'] {
  const known = new Set<unknown>(bins.kind === 'category' ? bins.categories : [])
  const count = new Map<number | string, number>()
  for (const value of values) if (value !== null && !known.has(value)) count.set(value, (count.get(value) ?? 0) + 1)
  const order = [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return order.slice(0, 50).map(([value, n]) => ({ value, counts: [n] }))
}

function rowsOf({ counts, nulls, nan, infinite, other }: ColumnCounts): number {
  return counts.reduce((sum, count) => sum + count, nulls + nan + infinite + other)
}
