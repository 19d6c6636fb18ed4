import { isRowMetric } from './metrics.ts'
import type { ModelFile } from './schema.ts'

/** What a gate can ask of its metric. */
export const RULES = ['min', 'max', 'max_regression', 'must_improve'] as const
export type Rule = (typeof RULES)[number]

/** Whether a rule holds the candidate against the champion, and not against a limit of its own. */
export function isComparing(rule: Rule): rule is 'max_regression' | 'must_improve' {
  return rule === 'max_regression' || rule === 'must_improve'
}

type Gate = ModelFile['evaluate']['gates'][number]

/** The gate that slices are held against: the first that compares all rows with the champion's. */
export function sliceGate(gates: readonly Gate[]): Gate | undefined {
  return gates.find(
    ({ metric, max_regression, slice }) => max_regression !== undefined && slice === undefined && isRowMetric(metric),
  )
}
