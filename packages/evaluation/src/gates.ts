import { amount, type ModelFile, metricFacts, type Predicate, UserError, type Verdict } from '@modelyard/spec'
import { rowsToSettle } from '@modelyard/stats'
import type { MetricRecord } from './comparison.ts'
import { type Setting, sayDifference, sayEvidence, sayLevel, sayMargin } from './wording/sentences.ts'

export type Gate = ModelFile['evaluate']['gates'][number]
/** A gate's rule as the gate record holds it. */
export type GateRecord = Predicate<'gate'>['gates'][number]

export interface GateOptions {
  gates: readonly Gate[]
  /** Every metric that a gate names. */
  metrics: readonly MetricRecord[]
  /** Rows of the hold-out, for advice on how many would do. */
  rows: number
  confidence: number
  /** How sentences call the champion; null where there is none. */
  champion: string | null
  /** Whether the candidate is the champion, byte for byte: then nothing would be replaced. */
  identical?: boolean
  /** What the gates that compare come to where there is no champion. */
  firstVersion: 'allow' | 'refuse'
}

/**
 * Decides every rule of every gate from the ends of the interval that the record prints, so that picture and verdict
 * agree: beyond the line with both ends, or not enough evidence. A value that is not there fails. Without a champion,
 * rules that compare are left out if the first version is allowed and an absolute rule is there to judge it.
 */
export function decideGates(options: GateOptions): GateRecord[] {
  const { gates, champion, firstVersion } = options
  const leaveOut = champion === null && firstVersion === 'allow' && gates.some(isAbsolute)
  return gates.flatMap((gate) => {
    const metric = options.metrics.find(({ name }) => name === gate.metric)
    return rulesOf(gate)
      .filter(({ rule }) => !leaveOut || rule === 'min' || rule === 'max')
      .map(({ rule, written }) => ({ metric: gate.metric, rule, written, ...decide(gate, rule, metric, options) }))
  })
}

/** Throws a `UserError` for rules that no number can be read from. */
export function checkGates(gates: readonly Gate[]): void {
  for (const [index, gate] of gates.entries()) {
    for (const { rule, written } of rulesOf(gate)) {
      const key = `evaluate.gates[${index}].${rule} is ${written}`
      if (written.endsWith('%') && rule !== 'max_regression') {
        throw new UserError(`${key}, but a percentage is of the champion's value. Write a plain number.`)
      }
      if (written.endsWith('s') && !isLatency(gate.metric)) {
        throw new UserError(`${key}, but ${gate.metric} is not a time. Write a plain number.`)
      }
    }
  }
}

export function isLatency(metric: string): boolean {
  return metric.startsWith('latency_')
}

function isAbsolute({ min, max }: Gate): boolean {
  return min !== undefined || max !== undefined
}

function rulesOf(gate: Gate): Array<{ rule: GateRecord['rule']; written: string }> {
  const rules = ['min', 'max', 'max_regression', 'must_improve'] as const
  return rules.flatMap((rule) => (gate[rule] === undefined ? [] : [{ rule, written: String(gate[rule]) }]))
}

type Decision = Pick<GateRecord, 'limit' | 'verdict' | 'reason' | 'rows_needed'>

function decide(
  gate: Gate,
  rule: GateRecord['rule'],
  metric: MetricRecord | undefined,
  options: GateOptions,
): Decision {
  if (rule === 'min' || rule === 'max') return decideLevel(gate, rule, metric, options)
  const written = rule === 'must_improve' ? 0 : gate.max_regression!
  const { champion } = options
  if (champion === null) return undecided(gate, amount(written).value, options)
  const margin = marginOf(written, metric)
  if (options.identical) {
    return { limit: margin, verdict: 'pass', reason: `The candidate is ${champion}, byte for byte.`, rows_needed: null }
  }
  const decision = decideDifference(metric, gate, margin, options.confidence, champion, rule === 'must_improve')
  return { limit: margin, ...advise(decision, metric, options.rows) }
}

