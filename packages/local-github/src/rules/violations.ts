import { isAncestor } from '../git/ancestry.ts'
import { readCommits, verificationOf } from '../git/commits.ts'
import { git, resolve, ZERO_SHA } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { missingChecks, type RequiredContext } from './contexts.ts'
import type { RefChange } from './refs.ts'
import type { Rule, RuleSource } from './sources.ts'

export interface Violations {
  /** What stands in the way, in GitHub's sentences. */
  held: string[]
  /** What would, for others. */
  waived: string[]
}

/** What a source's rules have against a change of a ref that is pushed. */
export async function violationsOf(
  hub: Hub,
  repo: Repository,
  by: Principal,
  change: RefChange,
  source: RuleSource,
): Promise<Violations> {
  const found: Violations = { held: [], waived: [] }
  for (const rule of source.rules) {
    const kind = source.bypass(by, rule, 'push') ? 'waived' : 'held'
    found[kind].push(...(await against(hub, repo, change, rule)))
  }
  return found
}

async function against(hub: Hub, repo: Repository, change: RefChange, rule: Rule): Promise<string[]> {
  const { before, after } = change
  const [created, deleted] = [before === ZERO_SHA, after === ZERO_SHA]
  const when = (violated: boolean, sentence: string) => (violated ? [sentence] : [])
  switch (rule.type) {
    case 'creation':
      return when(created, 'Cannot create ref due to creations being restricted.')
    case 'update':
      return when(!created && !deleted, UPDATE)
    case 'deletion':
      return when(deleted, 'Cannot delete this protected ref.')
    case 'lock':
      return when(!deleted, LOCKED)
    case 'push_restriction':
      return when(!created, NOT_AUTHORIZED)
  }
  if (deleted) return []
  switch (rule.type) {
    case 'non_fast_forward':
      return when(!created && !(await isAncestor(repo.gitDir, before, after)), 'Cannot force-push to this branch')
    case 'required_linear_history':
      return when(await bringsMerge(repo, change), LINEAR)
    case 'required_signatures':
      return unsigned(hub, repo, change)
    case 'pull_request':
      return when(!created && rule.parameters?.only_pull_requests !== false, PULL_REQUEST)
    case 'required_status_checks': {
      if (created && rule.parameters?.do_not_enforce_on_create === true) return []
      const sha = (await resolve(repo.gitDir, after)) ?? after
      return missingChecks(hub, repo, sha, (rule.parameters?.required_status_checks ?? []) as RequiredContext[])
    }
    case 'required_deployments':
      return missingDeployments(hub, repo, after, rule)
    case 'code_scanning':
      return waitingScans(after, rule)
    case 'merge_queue':
      return when(!created, MERGE_QUEUE)
    default:
      return []
  }
}

export const UPDATE = 'Cannot update this protected ref.'
export const LOCKED = 'Cannot change this locked branch'
export const LINEAR = 'This branch must not contain merge commits.'
export const MERGE_QUEUE = 'Changes must be made through the merge queue'
const PULL_REQUEST = 'Changes must be made through a pull request.'

export const NOT_AUTHORIZED =
  "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information."

/** Names, for `git rev-list`, the commits that a change brings to its ref. */
const brought = ({ before, after }: RefChange) =>
  before === ZERO_SHA ? [after, '--not', '--branches'] : [after, `^${before}`]

async function bringsMerge(repo: Repository, change: RefChange): Promise<boolean> {
  return (await git(repo.gitDir, ['rev-list', '--merges', '--max-count=1', ...brought(change)])) !== ''
}

async function unsigned(hub: Hub, repo: Repository, change: RefChange): Promise<string[]> {
  const commits = await readCommits(repo.gitDir, brought(change))
  const bad = commits.filter((commit) => !verificationOf(hub.store, commit).verified)
  if (bad.length === 0) return []
  const list = bad.map(({ sha }) => `\n\n  ${sha}`).join('')
  return [`Commits must have verified signatures.\n  Found ${bad.length} violation${bad.length > 1 ? 's' : ''}:${list}`]
}

/** Environments in which the commit's newest deployment is not a success. */
export function missingDeployments(hub: Hub, repo: Repository, sha: string, { parameters }: Rule): string[] {
  const environments = (parameters?.required_deployment_environments ?? []) as string[]
  const isDeployed = (environment: string) => {
    const rows = hub.store.deployments.filter((row) => row.repo === repo.id && row.environment === environment)
    const last = rows.findLast((row) => row.sha === sha)
    const status = last && hub.store.deploymentStatuses.filter((row) => row.deployment === last.id).at(-1)
    return status?.state === 'success'
  }
  return environments
    .filter((environment) => !isDeployed(environment))
    .map((environment) => `Missing successful active ${environment} deployment.`)
}

/** Nothing scans code here, so that what requires it waits for ever. */
export function waitingScans(sha: string, { parameters }: Rule): string[] {
  const tools = (parameters?.code_scanning_tools ?? []) as Array<{ tool: string }>
  return tools.map(({ tool }) => `Code scanning is waiting for results from ${tool} for the commit ${sha.slice(0, 7)}.`)
}
