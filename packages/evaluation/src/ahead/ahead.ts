import { amount, type Evidence, isRowMetric, type MetricName, type Predicate } from '@modelyard/spec'
import { nonInferiorityRows, normalQuantile, tangoVariance, telling } from '@modelyard/stats'
import { FEWEST_GROUPS } from '../comparison/evidence.ts'
import type { Gate } from '../gates/gate.ts'
import { sayAhead } from '../wording/ahead.ts'

/** How often a hold-out is to tell what is true. */
const POWER = 0.8
/** Nobody collects more. */
const MOST_ROWS = 1e12

/** Two models of which nothing is known are taken to be right on different rows so often. */
const DISCORDANCE = 0.05
/** The metrics for which that says all: every row is right or wrong. */
const RIGHT_OR_WRONG: readonly MetricName[] = ['accuracy', 'top_2_accuracy', 'top_3_accuracy', 'top_5_accuracy']

/** Rows, the groups of them that vary as one (null where every row varies on its own), and how many rows it takes at all. */
export interface Size {
  rows: number
  groups: number | null
  fewest: number
}

/** A hold-out, and the parts of it that gates look at, by their conditions. */
export interface Sizes {
  whole: Size
  parts: ReadonlyMap<string, Size>
}

/** What is known of a metric before there is a candidate. */
export interface Known extends Pick<Evidence, 'metric' | 'level'> {
  /** By how much what one row, or one group, adds to the difference of two models varies, and which two those were. */
  differs: Pick<Evidence, 'spread' | 'basis'> | null
}

/**
 * What a hold-out of this size can tell at the margin of every gate that compares rows with the champion's: by the
 * normal approximation, from what is `known`, else from an assumption, where there is an honest one. Gates of which
 * nothing can be said are left out. Rows of a part are taken to vary as all do.
 */
export function evidenceAhead(
  gates: readonly Gate[],
  { whole, parts }: Sizes,
  known: readonly Known[],
  confidence = 0.95,
): Evidence[] {
  return gates.flatMap((gate) => {
    const { metric, slice } = gate
    const size = slice === undefined ? whole : parts.get(slice)
    if (!isRowMetric(metric) || !size || size.rows === 0) return []
    const found = known.find((each) => each.metric === metric)
    const differs = found?.differs ?? assumed(metric, size)
    if (!differs) return []
    // What the champion had on a part is not known.
    const level = (slice === undefined ? found?.level : null) ?? null
    const { rows, groups } = size
    return marginsOf(gate, level).map(({ rule, margin }) => {
      const about = { metric, rule, margin, ...(slice !== undefined && { slice }), rows, groups, level }
      const evidence = { ...about, ...differs, ...tell(metric, differs, margin, size, confidence) }
      return { ...evidence, sentence: sayAhead(evidence, isTooSmall(size)) }
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

/** Whether there is no interval, whatever the models are. */
function isTooSmall({ rows, groups, fewest }: Size): boolean {
  return rows < fewest || (groups !== null && groups < FEWEST_GROUPS)
}

/** Whether a gate holds the candidate against the champion. */
export function compares({ max_regression, must_improve }: Gate): boolean {
  return max_regression !== undefined || must_improve !== undefined
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
  metric: MetricName,
  { spread }: Pick<Evidence, 'spread'>,
  margin: number,
  { rows, groups, fewest }: Size,
  confidence: number,
): Pick<Evidence, 'rows_needed' | 'detectable'> {
  const variance = spread ** 2
  const isTango = groups === null && RIGHT_OR_WRONG.includes(metric)
  // Tango's interval asks whether the difference may be −margin, and for that the models must differ on so many rows.
  const differing = { first: variance / 2, second: variance / 2, rows: 1 }
  const nullVariance = isTango ? tangoVariance(differing, Math.max(-1, Math.min(1, -margin))) : variance
  const asked = { variance, nullVariance, confidence, power: POWER }
  const units = groups ?? rows
  const needed = () => Math.max(nonInferiorityRows({ ...asked, margin }), groups === null ? 0 : FEWEST_GROUPS)
  return {
    rows_needed: margin > 0 ? Math.min(MOST_ROWS, Math.max(fewest, Math.ceil(needed() * (rows / units)))) : null,
    detectable: telling({ ...asked, rows: units }) - margin,
  }
}
