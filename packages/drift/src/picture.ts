import type { ColumnBins, ColumnCounts, DriftColumn } from '@modelyard/spec'
import { sum } from '@modelyard/stats'
import { decilesOf, gather } from './cells.ts'
import { short } from './wording.ts'

const MOST_CATEGORIES = 8

/** What of a picture depends on who looks at it. */
export interface PictureOptions {
  /** Categories that fewer rows have, before and after, are among the others; no range of numbers had fewer before. */
  fewest?: number
  /** What the reference is called. */
  reference?: string
}

/**
 * Shares of the values before and after in a few cells: deciles of a number, or fewer parts of which each holds enough; the
 * categories with the largest shares.
 */
export function pictureOf(
  bins: ColumnBins,
  before: ColumnCounts,
  after: ColumnCounts,
  { fewest = 0, reference = 'the training data' }: PictureOptions = {},
): DriftColumn['picture'] {
  if (bins.kind === 'number') {
    const cells = joined(before.counts, decilesOf(before.counts), fewest)
    const [a, b] = [gather(before.counts, cells), gather(after.counts, cells)]
    return { labels: intervalsOf(bins, cells), before: shares(a), after: shares(b) }
  }
  const [then, now] = [
    [...before.counts, before.other],
    [...after.counts, after.other],
  ]
  const kept = largest(then, now, fewest)
  const others = kept.length < bins.categories.length
  const last = others ? kept.length + 1 : kept.length
  const cells = then.map((_, index) => {
    if (index === bins.categories.length) return last
    return kept.includes(index) ? kept.indexOf(index) : kept.length
  })
  const labels = kept.map((index) => bins.categories[index]!)
  return {
    labels: [...labels, ...(others ? ['others'] : []), `not in ${reference}`],
    before: shares(gather(then, cells)),
    after: shares(gather(now, cells)),
  }
}

/** The listed categories with the largest shares, by the larger of the two, in the reference's order. */
function largest(before: readonly number[], after: readonly number[], fewest: number): number[] {
  const [n, m] = [sum(before) || 1, sum(after) || 1]
  return Array.from({ length: before.length - 1 }, (_, index) => index)
    .filter((index) => Math.max(before[index]!, after[index]!) >= fewest)
    .sort((i, j) => Math.max(before[j]! / n, after[j]! / m) - Math.max(before[i]! / n, after[i]! / m) || i - j)
    .slice(0, MOST_CATEGORIES)
    .sort((i, j) => i - j)
}

/** Cells joined to their neighbours until each holds `fewest` values at least. */
function joined(counts: readonly number[], cells: readonly number[], fewest: number): readonly number[] {
  if (fewest === 0) return cells
  let [cell, held, left] = [0, 0, sum(counts)]
  const joint = gather(counts, cells).map((size) => {
    if (held >= fewest && left >= fewest) {
      cell++
      held = 0
    }
    held += size
    left -= size
    return cell
  })
  return cells.map((each) => joint[each]!)
}

function intervalsOf({ edges }: ColumnBins & { kind: 'number' }, cells: readonly number[]): string[] {
  const count = Math.max(...cells) + 1
  return Array.from({ length: count }, (_, cell) => {
    const [low, high] = [edges[cells.indexOf(cell) - 1], edges[cells.lastIndexOf(cell)]]
    if (low === undefined) return high === undefined ? 'any' : `≤ ${short(high)}`
    return high === undefined ? `> ${short(low)}` : `${short(low)} – ${short(high)}`
  })
}

function shares(counts: readonly number[]): number[] {
  const total = sum(counts)
  return counts.map((count) => (total === 0 ? 0 : count / total))
}
