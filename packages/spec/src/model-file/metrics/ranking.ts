import type { MetricFacts } from './facts.ts'

const ofQueries = { better: 'higher', score: true, tasks: ['ranking'] } as const

/** Metrics of the order of a query's rows, averaged over the queries. */
export const RANKING = {
  ndcg: { label: 'NDCG', ...ofQueries },
  ndcg_at_5: { label: 'NDCG at 5', ...ofQueries },
  ndcg_at_10: { label: 'NDCG at 10', ...ofQueries },
  map: { label: 'Mean average precision', ...ofQueries },
  mrr: { label: 'Mean reciprocal rank', ...ofQueries },
  precision_at_5: { label: 'Precision at 5', ...ofQueries },
  precision_at_10: { label: 'Precision at 10', ...ofQueries },
  recall_at_5: { label: 'Recall at 5', ...ofQueries },
  recall_at_10: { label: 'Recall at 10', ...ofQueries },
} as const satisfies Record<string, MetricFacts>
