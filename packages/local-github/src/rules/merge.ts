import { isAncestor } from '../git/ancestry.ts'
import { readCommits, verificationOf } from '../git/commits.ts'
import type { Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { missingChecks, type RequiredContext } from './contexts.ts'
import { inAnswer } from './refs.ts'
import { missingReviews, type ReviewParameters } from './reviews.ts'
import { type Rule, sourcesFor } from './sources.ts'
import { LINEAR, LOCKED, MERGE_QUEUE, missingDeployments, NOT_AUTHORIZED, UPDATE, waitingScans } from './violations.ts'
import { foreignWorkflow, workflowRefusal } from './workflow-files.ts'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** Refuses, with 405, a merge that the base branch's rules do not allow. */
export async function demandMerge(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  method: MergeMethod,
): Promise<void> {
  const found = await mergeProblems(hub, repo, issue, method, by)
  for (const origin of ['ruleset', 'protection'] as const) {
    const sentences = found[origin]
    if (sentences.length) throw new ApiError(405, inAnswer({ kind: origin, sentences }))
  }
}

/** Refuses, with 403, what a merge by a job's token would make of the base where workflows differ. */
export async function demandOwnWorkflows(repo: Repository, by: Principal, base: string, merged: string): Promise<void> {
  const path = await foreignWorkflow(repo, by, merged, [base])
  if (path) throw new ApiError(403, workflowRefusal(path))
}

/** Whether the base branch's rules stand in a merge's way: `mergeable_state` is «blocked» then. */
export async function isBlocked(hub: Hub, repo: Repository, issue: Pull): Promise<boolean> {
  const { ruleset, protection } = await mergeProblems(hub, repo, issue, 'squash')
  return ruleset.length + protection.length > 0
}

/** What each kind of rules has against a merge, leaving out what `by` need not keep. */
async function mergeProblems(hub: Hub, repo: Repository, issue: Pull, method: MergeMethod, by?: Principal) {
  const found = { ruleset: new Set<string>(), protection: new Set<string>() }
  for (const { origin, rules, bypass } of sourcesFor(hub, repo, `refs/heads/${issue.pull.baseRef}`)) {
    for (const rule of rules) {
      if (by && bypass(by, rule, 'pull_request')) continue
      for (const sentence of await against(hub, repo, issue, method, rule)) found[origin].add(sentence)
    }
  }
  return { ruleset: [...found.ruleset], protection: [...found.protection] }
}

async function against(hub: Hub, repo: Repository, issue: Pull, method: MergeMethod, rule: Rule): Promise<string[]> {
  const { headSha, baseSha } = issue.pull
  switch (rule.type) {
    case 'update':
      return [UPDATE]
    case 'lock':
      return [LOCKED]
    case 'push_restriction':
      return [NOT_AUTHORIZED]
    case 'merge_queue':
      return [MERGE_QUEUE]
    case 'required_linear_history':
      return method === 'merge' ? [LINEAR] : []
    case 'required_signatures':
      return (await isUnsigned(hub, repo, issue, method)) ? ['Commits must have verified signatures.'] : []
    case 'pull_request': {
      const { allowed_merge_methods: allowed } = (rule.parameters ?? {}) as ReviewParameters
      const wrong = allowed && !allowed.includes(method) ? [NOT_ALLOWED[method]] : []
      return [...wrong, ...(await missingReviews(hub, repo, issue, rule))]
    }
    case 'required_status_checks': {
      const { required_status_checks: required = [], strict_required_status_checks_policy: strict } =
        (rule.parameters ?? {}) as {
          required_status_checks?: RequiredContext[]
          strict_required_status_checks_policy?: boolean
        }
      const behind = strict && !(await isAncestor(repo.gitDir, baseSha, headSha))
      return [...missingChecks(hub, repo, headSha, required), ...(behind ? [BEHIND] : [])]
    }
    case 'required_deployments':
      return missingDeployments(hub, repo, headSha, rule)
    case 'code_scanning':
      return waitingScans(headSha, rule)
    default:
      return []
  }
}

const NOT_ALLOWED = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
}

const BEHIND = 'The head branch is out of date. Update it before merging.'

/** A squashed commit the server signs; those of a rebase it cannot, and a merge brings those of the branch. */
async function isUnsigned(hub: Hub, repo: Repository, { pull }: Pull, method: MergeMethod): Promise<boolean> {
  if (method !== 'merge') return method === 'rebase'
  const commits = await readCommits(repo.gitDir, [`${pull.baseSha}..${pull.headSha}`])
  return commits.some((commit) => !verificationOf(hub.store, commit).verified)
}
