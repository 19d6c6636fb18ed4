import { type Clusters, ROUNDING, sum } from '@modelyard/stats'
import type { Truth } from '../sample/sample.ts'
import type { Builder, Builders } from './kinds.ts'
import {
  averagePrecision,
  ndcg,
  type OrderedQuery,
  orderQuery,
  reciprocalRank,
  relevantAmong,
  relevantOf,
} from './ordered-query.ts'

/** The order of a query's rows, averaged over the queries. */
export const RANKING: Builders = {
  ndcg: ofQueries((query) => ndcg(query, Number.POSITIVE_INFINITY)),
  ndcg_at_5: ofQueries((query) => ndcg(query, 5)),
  ndcg_at_10: ofQueries((query) => ndcg(query, 10)),
  map: ofQueries(averagePrecision),
  mrr: ofQueries(reciprocalRank),
  precision_at_5: ofQueries((query) => relevantAmong(query, 5) / 5),
  precision_at_10: ofQueries((query) => relevantAmong(query, 10) / 10),
  recall_at_5: ofQueries((query) => relevantAmong(query, 5) / relevantOf(query)),
  recall_at_10: ofQueries((query) => relevantAmong(query, 10) / relevantOf(query)),
}

/** What a query adds to the metric's distance from the truth stands at its first row; others stay 0. */
function ofQueries(metric: (query: OrderedQuery) => number): Builder {
  return (truth, scores) => {
    const negative = truth.labels.find((label) => label < 0)
    if (negative !== undefined) return { reason: `A label is ${negative}, and a relevance is 0 or more.` }
    const queries = telling(truth)
    if (queries.length === 0)
      return { reason: 'No query has several rows of which one is relevant: there is nothing to order.' }
    const values = queries.map((rows) => metric(orderQuery(rows, truth.labels, scores)))
    const value = sum(values) / values.length
    const influences = new Float64Array(truth.labels.length)
    for (const [index, rows] of queries.entries()) influences[rows[0]!] = (values[index]! - value) / values.length
    return { value, influences, rounding: ROUNDING }
  }
}

/**
 * The rows of each query that tells a good order from a bad one: several, one of them relevant. scikit-learn refuses a
 * query of one row and calls the NDCG of one without a relevant row 0, as if a model could have done better.
 */
export function telling({ queries, labels }: Pick<Truth, 'queries' | 'labels'>): number[][] {
  return rowsByQuery(queries!).filter((rows) => rows.length > 1 && rows.some((row) => labels[row]! > 0))
}

function rowsByQuery({ of, count }: Clusters): number[][] {
  const rows: number[][] = Array.from({ length: count }, () => [])
  for (let row = 0; row < of.length; row++) rows[of[row]!]!.push(row)
  return rows
}
