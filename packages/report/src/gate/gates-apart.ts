import { type Estimate, isComparing } from '@modelyard/spec'
import type { Phrase } from '../document/document.ts'
import { asks, nameApart, picture, reasonOf } from './gate-cells.ts'
import { ICONS } from './headline.ts'
import {
  type Compared,
  formatEstimate,
  formatValue,
  type Gate,
  type GateResult,
  gatesOn,
  type Scale,
  scaleOf,
} from './metrics.ts'

/** The numbers behind a gate that does not look at all rows alike; null where they are not known. */
function measuredApart({ fairness = [], gates }: Gate, each: GateResult): { found: Compared | null; scale: Scale } {
  const { metric, by, candidate, champion, difference } = each
  const found =
    by === undefined
      ? candidate && { candidate, champion: champion ?? null, difference: difference ?? null }
      : fairness.find((one) => one.by === by && one.metric === metric)
  return { found: found ?? null, scale: scaleOf(metric, found ?? { candidate: NOTHING }, gatesOn(gates, each)) }
}

const NOTHING: Estimate = { value: null, low: null, high: null }

/** A row of the gate table: name, champion, candidate, difference, picture, what is asked. */
export function rowApart(gate: Gate, each: GateResult): Phrase[] {
  const { found, scale } = measuredApart(gate, each)
  const difference = found?.difference
  const value =
    found && (difference ? formatValue(found.candidate.value, scale) : formatEstimate(found.candidate, scale))
  return [
    nameApart(each),
    formatValue(found?.champion?.value, scale),
    value ?? '—',
    difference ? formatEstimate(difference, scale, { sign: true }) : '—',
    difference ? picture({ name: each.metric, difference }, marginApart(each)) : '',
    cellApart(each, found, scale),
  ]
}

function marginApart({ rule, limit }: GateResult): number | null {
  if (!isComparing(rule)) return null
  return rule === 'max_regression' ? limit : -limit
}

function cellApart(each: GateResult, found: Compared | null, scale: Scale): string {
  const { value } = found?.candidate ?? NOTHING
  return value === null ? reasonOf(each) : `${ICONS[each.verdict]} ${asks(each, scale)}`
}
