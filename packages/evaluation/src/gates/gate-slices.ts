import type { Dataset } from '@modelyard/data'
import { isRowMetric, type Verdict } from '@modelyard/spec'
import { type CompareOptions, compareMetrics } from '../comparison/compare.ts'
import type { MetricRecord } from '../comparison/comparison.ts'
import { type Sample, subset } from '../sample/sample.ts'
import { rowsWhere } from './find-slices.ts'
import type { Gate } from './gate.ts'
import { tooSmall } from './slices.ts'

/** What a gate sees of the part of the hold-out that it looks at. */
export interface Part {
  metrics: MetricRecord[]
  /** What comes of a part on which nothing can be measured, whatever is asked. */
  unfit?: { verdict: Verdict; reason: string }
}

/** The rows of every part that gates name, by its condition. Throws a `UserError` for one that DuckDB does not take. */
export async function findGateSlices(dataset: Dataset, gates: readonly Gate[]): Promise<Map<string, Uint32Array>> {
  const found = new Map<string, Uint32Array>()
  for (const [index, { slice }] of gates.entries()) {
    if (slice === undefined || found.has(slice)) continue
    found.set(slice, await rowsWhere(dataset, slice, `evaluate.gates[${index}].slice`))
  }
  return found
}

/** Measures on each part what gates look at there. A part without rows fails; one with too few is not enough evidence. */
export function measureParts(
  sample: Sample,
  gates: readonly Gate[],
  parts: ReadonlyMap<string, Uint32Array>,
  { fewest, ...options }: CompareOptions & { fewest: number },
): Map<string, Part> {
  return new Map(
    [...parts].map(([condition, rows]) => {
      const unfit = unfitness(rows.length, fewest)
      if (unfit) return [condition, { metrics: [], unfit }]
      const names = gates.filter(({ slice }) => slice === condition).map(({ metric }) => metric)
      const compared = compareMetrics(subset(sample, rows), [...new Set(names)].filter(isRowMetric), options)
      return [condition, { metrics: compared.map(({ worseBeyond: _, ...metric }) => metric) }]
    }),
  )
}

function unfitness(rows: number, fewest: number): Part['unfit'] {
  if (rows === 0) return { verdict: 'fail', reason: 'No row of the hold-out is in it.' }
  if (rows >= fewest) return undefined
  return { verdict: 'inconclusive', reason: tooSmall(rows, fewest) }
}
