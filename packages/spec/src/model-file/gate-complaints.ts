import { type Amount, amount } from './amount.ts'
import { isGroupMetric, isRowMetric, isScore, metricFacts, type Task, worstOf } from './metrics.ts'
import { type Complaint, mlflowComplaints } from './mlflow.ts'
import { isComparing, RULES, type Rule } from './rules.ts'
import type { ModelFile } from './schema.ts'

type Gate = ModelFile['evaluate']['gates'][number]

/** What a gate cannot mean: a rule that says nothing of its metric, a number that is none of its kind. */
export function gateComplaints(gate: Gate, task: Task): Complaint[] {
  const { metric, threshold, slice, by } = gate
  const found = [...mlflowComplaints(gate), ...RULES.flatMap((rule) => ruleComplaints(gate, rule, task))]
  const say = (key: Complaint['key'], message: string) => found.push({ key, message })
  const idle = threshold === undefined ? null : boundComplaint(gate, threshold, task)
  if (idle !== null) say('threshold', idle)
  if (slice !== undefined && !isRowMetric(metric))
    say('slice', `but ${metric} does not follow from single rows of the hold-out. Leave it out.`)
  if (by !== undefined && !isGroupMetric(metric))
    say('by', `but ${metric} does not compare groups. To look at parts of the hold-out, write slice.`)
  if (metricFacts(metric).unbounded)
    say('metric', 'of which no interval exists. Show it with evaluate.metrics, and let a gate stand on another.')
  if (by === undefined && isGroupMetric(metric))
    say('metric', 'which compares groups. Name the column that holds them: by.')
  return found
}

function ruleComplaints(gate: Gate, rule: Rule, task: Task): Complaint[] {
  const written = gate[rule]
  if (written === undefined) return []
  const message =
    trainingComplaint(gate, rule) ??
    groupComplaint(gate, rule) ??
    sideComplaint(gate, rule) ??
    (written === true ? null : amountComplaint(gate, rule, written)) ??
    (!isComparing(rule) ? boundComplaint(gate, amount(gate[rule]!).value, task) : null)
  return message === null ? [] : [{ key: rule, message }]
}

/** A training is held against a budget alone: that of the champion may have learned from other data. */
function trainingComplaint({ metric }: Gate, rule: Rule): string | null {
  return metricFacts(metric).of === 'training' && rule !== 'max' ? `but ${metric} takes max alone.` : null
}

/** How far groups are apart has a limit on one side, and no interval of its difference to the champion's. */
function groupComplaint({ metric }: Gate, rule: Rule): string | null {
  if (!isGroupMetric(metric)) return null
  const sensible = metricFacts(metric).better === 'lower' ? 'max' : 'min'
  return rule === sensible ? null : `but ${metric} takes ${sensible} alone.`
}

/** A limit on the side where models are good: what is worse would pass. */
function sideComplaint({ metric }: Gate, rule: Rule): string | null {
  const { better } = metricFacts(metric)
  const [wrong, right, what] = better === 'higher' ? ['max', 'min', 'more'] : ['min', 'max', 'less']
  return rule === wrong ? `but of ${metric} ${what} is better, so what is worse would pass. Write ${right}.` : null
}

/** A limit that no model can be beyond. */
function boundComplaint({ metric }: Gate, limit: number, task: Task): string | null {
  const worst = worstOf(metric, task)
  if (worst === undefined) return null
  if (metricFacts(metric).better === 'higher')
    return limit > worst
      ? null
      : `but ${metric} is never less than ${worst}, so every candidate would pass. Ask for more.`
  return limit < worst
    ? null
    : `but ${metric} is never more than ${worst}, so every candidate would pass. Ask for less.`
}

/** Numbers that cannot be what was meant: a share of nothing, a time that is none, 80 for 0.8. */
function amountComplaint({ metric }: Gate, rule: Rule, written: number | string): string | null {
  const compares = isComparing(rule)
  const { value, relative, unit } = amount(written)
  const wanted = metricFacts(metric).unit ?? null
  if (unit !== null && unit !== wanted) return `but ${metric} is ${NO[unit]}. Write ${EXAMPLE[wanted ?? 'number']}.`
  if (relative && !compares) return `but a percentage is of the champion's value. Write ${EXAMPLE[wanted ?? 'number']}.`
  if (!compares && wanted !== null && value < 0) return `but ${metric} is never negative. Write ${EXAMPLE[wanted]}.`
  if (rule === 'max_regression' && value < 0)
    return 'but a loss is not negative. To ask for a gain, write must_improve.'
  if (rule === 'must_improve' && value <= 0)
    return 'but a gain is more than nothing. Write must_improve: true, or max_regression to allow a loss.'
  if (!relative && value > 1 && isScore(metric)) return `but ${metric} is at most 1. Did you mean ${value / 100}?`
  if (rule === 'max_regression' && value >= 1 && isScore(metric) && metricFacts(metric).better === 'higher')
    return `so ${metric} may be lost altogether. Did you mean ${relative ? `"${value}%"` : value / 100}?`
  return null
}

const NO: Record<NonNullable<Amount['unit']>, string> = { s: 'not a time', bytes: 'not a size' }
const EXAMPLE = { s: 'a time like "5ms"', bytes: 'a size like "50MB"', number: 'a plain number' }
