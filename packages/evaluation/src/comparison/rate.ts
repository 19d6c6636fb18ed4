import { type Clusters, type Estimated, scatterOf, scoreInterval, studentQuantile } from '@modelyard/stats'

/** How often something happens in some rows, of so many in which it may. */
export interface Rate {
  hits: number
  trials: number
  /** The same of each cluster that has such rows, by its number; null where rows are independent of one another. */
  clusters: Map<number, { hits: number; trials: number }> | null
}

/** The rate of no row yet. */
export function noRows(clusters: Clusters | null): Rate {
  return { hits: 0, trials: 0, clusters: clusters && new Map() }
}

/** Counts one more row in which it may happen. */
export function addRow(rate: Rate, clusters: Clusters | null, row: number, happens: boolean): void {
  rate.hits += +happens
  rate.trials++
  if (!clusters || !rate.clusters) return
  const cluster = clusters.of[row]!
  const { hits, trials } = rate.clusters.get(cluster) ?? { hits: 0, trials: 0 }
  rate.clusters.set(cluster, { hits: hits + +happens, trials: trials + 1 })
}

/** How often something happens in some rows: `happens` says of each of them whether it does. */
export function rateOf(rows: Uint32Array, happens: readonly boolean[], clusters: Clusters | null): Rate {
  const rate = noRows(clusters)
  for (const [index, row] of rows.entries()) addRow(rate, clusters, row, happens[index]!)
  return rate
}

/**
 * Wilson's interval of a rate, which leaves out `tail` on either side. Of clusters, its number of rows is the effective
 * one, by the design effect of their spread, and Student's quantile takes the place of the normal one; where nothing
 * spreads, for all rows say the same, a cluster counts as a row.
 */
export function rateInterval(rate: Rate, tail: number): Estimated {
  const value = rate.hits / rate.trials
  const { effective, degreesOfFreedom } = evidenceOf(rate, value)
  const z = studentQuantile(1 - tail, degreesOfFreedom)
  return { value, ...(Number.isFinite(z) ? scoreInterval(value, effective, z) : { low: 0, high: 1 }) }
}

function evidenceOf(rate: Rate, value: number): { effective: number; degreesOfFreedom: number } {
  const { trials, clusters } = rate
  if (!clusters) return { effective: trials, degreesOfFreedom: Infinity }
  const { error, degreesOfFreedom } = scatterOf([...influencesOf(rate).values()])
  if (value === 0 || value === 1) return { effective: clusters.size, degreesOfFreedom }
  const design = error ** 2 / ((value * (1 - value)) / trials)
  return { effective: trials / Math.max(1, design), degreesOfFreedom }
}

/** What each cluster adds to the rate's distance from the truth, by its number; nothing where there are no clusters. */
export function influencesOf({ hits, trials, clusters }: Rate): Map<number, number> {
  const value = hits / trials
  return new Map([...(clusters ?? [])].map(([cluster, of]) => [cluster, (of.hits - value * of.trials) / trials]))
}
