import { type GroupMetric, isGroupMetric } from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'
import type { Estimate, MetricRecord } from '../comparison/comparison.ts'
import { type Rate, rateInterval } from '../comparison/rate.ts'
import type { Gate } from '../gates/gate.ts'
import { defect } from '../metrics/defects.ts'
import type { Sample } from '../sample/sample.ts'
import { findGroups, type Groups, tooFewGroups } from './groups.ts'
import { permutationTest } from './permutation.ts'
import { countRates, type FairnessRecord, type RateName } from './rates.ts'
import { type Spread, spreadInterval, spreadOf, widest } from './spread.ts'

const ODDS = ['true_positive_rate', 'false_positive_rate'] as const
const METRICS: Record<GroupMetric, { spread: Spread; names: readonly [RateName, ...RateName[]] }> = {
  demographic_parity_difference: { spread: 'difference', names: ['selection_rate'] },
  demographic_parity_ratio: { spread: 'ratio', names: ['selection_rate'] },
  equalized_odds_difference: { spread: 'difference', names: ODDS },
  equalized_odds_ratio: { spread: 'ratio', names: ODDS },
  equal_opportunity_difference: { spread: 'difference', names: ['true_positive_rate'] },
  equal_opportunity_ratio: { spread: 'ratio', names: ['true_positive_rate'] },
  false_positive_rate_difference: { spread: 'difference', names: ['false_positive_rate'] },
  precision_score_difference: { spread: 'difference', names: ['precision'] },
  accuracy_score_difference: { spread: 'difference', names: ['accuracy'] },
}

export interface FairnessOptions {
  metric: GroupMetric
  /** The column that names the groups. */
  by: string
  /** Its values, one a row. */
  names: ReadonlyArray<string | null>
  confidence: number
  /** Of the permutation test. */
  seed: number
}

/** What was found of groups, and whether what was predicted of their rows is sound: else nothing can be made of it. */
export interface Fairness extends FairnessRecord {
  sound: boolean
}

/**
 * How rates differ between groups of rows, of candidate and champion, with the values of fairlearn's function of that
 * name on the groups that are large enough. Throws a `UserError` for a column that names too many groups.
 */
export function measureFairness(sample: Sample, options: FairnessOptions): Fairness {
  const { metric, by, confidence, seed } = options
  const { spread, names } = METRICS[metric]
  const groups = findGroups(by, options.names, sample)
  const measure = (predictions: Float64Array, whose: string): Measured => {
    const broken = defect('accuracy', sample, predictions, whose)
    const wrong = broken ?? tooFewGroups(by, groups, sample)
    if (wrong) return { families: null, estimate: none(wrong), sound: broken === undefined }
    const families = names.map((name) => countRates(name, sample, predictions, groups))
    return { families, estimate: estimate(families, options, groups, whose), sound: true }
  }
  const { families, estimate: candidate, sound } = measure(sample.candidate, 'The candidate')
  const defined = candidate.value === null ? null : families!.map(withTrials)
  const shown = defined ? mostSpread(defined, spread) : 0
  return {
    ...{ metric, by, sound },
    rate: names[shown]!,
    groups: groups.compared.map(({ name, rows }, group) => {
      const rate = families?.[shown]?.[group]
      const reason = rate ? noTrial(names[shown]!, by, name, 'The candidate') : candidate.reason!
      const known = rate && rate.trials > 0
      return { name: name ?? MISSING, rows, rate: known ? rateInterval(rate, (1 - confidence) / 2) : none(reason) }
    }),
    left_out: groups.leftOut,
    candidate,
    champion: sample.champion && measure(sample.champion, 'The champion').estimate,
    p_value: candidate.low === null ? null : permutationTest(families!, spread, candidate.value!, randomSource(seed)),
  }
}

/** Measures every metric of groups that gates name, by the columns of those groups. */
export function measureGroups(
  sample: Sample,
  gates: readonly Gate[],
  columns: ReadonlyMap<string, ReadonlyArray<string | null>>,
  options: Pick<FairnessOptions, 'confidence' | 'seed'>,
): Fairness[] {
  const asked = new Map<string, FairnessOptions>()
  for (const { metric, by } of gates) {
    const names = by === undefined ? undefined : columns.get(by)
    if (names && by !== undefined && isGroupMetric(metric))
      asked.set(`${metric} ${by}`, { metric, by, names, ...options })
  }
  return [...asked.values()].map((each) => measureFairness(sample, each))
}

/** What a gate decides by: there is no interval of the difference of two models' spreads. */
export function asMetric({ metric, candidate, champion }: FairnessRecord): MetricRecord {
  return { name: metric, candidate, champion, difference: null }
}

const MISSING = '(missing)'

interface Measured {
  /** Each rate in all groups. */
  families: Rate[][] | null
  estimate: Estimate
  sound: boolean
}

function estimate(
  families: readonly Rate[][],
  { metric, by, confidence }: FairnessOptions,
  { compared }: Groups,
  whose: string,
): Estimate {
  const { spread, names } = METRICS[metric]
  const defined = families.map(withTrials)
  const spreads = defined.map((rates) => spreadOf(rates.map(share), spread))
  const value = widest(spreads, spread)
  for (const [family, rates] of families.entries()) {
    const empty = rates.findIndex(({ trials }) => trials === 0)
    if (empty < 0 && !Number.isNaN(spreads[family])) continue
    const rate = names[family]!
    const reason = empty < 0 ? noRatio(rate, by, whose) : noTrial(rate, by, compared[empty]!.name, whose)
    // What the others say is told; how far these are apart is not known.
    const few = Number.isNaN(value) || defined.some(({ length }) => length < 2)
    return few ? none(reason) : { value, low: null, high: null, reason }
  }
  return { value, ...spreadInterval(families, spread, confidence) }
}

/** Which of several rates differs the most. */
function mostSpread(families: ReadonlyArray<readonly Rate[]>, spread: Spread): number {
  const spreads = families.map((rates) => spreadOf(rates.map(share), spread))
  return spreads.indexOf(widest(spreads, spread))
}

function share({ hits, trials }: Rate): number {
  return hits / trials
}

function withTrials(rates: readonly Rate[]): Rate[] {
  return rates.filter(({ trials }) => trials > 0)
}

/** Why a group has no such rate. */
function noTrial(rate: RateName, by: string, name: string | null, whose: string): string {
  const where = name === null ? `${by} is missing` : `${by} is ${name}`
  if (rate === 'precision') return `${whose} predicts no row positive where ${where}, so there is no precision.`
  const label = rate === 'true_positive_rate' ? 'positive' : 'negative'
  return `No row is labelled ${label} where ${where}, so there is no ${rate.replaceAll('_', ' ')}.`
}

/** Why a rate that is 0 in all groups has no ratio: nothing by nothing. */
function noRatio(rate: RateName, by: string, whose: string): string {
  return `${whose} has a ${rate.replaceAll('_', ' ')} of 0 in every group of ${by}, so there is no ratio.`
}

function none(reason: string): Estimate {
  return { value: null, low: null, high: null, reason }
}
