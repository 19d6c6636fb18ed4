import type { Access } from '../http/auth.ts'
import type { Repository } from '../store/entities.ts'
import { repository, type Shaping, simpleUser } from './common.ts'
import { permissionsOf } from './people.ts'

/** GET of one repository says more than lists do. */
export function fullRepository(shaping: Shaping, repo: Repository, role: Access) {
  const { repositories, users } = shaping.store
  const origin = (of: Repository) => (of.parent === undefined ? undefined : repositories.get(of.parent))
  const parent = origin(repo)
  const isOrganization = users.find(({ login }) => login === repo.owner)?.type === 'Organization'
  const permissions = permissionsOf(role)
  return {
    ...repository(shaping, repo),
    permissions,
    ...(isOrganization ? { organization: simpleUser(shaping, repo.owner) } : {}),
    ...(parent ? { parent: repository(shaping, parent), source: repository(shaping, sourceOf(parent, origin)) } : {}),
    network_count: repositories.filter((each) => each !== repo && isOfNetwork(each)).length,
    subscribers_count: 0,
    ...(permissions.push ? forPushers(repo) : { temp_clone_token: null }),
  }

  function isOfNetwork(each: Repository): boolean {
    return sourceOf(each, origin) === sourceOf(repo, origin)
  }
}

function forPushers({ settings }: Repository) {
  const usesTitle = settings.squash_merge_commit_title === 'PR_TITLE'
  return { temp_clone_token: '', use_squash_pr_title_as_default: usesTitle }
}

/** A repository in a list, with what the asker may do with it. */
export function listedRepository(shaping: Shaping, repo: Repository, role: Access) {
  return { ...repository(shaping, repo), permissions: permissionsOf(role) }
}

/** Where a fork's forks began. */
function sourceOf(repo: Repository, origin: (of: Repository) => Repository | undefined): Repository {
  const parent = origin(repo)
  return parent ? sourceOf(parent, origin) : repo
}
