import type { Repository } from '../store/entities.ts'
import { membershipOf } from '../store/roles.ts'
import type { Store } from '../store/store.ts'

/** How the author of something stands to the repository. */
export function association(store: Store, repo: Repository, login: string): string {
  if (login === repo.owner) return 'OWNER'
  if (membershipOf(store, repo.owner, login)) return 'MEMBER'
  if (repo.collaborators.some((each) => each.login === login)) return 'COLLABORATOR'
  const merged = store.issues.find((row) => row.repo === repo.id && row.user === login && row.pull?.mergedAt != null)
  return merged ? 'CONTRIBUTOR' : 'NONE'
}
