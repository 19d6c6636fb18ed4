import { drawHypergeometric, type RandomSource } from '@modelyard/stats'
import type { Rate } from '../comparison/rate.ts'
import { type Spread, spreadOf, widest } from './spread.ts'

const PERMUTATIONS = 999

/**
 * Permutation test: how often rates would spread as widely as `found` if who is in which group were chance, out of 999
 * permutations and the one that was seen. Rows are dealt out anew among those of which a rate is taken; where rows come
 * in clusters, whole clusters are. Null where a cluster has rows of several groups.
 */
export function permutationTest(
  families: ReadonlyArray<readonly Rate[]>,
  spread: Spread,
  found: number,
  random: RandomSource,
): number | null {
  const deal = families[0]![0]!.clusters ? dealClusters(families, random) : dealRows(families, random)
  if (!deal) return null
  let asWide = 1
  for (let permutation = 0; permutation < PERMUTATIONS; permutation++) {
    const again = widest(
      deal().map((rates) => spreadOf(rates, spread)),
      spread,
    )
    // What is equal may differ by rounding.
    if (spread === 'difference' ? again >= found - 1e-12 : again <= found + 1e-12) asWide++
  }
  return asWide / (PERMUTATIONS + 1)
}

/** The rates of rows that are dealt out to groups of the same sizes: how many hits each gets is hypergeometric. */
function dealRows(families: ReadonlyArray<readonly Rate[]>, random: RandomSource): () => number[][] {
  return () =>
    families.map((rates) => {
      let balls = rates.reduce((sum, { trials }) => sum + trials, 0)
      let red = rates.reduce((sum, { hits }) => sum + hits, 0)
      return rates.map(({ trials }) => {
        const hits = drawHypergeometric({ balls, red, drawn: trials }, random)
        balls -= trials
        red -= hits
        return hits / trials
      })
    })
}

function dealClusters(families: ReadonlyArray<readonly Rate[]>, random: RandomSource): (() => number[][]) | null {
  const groupOf = new Map<number, number>()
  for (const rates of families) {
    for (const [group, { clusters }] of rates.entries()) {
      for (const cluster of clusters!.keys()) {
        if ((groupOf.get(cluster) ?? group) !== group) return null
        groupOf.set(cluster, group)
      }
    }
  }
  const places = new Map([...groupOf.keys()].map((cluster, place) => [cluster, place]))
  const dealt = Int32Array.from(groupOf.values())
  const counted = families.map((rates) =>
    rates.flatMap(({ clusters }) => [...clusters!].map(([cluster, of]) => ({ place: places.get(cluster)!, ...of }))),
  )
  return () => {
    shuffle(dealt, random)
    return families.map((rates, family) => {
      const [hits, trials] = [new Float64Array(rates.length), new Float64Array(rates.length)]
      for (const cluster of counted[family]!) {
        const group = dealt[cluster.place]!
        hits[group]! += cluster.hits
        trials[group]! += cluster.trials
      }
      // A group may get none of the rows that a rate is of.
      return Array.from(hits, (some, group) => some / trials[group]!).filter((rate) => !Number.isNaN(rate))
    })
  }
}

/** Fisher and Yates. */
function shuffle(values: Int32Array, random: RandomSource): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const value = values[last]!
    values[last] = values[other]!
    values[other] = value
  }
}
