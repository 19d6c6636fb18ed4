import type { ColumnBins, ColumnCounts, DriftColumn } from '@modelyard/spec'
import { sum } from '@modelyard/stats'
import { decilesOf, gather } from './cells.ts'
import { short } from './wording.ts'

const MOST_CATEGORIES = 8

/** Shares of the values before and after in a few cells: deciles of a number, the categories with the largest shares. */
export function pictureOf(bins: ColumnBins, before: ColumnCounts, after: ColumnCounts): DriftColumn['picture'] {
  const then = bins.kind === 'number' ? before.counts : [...before.counts, before.other]
  const now = bins.kind === 'number' ? after.counts : [...after.counts, after.other]
  const cells = bins.kind === 'number' ? decilesOf(before.counts) : largest(then, now)
  const [a, b] = [gather(then, cells), gather(now, cells)]
  return { labels: labelsOf(bins, cells), before: shares(a), after: shares(b) }
}

/** Each category its cell: the largest ones, by the larger of their shares, in the reference's order; the others one. */
function largest(before: readonly number[], after: readonly number[]): number[] {
  const [n, m] = [sum(before) || 1, sum(after) || 1]
  const listed = before.length - 1
  const order = Array.from({ length: listed }, (_, index) => index).sort(
    (i, j) => Math.max(before[j]! / n, after[j]! / m) - Math.max(before[i]! / n, after[i]! / m) || i - j,
  )
  const kept = order.slice(0, MOST_CATEGORIES).sort((i, j) => i - j)
  const unlisted = kept.length < listed ? kept.length + 1 : kept.length
  return before.map((_, index) => {
    if (index === listed) return unlisted
    return kept.includes(index) ? kept.indexOf(index) : kept.length
  })
}

function labelsOf(bins: ColumnBins, cells: readonly number[]): string[] {
  if (bins.kind === 'category') {
    const kept = bins.categories.filter((_, index) => cells[index]! < MOST_CATEGORIES)
    return [...kept, ...(kept.length < bins.categories.length ? ['others'] : []), 'not in the training data']
  }
  const count = Math.max(...cells) + 1
  return Array.from({ length: count }, (_, cell) => {
    const [low, high] = [bins.edges[cells.indexOf(cell) - 1], bins.edges[cells.lastIndexOf(cell)]]
    if (low === undefined) return high === undefined ? 'any' : `≤ ${short(high)}`
    return high === undefined ? `> ${short(low)}` : `${short(low)} – ${short(high)}`
  })
}

function shares(counts: readonly number[]): number[] {
  const total = sum(counts)
  return counts.map((count) => (total === 0 ? 0 : count / total))
}
