import type { z } from 'zod'
import type { Gate as Schema } from './gates.ts'
import { metricFacts } from './metrics.ts'

type Gate = z.infer<typeof Schema>
type Rule = 'min' | 'max' | 'must_improve'

/** A key of a gate, and what is wrong with it: the rest of a sentence that begins with the key and its value. */
export interface Complaint {
  key: keyof Gate
  message: string
}

/**
 * A gate in our names where it is written in MLflow's: `threshold` is `min`, or `max` where less is better;
 * `min_absolute_change` and `min_relative_change` are `must_improve` with a number or a percentage.
 */
export function inOurNames({
  threshold,
  min_absolute_change: absolute,
  min_relative_change: relative,
  greater_is_better: _,
  ...gate
}: Gate): Gate {
  return {
    ...gate,
    ...(threshold !== undefined && { [limitOf(gate)]: threshold }),
    ...(absolute !== undefined && { must_improve: absolute }),
    ...(relative !== undefined && { must_improve: percentage(relative) }),
  }
}

/** Where MLflow's names contradict ours, the metric, or each other. */
export function mlflowComplaints(gate: Gate): Complaint[] {
  const found: Complaint[] = []
  const twice = (key: keyof Gate, rule: Rule | keyof Gate) => {
    if (gate[key] !== undefined && gate[rule] !== undefined)
      found.push({ key, message: `and ${rule} is ${gate[rule]}: they are the same rule. Leave one out.` })
  }
  twice('threshold', limitOf(gate))
  twice('min_absolute_change', 'must_improve')
  twice('min_relative_change', 'must_improve')
  if (gate.min_absolute_change !== undefined && gate.min_relative_change !== undefined) {
    found.push({
      key: 'min_relative_change',
      message: `and min_absolute_change is ${gate.min_absolute_change}. Write a gate for each.`,
    })
  }
  if (gate.min_relative_change !== undefined && gate.min_relative_change > 1) {
    found.push({
      key: 'min_relative_change',
      message: `but it is a share of the champion's value. Did you mean ${Number((gate.min_relative_change / 100).toPrecision(12))}?`,
    })
  }
  const { better } = metricFacts(gate.metric)
  if (gate.greater_is_better !== undefined && gate.greater_is_better !== (better === 'higher')) {
    found.push({
      key: 'greater_is_better',
      message: `but of ${gate.metric} ${better === 'higher' ? 'more' : 'less'} is better. Leave it out.`,
    })
  }
  return found
}

function limitOf({ metric }: Pick<Gate, 'metric'>): 'min' | 'max' {
  return metricFacts(metric).better === 'higher' ? 'min' : 'max'
}

/** A share as people write it, without what binary fractions add: 0.07 is `7%`, not `7.000000000000001%`. */
function percentage(share: number): string {
  return `${Number((100 * share).toPrecision(12))}%`
}
