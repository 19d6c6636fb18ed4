import { isScore, type MetricName, metricFacts } from '@modelyard/spec'

/** How numbers of a metric are written: times `factor`, with `unit` behind, and at least `digits` decimals. */
export interface Scale {
  factor: number
  unit: string
  digits: number
}

/** Values as they are; times and sizes in units that suit the smallest of some amounts. */
export function levelScale(metric: MetricName, amounts: readonly number[] = []): Scale {
  return measuredScale(metric, amounts) ?? { factor: 1, unit: '', digits: 3 }
}

/** Differences of scores between 0 and 1 in points (hundredths), of all others as they are. */
export function changeScale(metric: MetricName, amounts: readonly number[] = []): Scale {
  const scale = measuredScale(metric, amounts)
  if (scale) return scale
  return isScore(metric) ? { factor: 100, unit: ' points', digits: 1 } : { factor: 1, unit: '', digits: 0 }
}

/** A limit in the unit that a person would write it in, which need not be that of what is held against it: `50 MB`. */
export function writeLimit(metric: MetricName, limit: number): string {
  const { unit } = metricFacts(metric)
  const scale = unit && UNITS[unit].find(({ from }) => Math.abs(limit) >= from)!
  return scale ? `${short(limit * scale.factor)}${scale.unit}` : short(limit)
}

const MILLISECONDS: Scale = { factor: 1000, unit: ' ms', digits: 2 }

/** From the largest on, each with the least amount that it is for. */
const UNITS: Record<'s' | 'bytes', ReadonlyArray<Scale & { from: number }>> = {
  s: [
    { from: 7200, factor: 1 / 3600, unit: ' h', digits: 2 },
    { from: 120, factor: 1 / 60, unit: ' min', digits: 1 },
    { from: 1, factor: 1, unit: ' s', digits: 2 },
    { from: 0, ...MILLISECONDS },
  ],
  bytes: [
    { from: 1e9, factor: 1e-9, unit: ' GB', digits: 2 },
    { from: 1e6, factor: 1e-6, unit: ' MB', digits: 1 },
    { from: 1e3, factor: 1e-3, unit: ' kB', digits: 1 },
    { from: 0, factor: 1, unit: ' B', digits: 0 },
  ],
}

function measuredScale(metric: MetricName, amounts: readonly number[]): Scale | undefined {
  const { unit, of } = metricFacts(metric)
  if (unit === undefined) return undefined
  if (of === 'latency') return MILLISECONDS
  const least = Math.min(...amounts.map(Math.abs).filter((amount) => amount > 0))
  return UNITS[unit].find(({ from }) => least >= from)
}

/** However near each other numbers are, more decimals are not read. */
const MOST_DIGITS = 10

/**
 * Writes numbers of one sentence, all with as many decimals: enough to show the interval's width and two digits of the
 * limit, and enough that an end that misses the limit does not look equal to it.
 */
export function writer(
  scale: Scale,
  interval: readonly [low: number, high: number],
  limit: number,
): (x: number) => string {
  const [low, high] = interval.map((end) => end * scale.factor) as [number, number]
  const line = limit * scale.factor
  let digits = scale.digits
  if (high > low) digits = Math.max(digits, -Math.floor(Math.log10(high - low)))
  const rough = Number(line.toPrecision(2))
  while (digits < MOST_DIGITS && Number(rough.toFixed(digits)) !== rough) digits++
  const looksEqual = (end: number) => end !== line && end.toFixed(digits) === line.toFixed(digits)
  while (digits < MOST_DIGITS && (looksEqual(low) || looksEqual(high))) digits++
  digits = Math.min(digits, MOST_DIGITS)
  return (x) => plain(x * scale.factor, digits)
}

/** Decimal text without an exponent, without a minus before zero. */
function plain(x: number, digits: number): string {
  const text = x.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text
}

/** A number as short as it can be: 0.5, 12, 0.002. */
export function short(x: number): string {
  return String(Number(x.toPrecision(6)))
}

/** `95 %`. */
export function percent(share: number): string {
  return `${short(share * 100)} %`
}

/** Rows as advice: two digits are all that it is worth. `3,100`. */
export function about(rows: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return (Math.ceil(rows / unit) * unit).toLocaleString('en-US')
}

/** `3 of 1,000 rows are`. */
export function rowsWord(some: number, all: number): string {
  return `${some.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} rows ${some === 1 ? 'is' : 'are'}`
}

/** The first few names: `a, b, c, d, e and 2 more`. */
export function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${(names.length - 5).toLocaleString('en-US')} more` : shown
}
