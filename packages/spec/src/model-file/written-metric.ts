import { z } from 'zod'
import { ALIAS_NAMES, ALIASES, type Alias } from './metrics/aliases.ts'
import { METRIC_NAMES } from './metrics.ts'
import { didYouMean } from './wording.ts'

/** What scikit-learn puts before the names of scorers whose sign it turns. */
const TURNED = 'neg_'

/** A metric as people may write it: by its name, by another that scikit-learn has for it, or one of their own. */
export const writtenMetric = z.union([
  z.enum(METRIC_NAMES, { error: ({ input }) => unknownMetric(String(input)) }),
  z.enum(ALIAS_NAMES).transform((name) => ALIASES[name]),
  z
    .templateLiteral([z.string(), z.enum(['_score', '_loss', '_error'])])
    .refine((name) => !name.startsWith(TURNED), { error: ({ input }) => turnedMetric(String(input)) }),
])

function unknownMetric(name: string): string {
  const near = didYouMean(name, [...METRIC_NAMES, ...ALIAS_NAMES])
  return `is ${name}, which is none of Modelyard's metrics.${near} One of your own ends in _score, _loss or _error.`
}

/** With its sign turned, `min: -0.5` would pass whatever comes. */
function turnedMetric(name: string): string {
  const plain = name.slice(TURNED.length)
  const own = ALIASES[plain as Alias] ?? plain
  return `is ${name}, which is ${own} with its sign turned. Write ${own}: whether less of it is better is known here.`
}
