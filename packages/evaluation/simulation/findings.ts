import { binomialPmf, clopperPearsonInterval, quantileInterval, wilsonInterval } from '@modelyard/stats'
import { type Cell, CONFIDENCE, MARGIN } from './cell.ts'
import { MOST } from './fairness.ts'
import type { Outcome } from './run.ts'

/** A rate that was counted, and the goal that it is held against, if there is one. */
export interface Finding {
  question: Cell['question'] | 'exact'
  name: string
  /** What was counted. */
  of: string
  rows: number | null
  discordance: number | null
  difference: number | null
  /** Of how many; null where the rate is computed, not counted. */
  trials: number | null
  rate: number
  goal: { atMost: number } | { atLeast: number } | null
  /** Whether the goal is missed by more than three standard errors of the simulation. */
  missed: boolean
}

const ERRORS = 3
const PASS_AT_MARGIN = (1 - CONFIDENCE) / 2
const FALSE_ALARM = 0.05
const COVERAGE = 0.93

export function findingsOf(outcomes: readonly Outcome[]): Finding[] {
  return [...outcomes.flatMap(ofOutcome), ...exact()]
}

function ofOutcome({ cell, tally }: Outcome): Finding[] {
  const { question, name, world, trials } = cell
  const place = {
    question,
    name,
    rows: world?.rows ?? null,
    discordance: world?.discordance ?? null,
    difference: world?.difference ?? null,
  }
  const rate = (of: string, goal: Finding['goal'], counted = tally[of] ?? 0, all = trials): Finding => ({
    ...{ ...place, of, trials: all, rate: counted / all, goal },
    missed: misses(counted / all, all, goal),
  })
  if (question === 'margin') return [rate('pass', { atMost: PASS_AT_MARGIN })]
  if (question === 'parity') {
    return [rate('alarm', { atMost: FALSE_ALARM }), rate('point gate', null)]
  }
  if (question === 'fairness') {
    const onTheLimit = world?.difference === MOST
    return FAIRNESS_GATES.map((gate) => {
      const wrong = onTheLimit && (gate === 'pass' || gate === 'fail')
      return rate(gate, wrong ? { atMost: PASS_AT_MARGIN } : null)
    })
  }
  if (question === 'slices') return [rate('alarm', { atMost: FALSE_ALARM })]
  if (question === 'power') {
    return GATES.map((gate) => rate(gate, gate === 'pass' && atMargin(cell) ? { atMost: PASS_AT_MARGIN } : null))
  }
  const samples = Object.keys(tally).filter((key) => key.endsWith(' samples'))
  return samples.map((key) => {
    const of = key.slice(0, -' samples'.length)
    return rate(of, { atLeast: COVERAGE }, tally[`${of} covered`] ?? 0, tally[`${of} intervals`] ?? 0)
  })
}

/** What a gate may come to: ours in three ways, the others' passes. */
export const GATES = ['pass', 'inconclusive', 'fail', 'not below', 'within tolerance', 'not significantly worse']

/** What a gate on groups may come to: ours in three ways, how often the others fail. */
export const FAIRNESS_GATES = ['pass', 'inconclusive', 'fail', 'point gate', 'four-fifths']

function atMargin({ world }: Cell): boolean {
  return world?.difference === -MARGIN
}

function misses(rate: number, trials: number, goal: Finding['goal']): boolean {
  // NaN, of no trial at all, misses every goal.
  if (goal === null) return false
  const limit = 'atMost' in goal ? goal.atMost : goal.atLeast
  const slack = ERRORS * Math.sqrt((limit * (1 - limit)) / trials)
  return 'atMost' in goal ? !(rate <= limit + slack) : !(rate >= limit - slack)
}

/** What is computed instead of drawn: how often the intervals of shares cover them. */
function exact(): Finding[] {
  return [50, 400, 2000].flatMap((rows) =>
    [20 / rows, 0.5].flatMap((share) =>
      Object.entries({ Wilson: wilsonInterval, 'Clopper–Pearson': clopperPearsonInterval }).map(
        ([name, interval]): Finding => {
          const rate = covers(interval, rows, share)
          return { ...computed, name, of: `${share * rows} events`, rows, rate, goal: null, missed: false }
        },
      ),
    ),
  )
}

const computed = { question: 'exact', discordance: null, difference: null, trials: null } as const

function covers(interval: typeof wilsonInterval, rows: number, share: number): number {
  let sum = 0
  for (let successes = 0; successes <= rows; successes++) {
    const chance = binomialPmf(successes, rows, share)
    if (chance < 1e-12) continue
    const { low, high } = interval(successes, rows, CONFIDENCE)
    if (low <= share && share <= high) sum += chance
  }
  return sum
}

/** The least number of calls whose times bound the 99th percentile from above. */
export function callsForP99(): number {
  let calls = 1
  while (quantileInterval(calls, 0.99, CONFIDENCE).high === null) calls++
  return calls
}
