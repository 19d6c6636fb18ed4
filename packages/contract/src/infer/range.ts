import { number } from '../checks/plan.ts'
import type { Slack } from './claims.ts'
import type { Ends } from './facts.ts'
import { beyond } from './tail.ts'

/** With so small a chance a set of as many rows has a value beyond a bound. */
const CHANCE = 0.001
/** Beyond what the tail asks for, new data may be a little different: so much of the range between the ends. */
const LEAST_SLACK = 0.1
/** Where too few values show how the tail falls off, this much of it. */
const BLIND_SLACK = 0.5
/** A bound that is further away than so many times that range says nothing. */
const MOST_SLACK = 10

export interface RangeBound {
  at: number
  why: string
}

/**
 * Bounds that a next set of as many rows keeps, with a chance of 1 in 1,000 to be wrong by each; none where a tail is so
 * heavy that it has no such bound. Numbers without negative values keep to that.
 */
export function rangeOf(ends: Ends, whole: boolean, slack: Slack): { minimum?: RangeBound; maximum?: RangeBound } {
  const [low, high] = [ends.low[0]!, ends.high[0]!]
  const span = high - low
  // A column that holds infinities has no range.
  if (!Number.isFinite(span)) return {}
  const unit = span || Math.abs(high) || 2
  const falling = ends.low.map((value) => -value)
  const minimum = reach(`the least is ${number(low)}`, falling, ends.stops.low, unit, slack('minimum'))
  const maximum = reach(`the greatest is ${number(high)}`, ends.high, ends.stops.high, unit, slack('maximum'))
  return {
    ...(minimum && outwards(low, -minimum.slack, whole, minimum.why, 'minimum')),
    ...(maximum && outwards(high, maximum.slack, whole, maximum.why, 'maximum')),
  }
}

/** How far beyond the first of the values, in falling order, others may go; undefined where there is no saying. */
function reach(seen: string, falling: number[], stops: boolean, unit: number, times: number) {
  if (stops) return { slack: 0, why: `${seen}, in many rows` }
  const tail = beyond(falling, CHANCE)
  if (tail === null) return { slack: BLIND_SLACK * unit * times, why: `${seen}; there are too few values to say more` }
  const wanted = Math.max(tail, LEAST_SLACK * unit) * times
  if (wanted > MOST_SLACK * unit || Number.isNaN(wanted)) return undefined
  return { slack: wanted, why: `${seen}; at most one in 1,000 sets of as many rows goes further` }
}

function outwards(end: number, by: number, whole: boolean, why: string, name: 'minimum' | 'maximum') {
  const far = end + by
  const kept = name === 'minimum' ? (end >= 0 ? Math.max(0, far) : far) : end <= 0 ? Math.min(0, far) : far
  const at = by === 0 ? end : shorten(kept, whole, Math.abs(by), name === 'minimum' ? Math.floor : Math.ceil)
  // Numbers beyond these lose digits, so that the bound would not be the one that was written.
  return Math.abs(at) <= Number.MAX_SAFE_INTEGER ? { [name]: { at, why } } : undefined
}

/** Rounds outwards to a hundredth of the slack's magnitude (or to a whole number), so that what was seen stays inside. */
function shorten(value: number, whole: boolean, slack: number, round: (value: number) => number): number {
  if (whole) return round(value)
  const scale = 10 ** Math.min(Math.max(1 - Math.floor(Math.log10(slack)), -300), 300)
  const rounded = round(value * scale) / scale
  // Beyond what a double can say to this precision, the number as it is.
  return Number.isFinite(rounded) ? Number(rounded.toPrecision(15)) : value
}
