import type { Actors, BranchProtection, Repository, Team } from '../store/entities.ts'
import { githubActionsApp, repoApi, type Shaping, simpleUser } from './common.ts'
import { teamShape } from './teams.ts'

export function branchApi(shaping: Shaping, repo: Repository, branch: string): string {
  return `${repoApi(shaping, repo)}/branches/${branch.split('/').map(encodeURIComponent).join('/')}`
}

export const usersShape = (shaping: Shaping, { users }: Actors) => users.map((login) => simpleUser(shaping, login))

export const appsShape = (shaping: Shaping, { apps }: Actors) => apps.map(() => githubActionsApp(shaping))

export function teamsShape(shaping: Shaping, repo: Repository, { teams }: Actors) {
  const found = teams.map((slug) =>
    shaping.store.teams.find((row) => row.organization === repo.owner && row.slug === slug),
  )
  return found.filter((team): team is Team => team !== undefined).map((team) => teamShape(shaping, team))
}

function actorsShape(shaping: Shaping, repo: Repository, actors: Actors) {
  return {
    users: usersShape(shaping, actors),
    teams: teamsShape(shaping, repo, actors),
    apps: appsShape(shaping, actors),
  }
}

export function checksShape(shaping: Shaping, repo: Repository, { branch, checks }: BranchProtection) {
  const url = `${branchApi(shaping, repo, branch)}/protection/required_status_checks`
  return {
    url,
    strict: checks!.strict,
    contexts: checks!.required.map(({ context }) => context),
    contexts_url: `${url}/contexts`,
    checks: checks!.required,
  }
}

export function reviewsShape(shaping: Shaping, repo: Repository, { branch, reviews }: BranchProtection) {
  const { dismissal, bypass, ...rest } = reviews!
  const url = `${branchApi(shaping, repo, branch)}/protection`
  const dismissals = `${url}/dismissal_restrictions`
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: rest.dismissStale,
    require_code_owner_reviews: rest.codeOwners,
    required_approving_review_count: rest.count,
    require_last_push_approval: rest.lastPush,
    ...(dismissal && {
      dismissal_restrictions: {
        url: dismissals,
        users_url: `${dismissals}/users`,
        teams_url: `${dismissals}/teams`,
        ...actorsShape(shaping, repo, dismissal),
      },
    }),
    ...(bypass && { bypass_pull_request_allowances: actorsShape(shaping, repo, bypass) }),
  }
}

export function restrictionsShape(shaping: Shaping, repo: Repository, { branch, restrictions }: BranchProtection) {
  const url = `${branchApi(shaping, repo, branch)}/protection/restrictions`
  return {
    url,
    users_url: `${url}/users`,
    teams_url: `${url}/teams`,
    apps_url: `${url}/apps`,
    ...actorsShape(shaping, repo, restrictions!),
  }
}

/** A switch that has an address of its own. */
export function switchShape(shaping: Shaping, repo: Repository, branch: string, name: string, enabled: boolean) {
  return { url: `${branchApi(shaping, repo, branch)}/protection/${name}`, enabled }
}

export function protectionShape(shaping: Shaping, repo: Repository, protection: BranchProtection) {
  const { branch, checks, reviews, restrictions } = protection
  return {
    url: `${branchApi(shaping, repo, branch)}/protection`,
    ...(checks && { required_status_checks: checksShape(shaping, repo, protection) }),
    ...(reviews && { required_pull_request_reviews: reviewsShape(shaping, repo, protection) }),
    ...(restrictions && { restrictions: restrictionsShape(shaping, repo, protection) }),
    required_signatures: switchShape(shaping, repo, branch, 'required_signatures', protection.signatures),
    enforce_admins: switchShape(shaping, repo, branch, 'enforce_admins', protection.enforceAdmins),
    required_linear_history: { enabled: protection.linearHistory },
    allow_force_pushes: { enabled: protection.forcePushes },
    allow_deletions: { enabled: protection.deletions },
    block_creations: { enabled: protection.blockCreations },
    required_conversation_resolution: { enabled: protection.conversationResolution },
    lock_branch: { enabled: protection.lockBranch },
    allow_fork_syncing: { enabled: protection.forkSyncing },
  }
}
