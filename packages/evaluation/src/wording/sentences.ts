import { type MetricName, metricFacts } from '@modelyard/spec'
import type { Interval } from '@modelyard/stats'
import { about, changeScale, levelScale, percent, writeLimit, writer } from './numbers.ts'

/** What a sentence says of the versions that are compared. */
export interface Setting {
  confidence: number
  /** How the champion is called: `the version in production`. */
  champion: string
}

/**
 * «AUC is 1.3 points worse than the version in production (95 % interval: 1.1 to 1.5 worse; at most 0.5 points worse is allowed).»
 * `improvement` is positive where the candidate is better. `line` is the improvement that is asked for; `asked` says so,
 * given a writer of amounts with their unit.
 */
export function sayDifference(
  metric: MetricName,
  improvement: Interval & { value: number },
  line: number,
  asked: (write: (x: number) => string) => string,
  { confidence, champion }: Setting,
): string {
  const scale = changeScale(metric, [improvement.value || Math.max(-improvement.low, improvement.high) || line])
  const write = writer(scale, [improvement.low, improvement.high], line)
  const size = `${sizeOf(improvement.value, write)}${scale.unit}`
  const comparison =
    improvement.value === 0
      ? `as good as ${champion}`
      : `${size} ${improvement.value < 0 ? 'worse' : 'better'} than ${champion}`
  const { label, unit } = metricFacts(metric)
  // Of times and sizes each amount has the unit that suits it.
  const amount = (x: number) => (unit ? writeLimit(metric, Number(x.toPrecision(3))) : `${write(x)}${scale.unit}`)
  if (isExact(metric)) return `${label} is ${comparison}; ${asked(amount)}.`
  const interval = `${percent(confidence)} interval: ${range(improvement, write)}`
  return `${label} is ${comparison} (${interval}; ${asked(amount)}).`
}

/** `1.3`; of what is more than nothing, and would be written as 0, `less than 0.1`. */
function sizeOf(value: number, write: (x: number) => string): string {
  const size = write(Math.abs(value))
  return Number(size) === 0 ? `less than ${size.replace(/.$/, '1')}` : size
}

/** `1.1 to 1.5 worse`, `0.3 worse to 0.2 better`, `0.6 to 1.0 better`. */
function range({ low, high }: Interval, write: (x: number) => string): string {
  const size = (x: number) => write(Math.abs(x))
  if (low === 0 && high === 0) return `${write(0)} to ${write(0)}`
  if (low >= 0) return `${size(low)} to ${size(high)} better`
  if (high <= 0) return `${size(high)} to ${size(low)} worse`
  return `${size(low)} worse to ${size(high)} better`
}

/**
 * «at most 0.5 points worse is allowed», «at most 20 %, that is 0.08, worse is allowed»; of a negative margin, what must be
 * gained.
 */
export function sayMargin(margin: number, written: string): (write: (x: number) => string) => string {
  return (write) => {
    const amount = written.endsWith('%') ? `${written.slice(0, -1)} %, that is ${write(Math.abs(margin))},` : null
    if (margin === 0) return 'nothing worse is allowed'
    return margin < 0
      ? `at least ${amount ?? write(-margin)} better is asked`
      : `at most ${amount ?? write(margin)} worse is allowed`
  }
}

/** «AUC is 0.671 (95 % interval: 0.665 to 0.677; at least 0.6 is asked).» */
export function sayLevel(
  metric: MetricName,
  found: Interval & { value: number },
  rule: 'min' | 'max',
  limit: number,
  confidence: number,
): string {
  const scale = levelScale(metric, [found.value || limit])
  const write = writer(scale, [found.low, found.high], limit)
  const asked = `${rule === 'min' ? 'at least' : 'at most'} ${writeLimit(metric, limit)} is asked`
  const level = `${metricFacts(metric).label} is ${write(found.value)}${scale.unit}`
  if (isExact(metric)) return `${level}; ${asked}.`
  const interval = `${percent(confidence)} interval: ${write(found.low)} to ${write(found.high)}`
  return `${level} (${interval}; ${asked}).`
}

/** «AUC is 0.671 (95 % interval: 0.665 to 0.677); there is no version to compare it with.» */
export function sayAlone(metric: MetricName, value: number, ends: Interval | null, confidence: number): string {
  const scale = levelScale(metric, [value])
  const write = writer(scale, [ends?.low ?? value, ends?.high ?? value], value)
  const interval = ends ? ` (${percent(confidence)} interval: ${write(ends.low)} to ${write(ends.high)})` : ''
  return `${metricFacts(metric).label} is ${write(value)}${scale.unit}${interval}; there is no version to compare it with.`
}

/** What is a fact, and no estimate: its interval would be a point. */
function isExact(metric: MetricName): boolean {
  return metric === 'file_size' || metricFacts(metric).of === 'training'
}

/** With more times the rows than that, advice on rows is none. */
const MOST_TIMES = 100

/** Whether so many rows could be had. */
export function isSensible(rows: number, needed: number): boolean {
  return needed <= MOST_TIMES * rows
}

/** What would settle an inconclusive verdict. */
export function sayEvidence(rows: number, needed: number | null): string {
  if (needed === null) return 'That is not enough evidence to say.'
  if (!isSensible(rows, needed))
    return `That is not enough evidence to say, and no sensible number of rows would settle it: more than ${MOST_TIMES} times as many.`
  return `That is not enough evidence to say: about ${about(needed - rows)} more labelled rows would settle it.`
}
