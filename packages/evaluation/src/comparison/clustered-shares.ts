import { scatterOf, studentCdf, tangoInterval, tangoTest } from '@modelyard/stats'
import type { Share } from '../metrics/kinds.ts'
import { numberGroups, type Sample } from '../sample/sample.ts'
import type { Paired } from './comparison.ts'
import { FEWEST_GROUPS } from './evidence.ts'

/**
 * Tango's interval of the difference of two models' shares of the same rows, for rows in groups of which too few change
 * to show by their own spread how sure it is. Rows count as what they are worth by the greatest design effect that is
 * seen, of what the candidate gets right, of what the champion does and of the changes, and never as more than a row.
 * So changes are taken to gather in groups no more than errors do, or than they were seen to. Student's quantile takes
 * the place of the normal one. Undefined with too few groups, or where one of them is nearly all.
 */
export function compareClusteredShares(
  { groups }: Pick<Sample, 'groups'>,
  { hits: candidate, trials }: Share,
  { hits: champion }: Share,
  confidence: number,
): Paired | undefined {
  const rows = Array.from(trials.keys()).filter((row) => trials[row] === 1)
  const clusters = numberGroups(rows.map((row) => groups!.of[row]!))
  if (clusters.count < FEWEST_GROUPS) return undefined
  const [right, wasRight] = [candidate, champion].map((hits) => rows.map((row) => hits[row]!)) as [number[], number[]]
  const changes = right.map((hit, index) => hit - wasRight[index]!)
  const spreads = [right, wasRight].map((hits) => spreadOf(hits, clusters))
  const changed = spreadOf(changes, clusters)
  // Rows that all say the same do not show how alike those of a group are: then a group counts as a row.
  const design = Math.max(
    1,
    changed.design ?? 1,
    ...spreads.map((spread) => spread.design ?? rows.length / clusters.count),
  )
  const degreesOfFreedom = Math.min(...spreads.map((spread) => spread.degreesOfFreedom))
  const count = (sign: number) => changes.filter((change) => change === sign).length / design
  const counts = { first: count(1), second: count(-1), rows: rows.length / design }
  if (degreesOfFreedom < 1) return undefined
  return {
    difference: {
      value: (counts.first - counts.second) / counts.rows,
      ...tangoInterval(counts, confidence, degreesOfFreedom),
      method: 'cluster-tango',
    },
    worseBeyond: (margin) => studentCdf(tangoTest(counts, Math.max(-1, Math.min(1, -margin))).z, degreesOfFreedom),
  }
}

/** How many times the variance of independent rows the variance of rows in clusters is; undefined where nothing varies. */
function spreadOf(values: readonly number[], { of, count }: NonNullable<Sample['groups']>) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const influences = values.map((value) => value - mean)
  const sums = new Float64Array(count)
  for (const [row, influence] of influences.entries()) sums[of[row]!]! += influence
  const { error, degreesOfFreedom } = scatterOf(sums)
  const variance = scatterOf(influences).error ** 2
  return { design: variance > 0 ? error ** 2 / variance : undefined, degreesOfFreedom }
}
