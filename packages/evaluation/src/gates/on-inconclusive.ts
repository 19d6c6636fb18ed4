import type { ON_INCONCLUSIVE, Verdict } from '@modelyard/spec'

/** What not enough evidence comes to. */
export type OnInconclusive = (typeof ON_INCONCLUSIVE)[number]

/** What was found, and what was made of it where that was not enough evidence to say. */
export interface Settled {
  verdict: Verdict
  reason: string
  on_inconclusive?: OnInconclusive | undefined
}

/**
 * What a verdict that lacks evidence comes to: itself, which blocks, or a warning that says what the model file asks for
 * in its place. Any other verdict is left alone, and so are its fields.
 */
export function settle<T extends { verdict: Verdict }>(
  found: T,
  asked: OnInconclusive = 'block',
): T & { on_inconclusive?: OnInconclusive } {
  if (found.verdict !== 'inconclusive' || asked === 'block') return found
  return { ...found, verdict: 'warn', on_inconclusive: asked }
}

/** Why a person has to approve: the sentences of all that only lacks the evidence, where the model file leaves it to one. */
export function approvalsOf(found: readonly Settled[]): string[] {
  return found.filter(({ on_inconclusive }) => on_inconclusive === 'require-approval').map(({ reason }) => reason)
}
