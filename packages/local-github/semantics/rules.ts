import { ACTIONS } from './actions.ts'
import { ATTESTATIONS } from './attestations.ts'
import { BRANCHES } from './branches.ts'
import { CHECKS } from './checks.ts'
import { CONTENTS } from './contents.ts'
import { DEPLOYMENTS } from './deployments.ts'
import { GIT } from './git.ts'
import { ISSUES } from './issues.ts'
import { PEOPLE } from './people.ts'
import { PERMISSIONS } from './permissions.ts'
import { PROTOCOL } from './protocol.ts'
import { PULLS } from './pulls.ts'
import { RELEASES } from './releases.ts'
import { REPOSITORIES } from './repositories.ts'
import { RESULTS } from './results.ts'
import type { Rule } from './rule.ts'
import { VARIABLES } from './variables.ts'
import { WORKFLOWS } from './workflows.ts'

export type { Rule } from './rule.ts'

/** The ledger: every rule, by family. */
export const RULES: readonly Rule[] = [
  ...PEOPLE,
  ...REPOSITORIES,
  ...CONTENTS,
  ...VARIABLES,
  ...ATTESTATIONS,
  ...ACTIONS,
  ...BRANCHES,
  ...CHECKS,
  ...GIT,
  ...ISSUES,
  ...PERMISSIONS,
  ...PROTOCOL,
  ...PULLS,
  ...RELEASES,
  ...WORKFLOWS,
  ...DEPLOYMENTS,
  ...RESULTS,
]
