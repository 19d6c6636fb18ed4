import { amount, isComparing, isGroupMetric, isRowMetric, metricFacts, RULES } from '@modelyard/spec'
import { rowsToSettle } from '@modelyard/stats'
import type { MetricRecord } from '../comparison/comparison.ts'
import { asMetric, type Fairness } from '../fairness/fairness.ts'
import { isSensible, sayEvidence } from '../wording/sentences.ts'
import { type Gate, type GateRecord, marginOf } from './gate.ts'
import type { Part } from './gate-slices.ts'
import { settle } from './on-inconclusive.ts'
import { type Reading, readDifference, readLevel } from './readings.ts'

export interface GateOptions {
  gates: readonly Gate[]
  /** Every metric that a gate names, on all rows. */
  metrics: readonly MetricRecord[]
  /** The same on the parts of the hold-out that gates name, by their condition. */
  parts?: ReadonlyMap<string, Part>
  /** How the groups differ that gates compare. */
  fairness?: readonly Fairness[]
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
 * rules that compare are left out if the first version is allowed and an absolute rule on what it predicts is there to
 * judge it.
 */
export function decideGates(options: GateOptions): GateRecord[] {
  const waiting = waits(options)
  return options.gates.flatMap((gate) =>
    rulesOf(gate)
      .filter(({ rule }) => !waiting || !isComparing(rule))
      .map((asked) => ({ ...asked, ...decide(gate, asked.rule, options) })),
  )
}

/** The rules that compare, and are left out because there is no champion. */
export function waitingRules(options: Pick<GateOptions, 'gates' | 'champion' | 'firstVersion'>): WaitingRule[] {
  return waits(options) ? options.gates.flatMap(rulesOf).filter(({ rule }) => isComparing(rule)) : []
}

function waits({ gates, champion, firstVersion }: Pick<GateOptions, 'gates' | 'champion' | 'firstVersion'>): boolean {
  return champion === null && firstVersion === 'allow' && gates.some(isAbsolute)
}

/** Whether a gate judges what a model says, whatever the champion says. A small file is no reason to trust a model. */
function isAbsolute({ metric, min, max }: Gate): boolean {
  return (min !== undefined || max !== undefined) && (isRowMetric(metric) || isGroupMetric(metric))
}

/** A rule, and what it looks at. */
type WaitingRule = Pick<GateRecord, 'metric' | 'slice' | 'by' | 'rule' | 'written'>

function rulesOf(gate: Gate): WaitingRule[] {
  const { metric, slice, by } = gate
  const of = { metric, ...(slice !== undefined && { slice }), ...(by !== undefined && { by }) }
  return RULES.flatMap((rule) => (gate[rule] === undefined ? [] : [{ ...of, rule, written: String(gate[rule]) }]))
}

type Decision = Pick<GateRecord, 'limit' | 'verdict' | 'reason' | 'rows_needed' | 'on_inconclusive'> & Measured
/** The numbers on the part that a gate looks at. */
type Measured = Pick<GateRecord, 'candidate' | 'champion' | 'difference'>

function decide(gate: Gate, rule: GateRecord['rule'], options: GateOptions): Decision {
  const part = partOf(gate, options)
  const metric = (part ?? options).metrics.find(({ name }) => name === gate.metric)
  const limit = limitOf(gate, rule, metric)
  const say = (decision: Omit<Decision, 'limit'>): Decision => ({
    limit,
    ...(gate.slice !== undefined && metric ? measuredOf(metric) : {}),
    ...decision,
    reason: part ? `${gate.slice ?? gate.by}: ${decision.reason}` : decision.reason,
  })
  if (part?.unfit) return say(settle({ ...part.unfit, rows_needed: null }, gate.on_inconclusive))
  if (isComparing(rule) && options.champion === null) return say(undecided(gate, options))
  if (isComparing(rule) && options.identical && Number.isFinite(metric?.candidate.value))
    return say(readIdentical(rule, options))
  const setting = { confidence: options.confidence, champion: options.champion! }
  const reading = isComparing(rule)
    ? readDifference(metric, askedOf(gate, rule, limit), setting)
    : readLevel(metric, { metric: gate.metric, rule, limit }, options.confidence)
  return say(settle(advise(reading, gate, options.rows), gate.on_inconclusive))
}

function measuredOf({ candidate, champion, difference }: MetricRecord): Measured {
  return { candidate, champion, difference }
}

/** What a gate looks at that does not look at all rows alike. */
function partOf({ metric, slice, by }: Gate, { parts, fairness }: GateOptions): Part | undefined {
  if (slice !== undefined) return parts?.get(slice) ?? ABSENT
  if (by === undefined) return undefined
  const found = fairness?.find((each) => each.metric === metric && each.by === by)
  if (!found) return ABSENT
  const metrics = [asMetric(found)]
  if (found.groups.length >= 2 || !found.sound) return { metrics }
  return { metrics, unfit: { verdict: 'inconclusive', reason: found.candidate.reason! } }
}

const ABSENT: Part = { metrics: [], unfit: { verdict: 'fail', reason: 'The hold-out was not looked at there.' } }

/** What a rule asks for, in the metric's unit. A share of an unknown value allows nothing, and asks for any gain. */
function limitOf(gate: Gate, rule: GateRecord['rule'], metric: MetricRecord | undefined): number {
  const written = gate[rule]!
  if (written === true) return 0
  return isComparing(rule) ? marginOf(written, metric) : amount(written).value
}

function askedOf({ metric, ...gate }: Gate, rule: 'max_regression' | 'must_improve', limit: number) {
  const written = String(gate[rule])
  return rule === 'must_improve'
    ? { metric, written, gain: limit, strict: limit === 0 }
    : { metric, written, gain: -limit, strict: false }
}

/** What would replace itself loses nothing, and gains nothing. */
function readIdentical(rule: GateRecord['rule'], { champion }: GateOptions): Omit<Decision, 'limit'> {
  const same = `The candidate is ${champion}, byte for byte`
  return rule === 'must_improve'
    ? { verdict: 'fail', reason: `${same}, and has to be better.`, rows_needed: null }
    : { verdict: 'pass', reason: `${same}.`, rows_needed: null }
}

function undecided({ metric }: Gate, { firstVersion }: GateOptions): Omit<Decision, 'limit'> {
  const nothing = `There is no version to compare the ${metricFacts(metric).label} with`
  const mend =
    firstVersion === 'refuse'
      ? 'If this is the first version, allow it with evaluate.first_version: allow, and give it a gate with min or max.'
      : 'For a first version to be judged at all, give a gate a min or a max, on what the model predicts.'
  return { verdict: 'inconclusive', reason: `${nothing}. ${mend}`, rows_needed: null }
}

/** Adds to an inconclusive reading how many rows would settle it. More rows say nothing of a latency. */
function advise(reading: Reading, { metric }: Gate, rows: number): Omit<Decision, 'limit'> {
  const { verdict, reason, place } = reading
  if (verdict !== 'inconclusive' || !place) return { verdict, reason, rows_needed: null }
  const needed = isRowMetric(metric) || isGroupMetric(metric) ? rowsToSettle({ rows, ...place }, place.line) : null
  const advice = needed !== null && isSensible(rows, needed) ? needed : null
  return { verdict, reason: `${reason} ${sayEvidence(rows, needed)}`, rows_needed: advice }
}
