import { amount, type Evidence, isRowMetric, type MetricName, type Predicate } from '@modelyard/spec'
import { nonInferiorityRows, normalQuantile, telling } from '@modelyard/stats'
import { FEWEST_GROUPS, FEWEST_ROWS } from './evidence.ts'
import type { Gate } from './gates.ts'
import { sayAhead } from './wording/ahead.ts'

/** How often a hold-out is to tell what is true. */
const POWER = 0.8

/** Two models of which nothing is known are taken to be right on different rows so often. */
const DISCORDANCE = 0.05
/** The metrics for which that says all: every row is right or wrong. */
const RIGHT_OR_WRONG: readonly MetricName[] = ['accuracy', 'top_2_accuracy', 'top_3_accuracy', 'top_5_accuracy']

/** A hold-out's rows, and the groups of them that vary as one; null where every row varies on its own. */
export interface Size {
  rows: number
  groups: number | null
}

/** What is known of a metric before there is a candidate. */
export interface Known extends Pick<Evidence, 'metric' | 'level'> {
  /** By how much what one row, or one group, adds to the difference of two models varies, and which two those were. */
  differs: Pick<Evidence, 'spread' | 'basis'> | null
}

/**
 * What a hold-out of this size can tell at the margin of every gate that compares rows with the champion's: by the
 * normal approximation, from what is `known`, else from an assumption, where there is an honest one. Gates of which
 * nothing can be said are left out, and those of slices.
 */
export function evidenceAhead(
  gates: readonly Gate[],
  size: Size,
  known: readonly Known[],
  confidence = 0.95,
): Evidence[] {
  return gates.flatMap((gate) => {
    if (!isRowMetric(gate.metric) || gate.slice !== undefined || size.rows === 0) return []
    const { level, differs } = known.find(({ metric }) => metric === gate.metric) ?? { level: null, differs: null }
    const models = differs ?? assumed(gate.metric, size)
    if (!models) return []
    return marginsOf(gate, level).map(({ rule, margin }) => {
      const found = {
        metric: gate.metric,
        rule,
        margin,
        ...size,
        level,
        ...models,
        ...tell(models, margin, size, confidence),
      }
      return { ...found, sentence: sayAhead(found) }
    })
  })
}

/**
 * How much the candidate of an earlier gate record differed from its champion, for hold-outs whose rows vary as `size`
 * says. Half the width of an interval is z standard errors; where few groups made it wider than that, what is told from
 * it stays as much wider.
 */
export function knownFrom(gate: Predicate<'gate'>, version: string, { groups }: Pick<Size, 'groups'>): Known[] {
  const { confidence, holdout, champion, metrics } = gate
  const units = (holdout.groups === null) === (groups === null) ? (holdout.groups ?? holdout.rows) : null
  const z = normalQuantile((1 + confidence) / 2)
  return metrics.map(({ name, candidate, difference }) => {
    const { low, high } = difference ?? { low: null, high: null }
    const width = low === null || high === null ? 0 : high - low
    const told = champion !== null && units !== null && width > 0
    return {
      metric: name,
      level: candidate.value,
      differs: told
        ? { spread: (width / 2 / z) * Math.sqrt(units), basis: `as ${version} did from ${champion.version}` }
        : null,
    }
  })
}

/** Of rows in groups nobody knows beforehand how alike they are. */
function assumed(metric: MetricName, { groups }: Size): Known['differs'] {
  if (groups !== null || !RIGHT_OR_WRONG.includes(metric)) return null
  return { spread: Math.sqrt(DISCORDANCE), basis: `on ${DISCORDANCE * 100} % of the rows` }
}

/** The rules that compare, and their margins in the metric's unit: none for a share of what is not known. */
function marginsOf(gate: Gate, level: number | null): Array<Pick<Evidence, 'rule' | 'margin'>> {
  const rules = ['max_regression', 'must_improve'] as const
  return rules.flatMap((rule) => {
    const written = gate[rule]
    if (written === undefined) return []
    const { value, relative } = written === true ? { value: 0, relative: false } : amount(written)
    if (relative && level === null) return []
    const size = relative ? value * Math.abs(level!) : value
    return [{ rule, margin: rule === 'max_regression' || size === 0 ? size : -size }]
  })
}

function tell(
  { spread }: Pick<Evidence, 'spread'>,
  margin: number,
  { rows, groups }: Size,
  confidence: number,
): Pick<Evidence, 'rows_needed' | 'detectable'> {
  const asked = { variance: spread ** 2, confidence, power: POWER }
  const units = groups ?? rows
  const fewest = groups === null ? FEWEST_ROWS : FEWEST_GROUPS
  const needed = margin > 0 ? Math.max(fewest, nonInferiorityRows({ ...asked, margin })) : null
  return {
    rows_needed: needed && Math.ceil(needed * (rows / units)),
    detectable: telling({ ...asked, rows: units }) - margin,
  }
}
