import { type Estimate, isScore, type MetricName, metricFacts, type Predicate } from '@modelyard/spec'
import { formatDecimal } from '../document/numbers.ts'

export type Gate = Predicate<'gate'>
export type MetricResult = Gate['metrics'][number]
export type GateResult = Gate['gates'][number]

/** How the numbers of one metric are written: multiplied, with so many decimals, and a unit. */
export interface Scale {
  factor: number
  decimals: number
  unit: string
}

const MOST_DECIMALS = 8

/** What is compared: the numbers of a metric or of a slice. */
export interface Compared {
  candidate: Estimate
  champion?: Estimate | null
  difference?: Estimate | null
}

/**
 * How to write a metric's numbers so that the printed ones tell the same story as the record's: enough decimals for
 * the width of the interval, and for each number to stay on its side of no difference and of what its own gates ask.
 */
export function scaleOf(
  name: MetricName,
  { candidate, champion, difference }: Compared,
  own: readonly GateResult[],
): Scale {
  const { factor, unit, least } = unitOf(name, Math.abs(candidate.value ?? champion?.value ?? 0))
  const known = (numbers: Array<number | null | undefined>) =>
    numbers.flatMap((number) => (typeof number === 'number' ? [number * factor] : []))
  const limits = (...rules: GateResult['rule'][]) =>
    own.flatMap(({ rule, limit }) => (rules.includes(rule) ? [limit] : []))
  const towardsWorse = metricFacts(name).better === 'higher' ? -1 : 1
  const losses = [
    ...limits('max_regression').map((limit) => towardsWorse * limit),
    ...limits('must_improve').map((limit) => -towardsWorse * limit),
  ]
  const sides = [
    { ends: known([difference?.low, difference?.high]), marks: known([0, ...losses]) },
    { ends: known([candidate.low, candidate.value, candidate.high]), marks: known(limits('min', 'max')) },
  ]
  const width = difference ? ((difference.high ?? 0) - (difference.low ?? 0)) * factor : 0
  let decimals = least
  while (decimals < MOST_DECIMALS && !(10 ** -decimals <= width / 4 || width <= 0)) decimals += 1
  while (decimals < MOST_DECIMALS && !sides.every(({ ends, marks }) => keepSides(ends, marks, decimals))) decimals += 1
  return { factor, decimals, unit }
}

function keepSides(ends: number[], marks: number[], decimals: number): boolean {
  return ends.every((end) => marks.every((mark) => sideOf(round(end, decimals), mark) === sideOf(end, mark)))
}

/** −1, 0 or 1; what differs by less than a double can tell after a multiplication is the same. */
function sideOf(value: number, mark: number): number {
  return Math.abs(value - mark) <= 1e-12 * Math.abs(mark) ? 0 : Math.sign(value - mark)
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}

/** From the largest: what a unit is worth, in seconds or bytes. */
const UNITS = {
  s: [
    { worth: 3600, name: 'h', least: 1 },
    { worth: 120, name: 'min', least: 1, per: 60 },
    { worth: 1, name: 's', least: 2 },
    { worth: 1e-5, name: 'ms', least: 2, per: 1e-3 },
    { worth: 0, name: 'µs', least: 2, per: 1e-6 },
  ],
  bytes: [
    { worth: 1e9, name: 'GB', least: 2 },
    { worth: 1e6, name: 'MB', least: 1 },
    { worth: 1e3, name: 'kB', least: 1 },
    { worth: 0, name: 'B', least: 0, per: 1 },
  ],
} as const

function unitOf(name: MetricName, magnitude: number): { factor: number; unit: string; least: number } {
  const { unit, score, of } = metricFacts(name)
  if (unit) {
    const units: ReadonlyArray<{ worth: number; name: string; least: number; per?: number }> = UNITS[unit]
    // A time of nothing is written in milliseconds, as the shortest that people set limits in.
    const found = units.find(({ worth }) => (magnitude || (unit === 's' ? 1e-3 : 0)) >= worth)!
    return { factor: 1 / (found.per ?? found.worth), unit: `\u00a0${found.name}`, least: found.least }
  }
  if (score) return { factor: 1, unit: '', least: 3 }
  if (of === 'training') return { factor: 1, unit: '', least: 2 }
  const digits = magnitude > 0 ? Math.ceil(Math.log10(magnitude)) : 0
  return { factor: 1, unit: '', least: magnitude >= 1 ? Math.max(0, 3 - digits) : Math.min(6, Math.max(4, 3 - digits)) }
}

