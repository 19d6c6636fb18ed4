import type { Principal } from '../http/auth.ts'
import { may } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { CanBypass } from '../shapes/rulesets.ts'
import type { Actors, BranchProtection, BypassActor, Repository, Ruleset } from '../store/entities.ts'
import { membershipOf, teamsOf } from '../store/roles.ts'
import { matchesGlob } from './glob.ts'

/** A rule, by GitHub's names for those of rulesets; a branch's protection has `push_restriction` and `lock` beside. */
export interface Rule {
  type: string
  parameters?: Record<string, unknown>
}

/** Rules of one origin, which some people need not keep. */
export interface RuleSource {
  origin: 'ruleset' | 'protection'
  rules: readonly Rule[]
  /** Whom it does not hold, asked for each rule. */
  bypass: (by: Principal, rule: Rule, through: 'push' | 'pull_request') => boolean
}

/** All that holds for a ref: active rulesets that name it, and its branch's protection. */
export function sourcesFor(hub: Hub, repo: Repository, ref: string): RuleSource[] {
  const sources = rulesetsFor(hub, repo, ref).map((ruleset) => fromRuleset(hub, repo, ruleset))
  const protection = protectionOf(hub, repo, ref)
  return protection ? [...sources, fromProtection(hub, repo, protection)] : sources
}

export function protectionOf(hub: Hub, repo: Repository, ref: string): BranchProtection | undefined {
  return hub.store.branchProtections.find((row) => row.repo === repo.id && ref === `refs/heads/${row.branch}`)
}

export function rulesetsFor(hub: Hub, repo: Repository, ref: string): Ruleset[] {
  return hub.store.rulesets.filter(
    (row) => row.repo === repo.id && row.enforcement === 'active' && isTarget(row, repo, ref),
  )
}

function isTarget({ target, conditions }: Ruleset, repo: Repository, ref: string): boolean {
  if (!ref.startsWith(target === 'tag' ? 'refs/tags/' : 'refs/heads/')) return false
  const { include = [], exclude = [] } = conditions.ref_name ?? {}
  const matches = (pattern: string) => {
    if (pattern === '~ALL') return true
    if (pattern === '~DEFAULT_BRANCH') return ref === `refs/heads/${repo.defaultBranch}`
    return matchesGlob(pattern, ref)
  }
  return include.some(matches) && !exclude.some(matches)
}

function fromRuleset(hub: Hub, repo: Repository, ruleset: Ruleset): RuleSource {
  return {
    origin: 'ruleset',
    rules: ruleset.rules,
    bypass: (by, _rule, through) => {
      const can = canBypass(hub, repo, by, ruleset)
      return can === 'always' || (can === 'pull_requests_only' && through === 'pull_request')
    },
  }
}

/** Whether somebody need not keep a ruleset, as the API says it. */
export function canBypass(hub: Hub, repo: Repository, by: Principal, { bypass_actors }: Ruleset): CanBypass {
  const own = bypass_actors.filter((actor) => isActor(hub, repo, by, actor))
  if (own.some(({ bypass_mode }) => bypass_mode !== 'pull_request')) return 'always'
  return own.length > 0 ? 'pull_requests_only' : 'never'
}

/** GitHub's numbers for the roles of a repository. */
const ROLES = { 2: 'maintain', 4: 'write', 5: 'admin' } as const

// A job's token is no role, team or person, and the app of GitHub Actions cannot be made an exception.
function isActor(hub: Hub, repo: Repository, by: Principal, { actor_type, actor_id }: BypassActor): boolean {
  if (by.kind !== 'user') return false
  if (actor_type === 'RepositoryRole') return actor_id! in ROLES && may(hub, by, repo, ROLES[actor_id as 5])
  if (actor_type === 'OrganizationAdmin') return membershipOf(hub.store, repo.owner, by.login)?.role === 'admin'
  if (actor_type === 'Team') return teamsOf(hub.store, repo.owner, by.login).some(({ id }) => id === actor_id)
  return actor_type === 'User' && hub.store.users.get(actor_id ?? 0)?.login === by.login
}

function fromProtection(hub: Hub, repo: Repository, protection: BranchProtection): RuleSource {
  const { checks, reviews, restrictions } = protection
  const when = (wanted: boolean, type: string, parameters?: Record<string, unknown>): Rule[] =>
    wanted ? [{ type, ...(parameters ? { parameters } : {}) }] : []
  return {
    origin: 'protection',
    rules: [
      ...when(protection.lockBranch, 'lock'),
      ...when(restrictions !== null, 'push_restriction'),
      ...when(restrictions !== null && protection.blockCreations, 'creation'),
      ...when(!protection.deletions, 'deletion'),
      ...when(!protection.forcePushes, 'non_fast_forward'),
      ...when(protection.linearHistory, 'required_linear_history'),
      ...when(protection.signatures, 'required_signatures'),
      ...when(reviews !== null || protection.conversationResolution, 'pull_request', {
        required_approving_review_count: reviews?.count ?? 0,
        dismiss_stale_reviews_on_push: reviews?.dismissStale ?? false,
        require_code_owner_review: reviews?.codeOwners ?? false,
        require_last_push_approval: reviews?.lastPush ?? false,
        required_review_thread_resolution: protection.conversationResolution,
        // Where only conversations are to be resolved, a push is as good as a pull request.
        only_pull_requests: reviews !== null,
      }),
      ...when(checks !== null, 'required_status_checks', {
        required_status_checks: checks?.required.map(({ context, app_id }) => ({ context, integration_id: app_id })),
        strict_required_status_checks_policy: checks?.strict,
        do_not_enforce_on_create: true,
      }),
    ],
    bypass: (by, rule, through) => {
      if (rule.type === 'push_restriction' && isAmong(hub, repo, by, restrictions)) return true
      if (rule.type === 'pull_request' && through === 'push' && isAmong(hub, repo, by, reviews?.bypass ?? null))
        return true
      // What nobody asked to allow, force and deletion, administrators may not do either.
      if (['non_fast_forward', 'deletion'].includes(rule.type)) return false
      return !protection.enforceAdmins && by.kind === 'user' && may(hub, by, repo, 'admin')
    },
  }
}

/** Whether somebody is one of the people, or in one of the teams, that a protection names. */
export function isAmong(hub: Hub, repo: Repository, by: Principal, actors: Actors | null): boolean {
  if (!actors || by.kind === 'anonymous') return false
  if (by.kind === 'job') return actors.apps.includes('github-actions')
  const teams = teamsOf(hub.store, repo.owner, by.login)
  return actors.users.includes(by.login) || teams.some(({ slug }) => actors.teams.includes(slug))
}
