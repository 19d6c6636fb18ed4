import type { Production } from '@modelyard/data'
import type { DriftColumn, Profile, Verdict } from '@modelyard/spec'

export interface DriftRule {
  /** The rate of false discoveries among all tests of a record. */
  q?: number
}

/** What is particular to a drift record, but who the champion is and which files were read. */
export interface DriftDecision {
  verdict: Verdict
  /** Full sentences, the one that matters most first. */
  reasons: string[]
  /** The newest part of production, which was judged. */
  window: { span: string; start: string | null; end: string | null; rows: number }
  columns: DriftColumn[]
  hints: string[]
}

/** Whether production has moved away from the reference. Pure. */
export function decideDrift(_reference: Profile, _production: Production, _rule: DriftRule = {}): DriftDecision {
  throw new Error('being written')
}
