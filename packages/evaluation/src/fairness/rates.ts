import type { Predicate } from '@modelyard/spec'
import { type Estimated, scatterOf, scoreInterval, studentQuantile } from '@modelyard/stats'
import { choose, type Sample, type Truth } from '../sample.ts'
import type { Groups } from './groups.ts'

export type FairnessRecord = NonNullable<Predicate<'gate'>['fairness']>[number]
export type RateName = FairnessRecord['rate']

/** How often something happens in a group of rows, of so many rows in which it may. */
export interface Rate {
  hits: number
  trials: number
  /** The same of each cluster that has such rows, by its number; null where rows are independent of one another. */
  clusters: Map<number, { hits: number; trials: number }> | null
}

/** For labels and chosen classes, 1 and 0: whether a row is one of those in which it may happen, and whether it does. */
const RATES: Record<
  RateName,
  { trial(label: number, chosen: number): boolean; hit(label: number, chosen: number): boolean }
> = {
  selection_rate: { trial: () => true, hit: (_, chosen) => chosen === 1 },
  true_positive_rate: { trial: (label) => label === 1, hit: (_, chosen) => chosen === 1 },
  false_positive_rate: { trial: (label) => label === 0, hit: (_, chosen) => chosen === 1 },
  precision: { trial: (_, chosen) => chosen === 1, hit: (label) => label === 1 },
  accuracy: { trial: () => true, hit: (label, chosen) => label === chosen },
}

/** Counts a rate in each group. */
export function countRates(
  name: RateName,
  truth: Truth & Pick<Sample, 'groups'>,
  predictions: Float64Array,
  groups: Groups,
): Rate[] {
  const { trial, hit } = RATES[name]
  const { labels, groups: clusters } = truth
  const chosen = choose(truth, predictions)
  const rates = groups.compared.map((): Rate => ({ hits: 0, trials: 0, clusters: clusters && new Map() }))
  for (const [row, group] of groups.of.entries()) {
    const [label, choice] = [labels[row]!, chosen[row]!]
    if (group < 0 || !trial(label, choice)) continue
    const rate = rates[group]!
    const happens = +hit(label, choice)
    rate.hits += happens
    rate.trials++
    if (!clusters || !rate.clusters) continue
    const cluster = clusters.of[row]!
    const { hits, trials } = rate.clusters.get(cluster) ?? { hits: 0, trials: 0 }
    rate.clusters.set(cluster, { hits: hits + happens, trials: trials + 1 })
  }
  return rates
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

/** How two rates vary together, −1 to 1, by their influences: only through clusters that have rows of both. */
export function correlation(one: Map<number, number>, other: Map<number, number>): number {
  let product = 0
  for (const [cluster, influence] of one) product += influence * (other.get(cluster) ?? 0)
  return product === 0 ? 0 : product / Math.sqrt(squares(one) * squares(other))
}

function squares(influences: Map<number, number>): number {
  let sum = 0
  for (const influence of influences.values()) sum += influence ** 2
  return sum
}
