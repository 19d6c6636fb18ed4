import type { MetricFacts } from './facts.ts'

/** By fairlearn's names: the greatest less the least, or the least by the greatest. */
const amongGroups = { score: true, tasks: ['binary-classification'], of: 'groups' } as const

/** How a rate differs between groups of rows. */
export const GROUPS = {
  demographic_parity_difference: { label: 'Demographic parity difference', better: 'lower', ...amongGroups },
  demographic_parity_ratio: { label: 'Demographic parity ratio', better: 'higher', ...amongGroups },
  equalized_odds_difference: { label: 'Equalized odds difference', better: 'lower', ...amongGroups },
  equalized_odds_ratio: { label: 'Equalized odds ratio', better: 'higher', ...amongGroups },
  equal_opportunity_difference: { label: 'Equal opportunity difference', better: 'lower', ...amongGroups },
  equal_opportunity_ratio: { label: 'Equal opportunity ratio', better: 'higher', ...amongGroups },
  false_positive_rate_difference: { label: 'False positive rate difference', better: 'lower', ...amongGroups },
  precision_score_difference: { label: 'Precision difference', better: 'lower', ...amongGroups },
  accuracy_score_difference: { label: 'Accuracy difference', better: 'lower', ...amongGroups },
} as const satisfies Record<string, MetricFacts>
