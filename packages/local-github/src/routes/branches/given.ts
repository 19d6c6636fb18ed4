import { invalid, invalidBecause } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import type { Actors, BranchProtection, Repository, RequiredReviews } from '../../store/entities.ts'

export interface GivenActors {
  users?: string[]
  teams?: string[]
  apps?: string[]
}

export interface GivenReviews {
  dismissal_restrictions?: GivenActors
  dismiss_stale_reviews?: boolean
  require_code_owner_reviews?: boolean
  required_approving_review_count?: number
  require_last_push_approval?: boolean
  bypass_pull_request_allowances?: GivenActors
}

export interface GivenChecks {
  strict?: boolean
  contexts?: string[]
  checks?: Array<{ context: string; app_id?: number }>
}

const MAX_REVIEWS = 6

/** Actors as they are kept: only those that there are, each once. */
export function actorsOf(hub: Hub, repo: Repository, given: GivenActors): Actors {
  if (hub.store.users.find((row) => row.login === repo.owner)?.type !== 'Organization') {
    throw invalidBecause('Only organization repositories can have users and team restrictions')
  }
  const { users = [], teams = [], apps = [] } = given
  const isUser = (login: string) => hub.store.users.find((row) => row.login === login && row.type === 'User')
  const isTeam = (slug: string) => hub.store.teams.find((row) => row.organization === repo.owner && row.slug === slug)
  return {
    users: [...new Set(users)].filter(isUser),
    teams: [...new Set(teams)].filter(isTeam),
    apps: [...new Set(apps)].filter((slug) => slug === 'github-actions'),
  }
}

/** What was given about reviews, laid over what there was. An empty object takes a restriction of people away. */
export function reviewsOf(
  hub: Hub,
  repo: Repository,
  given: GivenReviews,
  before: RequiredReviews | null,
): RequiredReviews {
  const count = given.required_approving_review_count ?? before?.count ?? 1
  if (count < 0 || count > MAX_REVIEWS) {
    const field = 'required_approving_review_count'
    throw invalid('ProtectedBranch', 'custom', field, `${field} must be between 0 and ${MAX_REVIEWS}.`)
  }
  const people = (actors: GivenActors | undefined, old: Actors | null | undefined) => {
    if (actors === undefined) return old ?? null
    return Object.keys(actors).length === 0 ? null : actorsOf(hub, repo, actors)
  }
  return {
    count,
    dismissStale: given.dismiss_stale_reviews ?? before?.dismissStale ?? false,
    codeOwners: given.require_code_owner_reviews ?? before?.codeOwners ?? false,
    lastPush: given.require_last_push_approval ?? before?.lastPush ?? false,
    dismissal: people(given.dismissal_restrictions, before?.dismissal),
    bypass: people(given.bypass_pull_request_allowances, before?.bypass),
  }
}

/** Required checks; `checks` says more than `contexts` and goes before it. */
export function checksOf(
  given: GivenChecks,
  before: BranchProtection['checks'],
): NonNullable<BranchProtection['checks']> {
  const named = given.checks?.map(({ context, app_id }) => ({ context, app_id: app_id ?? null }))
  const plain = given.contexts?.map((context) => ({ context, app_id: null }))
  return { strict: given.strict ?? before?.strict ?? false, required: named ?? plain ?? before?.required ?? [] }
}
