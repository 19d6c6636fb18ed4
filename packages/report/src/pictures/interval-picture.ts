const WIDTH = 11
const MIDDLE = 5

/**
 * An interval of a difference against what is allowed, eleven characters wide: `·├●┤·┊·····`.
 *
 * Right is better, whichever way the metric goes. `┊` always stands in the middle, at the loss that is allowed
 * (`margin`, in the unit of the difference; below 0 it is what must be gained), so pictures under each other can be
 * compared, and the verdict is where the interval lies: right of it (or beginning there) passes, left of it fails,
 * across it is inconclusive. Two cells are one margin; what lies beyond the edge is drawn at the edge. Where nothing is lost (`margin` 0) or no
 * margin is set (`null`: `│` marks no difference), the longer arm of the interval reaches the edge.
 * With `cell`, which is how much one cell stands for, pictures without a margin can be compared as well.
 * The marks keep their order even where rounding to cells would put two in one; `?` stands for what is not known.
 */
export function drawInterval(interval: {
  low: number | null
  value: number | null
  high: number | null
  margin: number | null
  better: 'higher' | 'lower'
  cell?: number
}): string {
  const cells = Array.from({ length: WIDTH }, () => '·')
  const { margin, better } = interval
  if (interval.low === null || interval.value === null || interval.high === null) {
    cells[MIDDLE] = '?'
    return cells.join('')
  }
  const towardsBetter = better === 'higher' ? 1 : -1
  const limit = -(margin ?? 0)
  const ends = [interval.low * towardsBetter - limit, interval.high * towardsBetter - limit] as const
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  const value = interval.value * towardsBetter - limit
  const widest = Math.max(Math.abs(low), Math.abs(high))
  const cell = interval.cell ?? (margin ? Math.abs(margin) / 2 : widest / MIDDLE || 1)
  const at = (offset: number, least: number, most: number) =>
    clamp(MIDDLE + Math.round(clamp(offset / cell, -MIDDLE, MIDDLE)), least, most)

  let left: number
  let right: number
  let dot: number
  if (low > 0 || (low === 0 && margin !== null)) {
    left = at(low, MIDDLE + 1, WIDTH - 3)
    right = at(high, left + 2, WIDTH - 1)
    dot = at(value, left + 1, right - 1)
  } else if (high < 0) {
    right = at(high, 2, MIDDLE - 1)
    left = at(low, 0, right - 2)
    dot = at(value, left + 1, right - 1)
  } else {
    left = at(low, 0, MIDDLE - 2)
    right = at(high, MIDDLE + 2, WIDTH - 1)
    dot = value < 0 ? at(value, left + 1, MIDDLE - 1) : at(value, MIDDLE + 1, right - 1)
  }
  cells.fill('─', left, right)
  cells[left] = '├'
  cells[right] = '┤'
  cells[dot] = '●'
  cells[MIDDLE] = margin === null ? '│' : '┊'
  return cells.join('')
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