function undecided(gate: Gate, limit: number, { firstVersion }: GateOptions): Decision {
  const nothing = `There is no version to compare the ${metricFacts(gate.metric).label} with`
  const mend =
    firstVersion === 'refuse'
      ? 'If this is the first version, allow it with evaluate.first_version: allow, and give it a gate with min or max.'
      : 'For a first version to be judged at all, give a gate a min or a max.'
  return { limit, verdict: 'inconclusive', reason: `${nothing}. ${mend}`, rows_needed: null }
}

/** How much worse than the champion is allowed, in the metric's unit. A share of an unknown value allows nothing. */
export function marginOf(written: number | string, metric: MetricRecord | undefined): number {
  const { value, relative } = amount(written)
  return relative ? value * Math.abs(metric?.champion?.value ?? 0) : value
}

/** A verdict, and what the advice on rows needs: where the estimate, the interval and the line stand. */
export interface Reading {
  verdict: Verdict
  reason: string
  place: { estimate: number; low: number; high: number; line: number } | null
}

/** Is the candidate no worse than the champion by more than `margin`; or better, if it must improve? */
export function decideDifference(
  metric: MetricRecord | undefined,
  gate: Gate,
  margin: number,
  confidence: number,
  champion: string,
  mustImprove = false,
): Reading {
  const difference = metric?.difference
  const label = metricFacts(gate.metric).label
  if (!difference || !isNumber(difference.value)) return unknown(label, difference?.reason)
  if (!isNumber(difference.low) || !isNumber(difference.high)) return unsure(label, difference.reason)
  const turned = metricFacts(gate.metric).better === 'lower'
  const [low, high] = turned ? [-difference.high, -difference.low] : [difference.low, difference.high]
  const value = turned ? -difference.value : difference.value
  const line = mustImprove ? 0 : -margin
  const verdict = mustImprove
    ? low > 0
      ? 'pass'
      : high <= 0
        ? 'fail'
        : 'inconclusive'
    : low >= line
      ? 'pass'
      : high < line
        ? 'fail'
        : 'inconclusive'
  const asked = mustImprove ? () => 'it has to be better' : sayMargin(margin, String(gate.max_regression))
  const setting: Setting = { confidence, champion }
  const reason = sayDifference(gate.metric, { value, low, high }, line, asked, setting)
  return { verdict, reason, place: { estimate: value, low, high, line } }
}

function decideLevel(
  gate: Gate,
  rule: 'min' | 'max',
  metric: MetricRecord | undefined,
  options: GateOptions,
): Decision {
  const limit = amount(gate[rule]!).value
  const reading = readLevel(gate, rule, limit, metric, options.confidence)
  return { limit, ...advise(reading, metric, options.rows) }
}

function readLevel(
  gate: Gate,
  rule: 'min' | 'max',
  limit: number,
  metric: MetricRecord | undefined,
  confidence: number,
): Reading {
  const label = metricFacts(gate.metric).label
  const { value, low, high, reason: why } = metric?.candidate ?? { value: null, low: null, high: null }
  if (!isNumber(value)) return unknown(label, why)
  if (!isNumber(low) || !isNumber(high)) return unsure(label, why)
  const passes = rule === 'min' ? low >= limit : high <= limit
  const fails = rule === 'min' ? high < limit : low > limit
  return {
    verdict: passes ? 'pass' : fails ? 'fail' : 'inconclusive',
    reason: sayLevel(gate.metric, { value, low, high }, rule, limit, confidence),
    place: { estimate: value, low, high, line: limit },
  }
}

/** Adds to an inconclusive reading how many rows would settle it. More rows say nothing of a latency. */
function advise(reading: Reading, metric: MetricRecord | undefined, rows: number): Omit<Decision, 'limit'> {
  const { verdict, reason, place } = reading
  if (verdict !== 'inconclusive' || !place) return { verdict, reason, rows_needed: null }
  const needed = metric && isLatency(metric.name) ? null : rowsToSettle({ rows, ...place }, place.line)
  return { verdict, reason: `${reason} ${sayEvidence(rows, needed)}`, rows_needed: needed }
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
