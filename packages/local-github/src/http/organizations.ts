import type { Hub } from '../hub.ts'
import { getUser } from '../store/accounts.ts'
import type { User } from '../store/entities.ts'
import { membershipOf } from '../store/roles.ts'
import type { Ctx } from './app.ts'
import { ApiError, notFound } from './errors.ts'
import { personOf } from './people.ts'

/** The organization of the path. */
export function organizationOf(hub: Hub, c: Ctx): User {
  const account = getUser(hub, c.req.param('org') ?? '')
  if (account?.type !== 'Organization') throw notFound()
  return account
}

/** Refuses who is not a member, or not an owner, of an organization. */
export function demandMember(hub: Hub, c: Ctx, { login }: User, wanted: 'member' | 'owner', refusal: string): void {
  const role = membershipOf(hub.store, login, personOf(c))?.role
  if (role !== 'admin' && (wanted === 'owner' || role === undefined)) throw new ApiError(403, refusal)
}
