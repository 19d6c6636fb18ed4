import type { DriftMeasure } from '@modelyard/spec'
import { DISTANCES } from './measures.ts'
import { BEYOND_USUAL, LEAST_WINDOWS, type Metric } from './rule.ts'

const NAMES: Partial<Record<Metric, string>> = { ks: 'KS', psi: 'PSI', jensen_shannon: 'Jensen–Shannon' }

/** `0.31` of a distance, `2.1 %` of a share. */
function amount(metric: Metric, value: number): string {
  return DISTANCES.includes(metric) ? digits(value) : percent(value)
}

/** Two decimals, and as many more as it takes for two that count. */
function digits(value: number): string {
  if (value === 0) return '0'
  return value.toFixed(Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(value))))))
}

export function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 ? value.toFixed(0) : value >= 0.1 || value === 0 ? value.toFixed(1) : value.toPrecision(1)} %`
}

/** A number of the data, by four digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** Two numbers that differ, by four digits, and as many more as it takes to tell two of their difference. */
export function apart(one: number, other: number): [string, string] {
  const most = Math.max(Math.abs(one), Math.abs(other))
  const digits = one === other ? 4 : Math.ceil(Math.log10(most / Math.abs(one - other))) + 2
  return [one, other].map((each) => String(Number(each.toPrecision(Math.min(17, Math.max(4, digits)))))) as [
    string,
    string,
  ]
}

/** `1 row`, `12,345 rows`. */
export function count(n: number, noun: string): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${n === 1 ? '' : 's'}`
}

/** Rounded up to two digits that count. */
export function about(n: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1)
  return String(Math.ceil(n / step) * step).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function day(time: string): string {
  return time.slice(0, 10)
}

/** ` from 2001-06-01 to 2001-06-08`, or nothing where rows have no time. */
export function days({ start, end }: { start: string | null; end: string | null }): string {
  return start === null || end === null ? '' : ` from ${day(start)} to ${day(end)}`
}

/**
 * What a measure found, as the beginning of a sentence. `example` is a value that stands for the share, `reference` what
 * it is compared with.
 */
export function finding(
  name: string,
  { metric, value }: DriftMeasure,
  example: string | undefined,
  reference = 'the training data',
): string {
  const shown = amount(metric, value!)
  const such = example === undefined ? '' : `, most often ${example}`
  switch (metric) {
    case 'nulls':
      return `The share of rows that have no ${name} differs by ${shown} of all rows from ${reference}`
    case 'new_categories':
      return `${shown} of the rows, beyond what chance explains, hold a value of ${name} that is not in ${reference}${such}`
    case 'out_of_range':
      return `${shown} of the rows hold a number outside the range that ${name} has in ${reference}`
    case 'single_value':
      return `${shown} more of the rows than in ${reference} hold ${example === undefined ? 'one and the same number' : `the number ${example}`} as ${name}`
    default:
      return `${name} is at a ${NAMES[metric]} distance of ${shown} from ${reference}`
  }
}

/** Why a measure has its verdict, as the end of a sentence. */
export function because({ metric, verdict, floor, usual, value }: DriftMeasure): string {
  const number = (x: number) => amount(metric, x)
  const vary = usual ? `whole windows of the training data usually differ by at most ${number(usual.high)}` : ''
  if (verdict === 'fail') return `${vary}, and from ${number(floor.alarm)} it matters`
  if (verdict === 'warn' && usual && value! <= BEYOND_USUAL * usual.high) {
    return `the training data's own windows differ so much (up to ${number(usual.high)}) that this cannot be told apart from drift`
  }
  if (verdict === 'warn' && usual) return `${vary}, and from ${number(floor.alarm)} it is an alarm`
  if (verdict === 'warn') {
    return `fewer than ${LEAST_WINDOWS} windows of the training data are whole and hold rows enough to tell what is usual, so this is no alarm (a longer drift.window holds more, from the next version on)`
  }
  if (usual && value! >= floor.warn && value! <= BEYOND_USUAL * usual.high) return `${vary}, so this is usual`
  return value! >= floor.warn ? 'noise could make as much' : `it matters from ${number(floor.warn)}`
}
