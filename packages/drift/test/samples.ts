import type { Production } from '@modelyard/data'
import type { ColumnBins, ColumnCounts, Profile } from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'

export type Value = number | string | null
/** Rows of one window, by column. */
export type Window = Record<string, Value[]>

const WEEK = 7 * 86_400_000
const FIRST = Date.parse('2001-01-04T00:00:00.000Z')
const at = (week: number) => new Date(FIRST + week * WEEK).toISOString()

/** Numbers from 0 to 1 that are always the same. */
export function uniform(seed: number): () => number {
  const random = randomSource(seed)
  return () => (random.below(2 ** 32) + 0.5) / 2 ** 32
}

/** The profile of weeks of rows. Without `timed` it is one heap of rows. */
export function referenceOf(windows: Window[], { timed = true } = {}): Profile {
  const columns = Object.keys(windows[0]!).map((name) =>
    binsOf(
      name,
      windows.flatMap((window) => window[name]!),
    ),
  )
  return {
    schema: 'https://modelyard.dev/profile/v1',
    model: 'm',
    data: 'a'.repeat(64),
    rows: windows.reduce((sum, window) => sum + rowsIn(window), 0),
    time: timed ? { column: 't', first: at(0), last: at(windows.length) } : null,
    span: timed ? '7d' : null,
    columns,
    windows: windows.map((window, week) => ({
      start: timed ? at(week) : null,
      rows: rowsIn(window),
      columns: columns.map((bins) => countsOf(bins, window[bins.name]!)),
    })),
  }
}

/** Weeks of production, counted like the reference, oldest first. */
export function productionOf(reference: Profile, windows: Window[], { timed = true } = {}): Production {
  return {
    span: '7d',
    rows: windows.reduce((sum, window) => sum + rowsIn(window), 0),
    untimed: 0,
    future: null,
    windows: windows.map((window, week) => ({
      start: timed ? at(30 + week) : null,
      end: timed ? at(31 + week) : null,
      rows: rowsIn(window),
      columns: reference.columns.map((bins) => (window[bins.name] ? countsOf(bins, window[bins.name]!) : null)),
    })),
    columns: reference.columns.map((bins) => {
      const values = windows.at(-1)![bins.name]
      if (!values) return { type: null, comparable: false, quartiles: null, frequent: [] }
      return {
        type: bins.kind === 'number' ? 'DOUBLE' : 'VARCHAR',
        comparable: true,
        quartiles: bins.kind === 'number' ? quartilesOf(finite(values)) : null,
        frequent: frequentOf(bins, windows),
      }
    }),
  }
}

function rowsIn(window: Window): number {
  return Object.values(window)[0]?.length ?? 0
}

function finite(values: Value[]): number[] {
  return values.filter((value): value is number => Number.isFinite(value)).sort((a, b) => a - b)
}

function rank(sorted: number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

function quartilesOf(sorted: number[]): [number, number, number] | null {
  return sorted.length === 0 ? null : [rank(sorted, 0.25), rank(sorted, 0.5), rank(sorted, 0.75)]
}

function binsOf(name: string, values: Value[]): ColumnBins {
  if (values.some((value) => typeof value === 'string')) {
    const count = new Map<string, number>()
    for (const value of values) if (typeof value === 'string') count.set(value, (count.get(value) ?? 0) + 1)
    return { kind: 'category', name, categories: [...count.keys()].sort((a, b) => count.get(b)! - count.get(a)!) }
  }
  const sorted = finite(values)
  const edges = sorted.length === 0 ? [] : Array.from({ length: 99 }, (_, i) => rank(sorted, (i + 1) / 100))
  const [min, max] = [sorted[0] ?? null, sorted.at(-1) ?? null]
  return { kind: 'number', name, edges: [...new Set(edges)], min, max, quartiles: quartilesOf(sorted) }
}

function countsOf(bins: ColumnBins, values: Value[]): ColumnCounts {
  const length = bins.kind === 'number' ? bins.edges.length + 1 : bins.categories.length
  const counts = { counts: new Array<number>(length).fill(0), nulls: 0, nan: 0, infinite: 0, other: 0 }
  for (const value of values) {
    if (value === null) counts.nulls++
    else if (Number.isNaN(value)) counts.nan++
    else if (bins.kind === 'category') {
      const index = bins.categories.indexOf(String(value))
      if (index < 0) counts.other++
      else counts.counts[index]!++
    } else if (!Number.isFinite(value)) counts.infinite++
    else {
      const x = Number(value)
      const bin = bins.edges.findIndex((edge) => x <= edge)
      counts.counts[bin < 0 ? bins.edges.length : bin]!++
      if (bins.min === null || x < bins.min || x > bins.max!) counts.other++
    }
  }
  return counts
}

function frequentOf(bins: ColumnBins, windows: Window[]): Production['columns'][number]['frequent'] {
  const known = (value: Value) =>
    bins.kind === 'number' ? !Number.isFinite(value) : value === null || bins.categories.includes(String(value))
  const found = new Map<Value, number[]>()
  for (const [index, window] of windows.entries()) {
    for (const value of window[bins.name] ?? []) {
      if (known(value)) continue
      const counts = found.get(value) ?? windows.map(() => 0)
      found.set(value, counts)
      counts[index]!++
    }
  }
  return [...found]
    .sort((a, b) => b[1].at(-1)! - a[1].at(-1)!)
    .filter(([, counts]) => counts.at(-1)! > 0)
    .slice(0, 50)
    .map(([value, counts]) => ({ value: value as number | string, counts }))
}
