import { ApiError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { findRepository } from '../../store/store.ts'

const LONGEST = 100

/** The name under which a repository is kept: other characters become hyphens. */
export function toRepositoryName(name: string): string {
  const kept = name.replace(/[^\w.-]+/g, '-')
  if (kept.length > LONGEST)
    throw invalid('Repository', 'custom', 'name', `name is too long (maximum is ${LONGEST} characters)`)
  if (kept === '' || kept === '.' || kept === '..' || /\.(git|wiki)$/i.test(kept))
    throw invalid('Repository', 'custom', 'name', 'name is reserved')
  return kept
}

/** Refuses a name that the account gave to another repository. */
export function demandFreeName(hub: Hub, owner: string, name: string, message: string): void {
  if (!findRepository(hub.store, `${owner}/${name}`)) return
  const taken = 'name already exists on this account'
  throw new ApiError(422, message, {
    errors: [{ resource: 'Repository', code: 'custom', field: 'name', message: taken }],
  })
}
