import type { Builder, Builders } from './kinds.ts'
import type { Average, Rate } from './rates.ts'

const RATES = ['precision', 'recall', 'f1', 'jaccard'] as const
const AVERAGES = ['macro', 'micro', 'weighted'] as const

/** Every average of every rate, by scikit-learn's names: `f1_macro`. */
export function averages(build: (rate: Rate, how: Average) => Builder): Builders {
  return Object.fromEntries(RATES.flatMap((rate) => AVERAGES.map((how) => [`${rate}_${how}`, build(rate, how)])))
}
