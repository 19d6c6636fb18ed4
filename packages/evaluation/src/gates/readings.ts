import { metricFacts, type Verdict } from '@modelyard/spec'
import type { MetricRecord } from '../comparison/comparison.ts'
import { type Setting, sayAlone, sayDifference, sayLevel, sayMargin } from '../wording/sentences.ts'

/** A verdict, and what the advice on rows needs: where the estimate, the interval and the line stand. */
export interface Reading {
  verdict: Verdict
  reason: string
  place: { estimate: number; low: number; high: number; line: number } | null
}

/** What a difference is held against. */
export interface Asked {
  metric: MetricRecord['name']
  /** By how much the candidate must be better, in the metric's unit; negative where it may be worse. */
  gain: number
  /** As the model file writes it: `0.005`, `20%`, `true`. */
  written: string
  /** Whether nothing is no gain: the candidate must be better beyond doubt. */
  strict: boolean
}

/** Is the candidate better than the champion by a gain, or no worse than is allowed? */
export function readDifference(found: MetricRecord | undefined, asked: Asked, setting: Setting): Reading {
  const difference = found?.difference
  const { label, better } = metricFacts(asked.metric)
  if (!difference || !isNumber(difference.value)) return unknown(label, difference?.reason)
  if (!isNumber(difference.low) || !isNumber(difference.high)) return unsure(label, difference.reason)
  const turned = better === 'lower'
  const [low, high] = turned ? [-difference.high, -difference.low] : [difference.low, difference.high]
  const value = turned ? -difference.value : difference.value
  const { gain, strict } = asked
  const passes = strict ? low > gain : low >= gain
  const fails = strict ? high <= gain : high < gain
  const sayAsked = strict ? () => 'it has to be better' : sayMargin(-gain, asked.written)
  return {
    verdict: passes ? 'pass' : fails ? 'fail' : 'inconclusive',
    reason: sayDifference(asked.metric, { value, low, high }, gain, sayAsked, setting),
    place: { estimate: value, low, high, line: gain },
  }
}

/** Is the candidate's own value on the good side of a limit? */
export function readLevel(
  found: MetricRecord | undefined,
  { metric, rule, limit }: { metric: MetricRecord['name']; rule: 'min' | 'max'; limit: number },
  confidence: number,
): Reading {
  const { label } = metricFacts(metric)
  const { value, low, high, reason: why } = found?.candidate ?? { value: null, low: null, high: null }
  if (!isNumber(value)) return unknown(label, why)
  if (!isNumber(low) || !isNumber(high)) return unsure(label, why)
  const passes = rule === 'min' ? low >= limit : high <= limit
  const fails = rule === 'min' ? high < limit : low > limit
  return {
    verdict: passes ? 'pass' : fails ? 'fail' : 'inconclusive',
    reason: sayLevel(metric, { value, low, high }, rule, limit, confidence),
    place: { estimate: value, low, high, line: limit },
  }
}

/** What a value is where nothing is asked of it, for there is nothing yet to compare it with. */
export function readAlone({ name, candidate }: MetricRecord, confidence: number): Reading {
  const { value, low, high } = candidate
  if (!isNumber(value)) return unknown(metricFacts(name).label, candidate.reason)
  const ends = isNumber(low) && isNumber(high) ? { low, high } : null
  return { verdict: 'pass', reason: sayAlone(name, value, ends, confidence), place: null }
}

function unknown(label: string, why = 'It was not measured.'): Reading {
  return { verdict: 'fail', reason: `${label} has no value: ${lowerFirst(why)}`, place: null }
}

function unsure(label: string, why = 'Its interval was not computed.'): Reading {
  return { verdict: 'inconclusive', reason: `How sure ${label} is cannot be told: ${lowerFirst(why)}`, place: null }
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

/** NaN is no number here, so that it can never be compared into a pass. */
function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
