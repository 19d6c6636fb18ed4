import type { Hub } from '../hub.ts'
import { getUser } from '../store/accounts.ts'
import type { User } from '../store/entities.ts'
import type { Ctx } from './app.ts'
import { ApiError, notFound } from './errors.ts'

/** The login of the person who asks: a job is nobody's. */
export function personOf(c: Ctx): string {
  const by = c.get('by')
  if (by.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
  if (by.kind === 'job') throw new ApiError(403, 'Resource not accessible by integration')
  return by.login
}

/** The account that a path names. */
export function accountOf(hub: Hub, c: Ctx, parameter = 'login'): User {
  const user = getUser(hub, c.req.param(parameter) ?? '')
  if (!user) throw notFound()
  return user
}
