const EMPTY = '·'

/** A scale that several pictures share, so that they can be compared under each other. */
export interface Axis {
  from: number
  to: number
  /** In characters. */
  width: number
}

/** The least axis that holds all of these; of one number only, a little around it. */
export function axisOf(values: ReadonlyArray<number | null>, width: number): Axis {
  const known = values.filter((value) => value !== null)
  const from = known.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  const to = known.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY)
  if (from < to) return { from, to, width }
  return known.length === 0 ? { from: 0, to: 1, width } : { from: from - 0.5, to: from + 0.5, width }
}

/** A number and its interval on an axis, `···├─●──┤····`; `?` in the middle stands for a number that is not known. */
export function drawRange(
  { low, value, high }: { low: number | null; value: number | null; high: number | null },
  axis: Axis,
): string {
  const cells = Array.from({ length: axis.width }, () => EMPTY)
  if (value === null) {
    cells[Math.floor(axis.width / 2)] = '?'
    return cells.join('')
  }
  if (low !== null && high !== null) {
    const [left, right] = [cellOf(low, axis), cellOf(high, axis)]
    cells.fill('─', left, right + 1)
    cells[left] = '├'
    cells[right] = '┤'
  }
  cells[cellOf(value, axis)] = '●'
  return cells.join('')
}

function cellOf(value: number, { from, to, width }: Axis): number {
  return Math.min(width - 1, Math.max(0, Math.round(((value - from) / (to - from)) * (width - 1))))
}
