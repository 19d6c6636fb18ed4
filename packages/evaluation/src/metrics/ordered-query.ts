import { sum } from '@modelyard/stats'

/** Rows of a query with the same score: how many have a higher one, and the relevance of each of these. */
export interface Tie {
  above: number
  relevances: number[]
}

/** A query's rows from the highest score down, tied ones together. */
export type OrderedQuery = readonly Tie[]

/** Puts rows in the order of their scores. */
export function orderQuery(rows: ArrayLike<number>, relevances: Float64Array, scores: Float64Array): OrderedQuery {
  const sorted = Array.from(rows).sort((one, other) => scores[other]! - scores[one]!)
  const ties: Tie[] = []
  for (const [place, row] of sorted.entries()) {
    if (place > 0 && scores[row] === scores[sorted[place - 1]!]) ties.at(-1)!.relevances.push(relevances[row]!)
    else ties.push({ above: place, relevances: [relevances[row]!] })
  }
  return ties
}

/*
 * Rows that are tied have no order, and the one in which a file happens to hold them must not decide. So each metric is
 * its mean over all orders of tied rows, as scikit-learn's ndcg_score has it; for the others by McSherry and Najork,
 * Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores (2008). A row counts as
 * relevant if its relevance is more than 0.
 */

/** Normalized discounted cumulative gain of the first `k` rows: Σ relevance / log₂(1 + rank), by the best order's. */
export function ndcg(query: OrderedQuery, k: number): number {
  const best = query.flatMap(({ relevances }) => relevances).sort((one, other) => other - one)
  const ideal = sum(best.slice(0, k).map((relevance, place) => relevance * discount(place)))
  const gained = query.map(({ above, relevances }) => {
    let discounts = 0
    for (let place = above; place < Math.min(above + relevances.length, k); place++) discounts += discount(place)
    return (sum(relevances) / relevances.length) * discounts
  })
  return sum(gained) / ideal
}

function discount(place: number): number {
  return 1 / Math.log2(place + 2)
}

/** How many relevant rows are among the first `k`. */
export function relevantAmong(query: OrderedQuery, k: number): number {
  return sum(
    query.map(({ above, relevances }) => {
      const inside = Math.max(0, Math.min(relevances.length, k - above))
      return (inside * relevantIn(relevances)) / relevances.length
    }),
  )
}

/** How many rows are relevant. */
export function relevantOf(query: OrderedQuery): number {
  return sum(query.map(({ relevances }) => relevantIn(relevances)))
}

/** The mean over relevant rows of the share that is relevant of the rows down to it. */
export function averagePrecision(query: OrderedQuery): number {
  let found = 0
  let precisions = 0
  for (const { above, relevances } of query) {
    const [size, relevant] = [relevances.length, relevantIn(relevances)]
    for (let place = 0; relevant > 0 && place < size; place++) {
      const before = size === 1 ? 0 : (place * (relevant - 1)) / (size - 1)
      precisions += ((relevant / size) * (found + before + 1)) / (above + place + 1)
    }
    found += relevant
  }
  return precisions / found
}

/** One by the rank of the first relevant row. */
export function reciprocalRank(query: OrderedQuery): number {
  const { above, relevances } = query.find(({ relevances }) => relevantIn(relevances) > 0)!
  const [size, relevant] = [relevances.length, relevantIn(relevances)]
  let first = relevant / size
  let mean = 0
  for (let place = 0; place <= size - relevant; place++) {
    mean += first / (above + place + 1)
    first *= (size - place - relevant) / (size - place - 1)
  }
  return mean
}

function relevantIn(relevances: readonly number[]): number {
  return relevances.filter((relevance) => relevance > 0).length
}
