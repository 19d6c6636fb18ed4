import { summaryKind } from './kinds.ts'

/**
 * The order of two values of a DuckDB type that are written as text, as DuckDB has it: negative where `a` is the lesser.
 * Decimals of one type have as many digits behind the point.
 */
export function compareText(type: string, a: string, b: string): number {
  if (a === b) return 0
  const kind = summaryKind(type)
  if (kind === 'number' && !/^(?:FLOAT|DOUBLE)$/.test(type)) return signOf(integerOf(a) - integerOf(b))
  if (kind === 'number') return Number(a) - Number(b)
  if (kind === 'time') return compareTimes(a, b)
  // Texts by their bytes; `false` is before `true`.
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function integerOf(decimal: string): bigint {
  return BigInt(decimal.replace('.', ''))
}

function signOf(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** By the year, which may have more digits or be before Christ; what follows it has a fixed width. */
function compareTimes(a: string, b: string): number {
  const [first, other] = [yearOf(a), yearOf(b)]
  return first.year - other.year || (first.rest < other.rest ? -1 : first.rest > other.rest ? 1 : 0)
}

function yearOf(text: string): { year: number; rest: string } {
  const match = /^(\d+)(-.*?)( \(BC\))?$/.exec(text)
  return match ? { year: match[3] ? -Number(match[1]) : Number(match[1]), rest: match[2]! } : { year: 0, rest: text }
}
