import { type Ctx, numberParam } from '../http/app.ts'
import { notFound } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { findPull, findRepository } from '../store/store.ts'

export const SCOPE = 'pull-requests'

/** The pull request of the path. */
export function pullOf(hub: Hub, repo: Repository, c: Ctx): Pull {
  const issue = findPull(hub.store, repo.id, numberParam(c, 'number'))
  if (!issue) throw notFound()
  return issue
}

/** The repository that `owner:branch` means: this one, or the owner's of its network. */
export function headRepoOf(
  hub: Hub,
  repo: Repository,
  owner: string | undefined,
  name?: string,
): Repository | undefined {
  if (name !== undefined) return inNetwork(hub, repo, findRepository(hub.store, `${owner ?? repo.owner}/${name}`))
  if (owner === undefined || owner.toLowerCase() === repo.owner.toLowerCase()) return repo
  const root = rootOf(hub, repo)
  const named = inNetwork(hub, repo, findRepository(hub.store, `${owner}/${repo.name}`))
  const isTheirs = (row: Repository) => row.owner.toLowerCase() === owner.toLowerCase() && rootOf(hub, row) === root
  return named ?? hub.store.repositories.find(isTheirs)
}

function inNetwork(hub: Hub, repo: Repository, other: Repository | undefined): Repository | undefined {
  return other && rootOf(hub, other) === rootOf(hub, repo) ? other : undefined
}

/** The repository that all forks of a network come from. */
function rootOf(hub: Hub, repo: Repository): number {
  const parent = repo.parent === undefined ? undefined : hub.store.repositories.get(repo.parent)
  return parent ? rootOf(hub, parent) : repo.id
}
