import type { Dataset } from '@modelyard/data'
import { randomSource } from '@modelyard/stats'
import { checkSplit, type SplitOptions } from '../src/index.ts'
import { csv } from './fixtures.ts'

type Cell = number | string

/** What a row holds, made from its number and a source of random whole numbers below another one. */
export type MakeRow = (row: number, below: (n: number) => number) => Record<string, Cell>

/** Rows as CSV; the same seed makes the same ones. */
export function rowsOf(count: number, seed: number, make: MakeRow): string {
  const { below } = randomSource(seed)
  const rows = Array.from({ length: count }, (_, row) => make(row, below))
  return `${Object.keys(rows[0]!).join(',')}\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`
}

/** 2,000 flights to learn from and 1,000 to judge by: a fair split, but for what a test changes in the hold-out or in both. */
export function flight(first: number): MakeRow {
  return (row, below) => {
    const late = below(4) === 0 ? 1 : 0
    return {
      id: first + row,
      when: `2001-0${first < 5000 ? 1 : 3}-${String(1 + (row % 28)).padStart(2, '0')}`,
      day: `d${first}-${row % 28}`,
      hour: below(24) + late,
      distance: below(1e6) / 1000,
      origin: ['ORD', 'DFW', 'ATL', 'LAX'][below(4)]!,
      late,
    }
  }
}

export interface Changed {
  train?: (row: Record<string, Cell>, index: number) => Record<string, Cell>
  holdout?: (row: Record<string, Cell>, index: number) => Record<string, Cell>
  served?: string
  options?: Partial<SplitOptions>
}

/** Which checks of such a split do not pass, as `rule verdict column: found`. */
export async function broken({ train, holdout, served, options }: Changed): Promise<string[]> {
  const checks = await checksOf({
    ...(train && { train }),
    ...(holdout && { holdout }),
    ...(served !== undefined && { served }),
    ...(options && { options }),
  })
  return checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ rule, verdict, column, found }) => `${rule} ${verdict}${column === null ? '' : ` ${column}`}: ${found}`)
}

export async function checksOf({ train = same, holdout = same, served, options }: Changed) {
  const texts = [
    rowsOf(2000, 1, (row, below) => train(flight(0)(row, below), row)),
    rowsOf(1000, 2, (row, below) => holdout(flight(5000)(row, below), row)),
    ...(served === undefined ? [] : [served]),
  ]
  const open: Dataset[] = []
  try {
    for (const text of texts) open.push(await csv(text))
    return await checkSplit({
      train: open[0]!,
      holdout: open[1]!,
      served: open[2],
      labels: ['late'],
      id: 'id',
      time: 'when',
      group: 'day',
      task: 'binary-classification',
      ...options,
    })
  } finally {
    for (const each of open) each.close()
  }
}

function same(row: Record<string, Cell>): Record<string, Cell> {
  return row
}
