import { gravest, lets, type Verdict } from '@modelyard/spec'
import type { BehaviourRecord } from '../behaviour/behaviour.ts'
import { firstOf } from '../wording/numbers.ts'
import type { GateRecord } from './gate.ts'
import { approvalsOf, type OnInconclusive, type Settled, settle } from './on-inconclusive.ts'
import { isValueless, type SliceRecord } from './slices.ts'

export interface Findings {
  gates: readonly GateRecord[]
  slices: readonly SliceRecord[]
  behaviour: readonly BehaviourRecord[]
  /** Sentences on what was not looked at. */
  notes: readonly string[]
  /** What a slice comes to that has not enough evidence. */
  onInconclusiveSlice: OnInconclusive
  parityWarning: string | null
  /** Whether there is a champion, and if not, whether that is allowed, or was asked for. */
  champion: 'present' | 'allowed-missing' | 'not-asked' | 'missing'
}

/** The gravest of all that was found, and why: the gravest first, and gates before behaviour before slices before parity. */
export function conclude(findings: Findings): {
  verdict: Verdict
  reasons: string[]
  notes?: string[]
  approval?: string[]
} {
  const { gates, behaviour, notes, parityWarning, champion } = findings
  const said: Settled[] = [...gates, ...behaviour]
  if (champion === 'missing') said.push({ verdict: 'inconclusive', reason: REFUSED })
  if (champion === 'allowed-missing') said.push({ verdict: 'pass', reason: FIRST })
  if (champion === 'not-asked') said.push({ verdict: 'pass', reason: ALONE })
  said.push(...summary(findings))
  if (parityWarning) said.push({ verdict: 'warn', reason: parityWarning })
  const order: Verdict[] = ['fail', 'inconclusive', 'warn', 'pass']
  const sorted = said.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
  // Without a gate nothing was judged, whatever else was found.
  const verdict = gates.length === 0 ? 'fail' : gravest(said.map((each) => each.verdict))
  const approval = lets(verdict) ? approvalsOf(said) : []
  return {
    verdict,
    reasons: sorted.map(({ reason }) => reason),
    ...(notes.length > 0 && { notes: [...notes] }),
    ...(approval.length > 0 && { approval }),
  }
}

const FIRST = 'This is the first version: there is nothing to compare it with, and evaluate.first_version allows that.'
const ALONE =
  'It was judged alone, because that was asked: nothing compares it with the version that is live, if there is one.'
const REFUSED =
  'There is no version to compare with. If this is the first, allow it with evaluate.first_version: allow in the model file.'

function summary({ slices, onInconclusiveSlice, champion }: Findings): Settled[] {
  if (slices.length === 0) return []
  const all = slices.length
  const failing = slices.filter(({ verdict }) => verdict === 'fail')
  const valueless = failing.filter(isValueless)
  const worse = failing.filter((slice) => !valueless.includes(slice))
  const open = slices.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'fail')
  const absent = open.filter(({ rows }) => rows === 0)
  const unsure = open.filter(({ rows }) => rows > 0)
  const said: Settled[] = []
  if (worse.length > 0) {
    const what = `${worse.length} of ${looks(all)} ${worse.length === 1 ? 'is' : 'are'} worse beyond the margin`
    said.push({ verdict: 'fail', reason: `${what}, after correcting for ${all}: ${names(worse)}.` })
  }
  if (valueless.length > 0) {
    const what = `${valueless.length} of ${looks(all)} ${valueless.length === 1 ? 'has' : 'have'} no value`
    said.push({ verdict: 'fail', reason: `${what}: ${names(valueless)}.` })
  }
  if (unsure.length > 0) {
    const what = `${unsure.length} of ${looks(all)} ${unsure.length === 1 ? 'has' : 'have'} not enough evidence`
    const reason = `${what} to say: ${names(unsure)}.`
    said.push(settle({ verdict: 'inconclusive', reason }, onInconclusiveSlice))
  }
  if (absent.length > 0)
    said.push({ verdict: 'inconclusive', reason: `No row of the hold-out is in ${names(absent)}.` })
  // Without a champion their numbers are shown, and nothing is said of them.
  if (said.length === 0 && champion === 'present')
    said.push({ verdict: 'pass', reason: `${all === 1 ? 'The one slice passes' : `All ${all} slices pass`}.` })
  return said
}

function looks(all: number): string {
  return all === 1 ? '1 slice' : `${all} slices`
}

function names(slices: readonly SliceRecord[]): string {
  return firstOf(slices.map(({ name }) => name))
}
