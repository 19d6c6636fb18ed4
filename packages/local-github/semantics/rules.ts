import { ACTIONS } from './actions.ts'
import { ISSUES } from './issues.ts'
import { PROTOCOL } from './protocol.ts'
import { PULLS } from './pulls.ts'
import { RELEASES } from './releases.ts'
import type { Rule } from './rule.ts'

export type { Rule } from './rule.ts'

/** The ledger: every rule, by family. */
export const RULES: readonly Rule[] = [...ACTIONS, ...ISSUES, ...PROTOCOL, ...PULLS, ...RELEASES]