/** A value or limit of the metric: `0.684`, `0.41 ms`; `—` where there is none. */
export function formatValue(value: number | null | undefined, { factor, decimals, unit }: Scale): string {
  return typeof value === 'number' ? formatDecimal(value * factor, decimals) + unit : '—'
}

/** A limit that a gate asks for, as exactly as a person writes one, in the unit that suits it: `0.6`, `5 ms`, `50 MB`. */
export function formatLimit(limit: number, name: MetricName): string {
  const { factor, unit } = unitOf(name, Math.abs(limit))
  return exact(limit * factor) + unit
}

/** The same as an amount that may be lost, without its unit: `0.5` of AUC's points. */
export function formatMargin(margin: number, name: MetricName, { factor }: Scale): string {
  return exact(Number((margin * (isScore(name) ? 100 : factor)).toPrecision(3)))
}

function exact(value: number): string {
  const written = Number(value.toPrecision(6))
  const decimals = Array.from({ length: MOST_DECIMALS }, (_, digits) => digits).find(
    (digits) => round(written, digits) === written,
  )
  return formatDecimal(written, decimals ?? MOST_DECIMALS)
}

/** A value with its interval: `0.684 (0.681 … 0.687)`. */
export function formatEstimate(estimate: Estimate, scale: Scale, { sign = false }: { sign?: boolean } = {}): string {
  if (estimate.value === null) return '—'
  const number = (value: number) => formatDecimal(value * scale.factor, scale.decimals, { sign })
  const value = number(estimate.value) + scale.unit
  if (estimate.low === null || estimate.high === null) return value
  return `${value} (${number(estimate.low)}\u00a0…\u00a0${number(estimate.high)})`
}

/** `0.8 points` of AUC, `0.0012` of a Brier score, `0.03 ms`: a difference in words. */
export function formatAmount(difference: number, name: MetricName, scale: Scale, options?: { sign?: boolean }): string {
  return `${formatAmountNumber(difference, name, scale, options)}${isScore(name) ? '\u00a0points' : scale.unit}`
}

/** The same without its unit, for the ends of an interval. */
export function formatAmountNumber(
  difference: number,
  name: MetricName,
  scale: Scale,
  options?: { sign?: boolean },
): string {
  return isScore(name)
    ? formatDecimal(difference * 100, Math.max(1, scale.decimals - 2), options)
    : formatDecimal(difference * scale.factor, scale.decimals, options)
}

/** The difference turned so that more is better, where all of it is known. */
export function improvement(
  name: MetricName,
  difference: Estimate | null | undefined,
): { low: number; value: number; high: number } | undefined {
  if (!difference || difference.low === null || difference.value === null || difference.high === null) return undefined
  const { low, value, high } = difference
  return metricFacts(name).better === 'higher' ? { low, value, high } : { low: -high, value: -value, high: -low }
}

/**
 * The loss against the champion that the gates allow: `max_regression`, or none where it must improve; negative where
 * it must improve by some amount; null where no gate asks.
 */
export function marginOf(gates: readonly GateResult[], name: MetricName): number | null {
  const limits = overall(gates, name).flatMap(({ rule, limit }) => {
    if (rule === 'max_regression') return [limit]
    return rule === 'must_improve' ? [-limit] : []
  })
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The gates that look at a metric on the whole hold-out, not on a part of it or between groups. */
export function overall(gates: readonly GateResult[], metric: MetricName): readonly GateResult[] {
  return gatesOn(gates, { metric })
}

const groups = new WeakMap<readonly GateResult[], Map<string, GateResult[]>>()

/** The gates that look at one thing. They are grouped once: every metric asks, and a record may hold thousands. */
export function gatesOn(
  gates: readonly GateResult[],
  of: Pick<GateResult, 'metric' | 'slice' | 'by'>,
): readonly GateResult[] {
  const keyOf = ({ metric, slice, by }: typeof of) => JSON.stringify([metric, slice, by])
  const grouped = groups.get(gates) ?? Map.groupBy(gates, keyOf)
  groups.set(gates, grouped)
  return grouped.get(keyOf(of)) ?? []
}
