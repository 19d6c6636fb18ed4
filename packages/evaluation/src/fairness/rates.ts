import type { Predicate } from '@modelyard/spec'
import { addRow, noRows, type Rate } from '../comparison/rate.ts'
import { choose, type Sample, type Truth } from '../sample/sample.ts'
import type { Groups } from './groups.ts'

export type FairnessRecord = NonNullable<Predicate<'gate'>['fairness']>[number]
export type RateName = FairnessRecord['rate']

interface Counted {
  /** Whether a row is one of those in which it may happen, by its label and chosen class, 1 and 0; and whether it does. */
  trial(label: number, chosen: number): boolean
  hit(label: number, chosen: number): boolean
}

const RATES: Record<RateName, Counted> = {
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
  const rates = groups.compared.map(() => noRows(clusters))
  for (const [row, group] of groups.of.entries()) {
    const [label, choice] = [labels[row]!, chosen[row]!]
    if (group >= 0 && trial(label, choice)) addRow(rates[group]!, clusters, row, hit(label, choice))
  }
  return rates
}
