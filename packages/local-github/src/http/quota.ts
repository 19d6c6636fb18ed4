import type { Next } from 'hono'
import type { Hub } from '../hub.ts'
import { getUser } from '../store/accounts.ts'
import { routeOf } from './answer.ts'
import type { Ctx } from './app.ts'
import type { Principal } from './auth.ts'
import { ApiError } from './errors.ts'
import type { Quota, Resource } from './rate-limits.ts'

/** Lets a request through to its route if the asker has any left; every answer says how many. */
export async function admit(hub: Hub, c: Ctx, resource: Resource, next: Next): Promise<Response | undefined> {
  const by = c.get('by')
  // To ask what is left costs nothing, and GraphQL refuses who does not say who he is.
  const isFree = c.req.path.endsWith('/rate_limit') || (by.kind === 'anonymous' && resource === 'graphql')
  const isExceeded = !isFree && hub.limits.spend(by, resource)
  let done: (() => void) | undefined
  try {
    if (isExceeded) return refuse(hub, c, resource)
    done = hub.admitAlso?.({
      by: by.kind === 'anonymous' ? '' : by.login,
      method: c.req.method,
      endpoint: routeOf(c),
      resource,
    })
    await next()
    return undefined
  } finally {
    done?.()
    tell(c, hub.limits.look(by, resource))
  }
}

/** What a 304 cost is given back. */
export function refund(hub: Hub, c: Ctx): void {
  hub.limits.refund(c.get('by'), 'core')
  tell(c, hub.limits.look(c.get('by'), 'core'))
}

function tell(c: Ctx, quota: Quota): void {
  for (const name of ['limit', 'remaining', 'reset', 'used'] as const)
    c.header(`x-ratelimit-${name}`, String(quota[name]))
  c.header('x-ratelimit-resource', quota.resource)
}

/** GraphQL refuses within an answer that is a success for HTTP. */
function refuse(hub: Hub, c: Ctx, resource: Resource): Response {
  const message = `API rate limit exceeded for ${payer(hub, c.get('by'))}`
  if (resource === 'graphql') return c.json({ errors: [{ type: 'RATE_LIMITED', message }] })
  throw new ApiError(403, message, { docs: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api' })
}

function payer(hub: Hub, by: Principal): string {
  if (by.kind === 'job') return `installation ID ${by.repo}.`
  if (by.kind === 'user') return `user ID ${getUser(hub, by.login)?.id}.`
  return "127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)"
}
