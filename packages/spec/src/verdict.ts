import { z } from 'zod'

/** The four answers of a gate; only `pass` and `warn` let a candidate through. */
export const Verdict = z.enum(['pass', 'warn', 'fail', 'inconclusive'])
export type Verdict = z.infer<typeof Verdict>

const gravity: readonly Verdict[] = ['pass', 'warn', 'inconclusive', 'fail']

/** The gravest of several verdicts; of none, `fail`: nothing that was not looked at passes. */
export function gravest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'fail'
  return gravity[Math.max(...verdicts.map((verdict) => gravity.indexOf(verdict)))]!
}

/** Whether a candidate with this verdict may go on. */
export function lets(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'warn'
}

/** The command's exit code for a verdict: 0 pass or warn, 1 fail, 3 inconclusive. */
export function exitCode(verdict: Verdict): 0 | 1 | 3 {
  if (lets(verdict)) return 0
  return verdict === 'fail' ? 1 : 3
}
