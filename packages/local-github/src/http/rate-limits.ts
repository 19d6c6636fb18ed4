import type { Clock } from '../store/clock.ts'
import type { Principal } from './auth.ts'

/** What is left of an hour's requests. */
export interface Quota {
  limit: number
  used: number
  remaining: number
  /** Seconds since 1970. */
  reset: number
  resource: Resource
}

export type Resource = 'core' | 'graphql'

export interface RateLimits {
  /** Counts a request; true when it was one too many. */
  spend: (by: Principal, resource: Resource) => boolean
  /** A 304 costs nothing. */
  refund: (by: Principal, resource: Resource) => void
  look: (by: Principal, resource: Resource) => Quota
}

const HOUR = 3_600_000

/**
 * Primary rate limits, counted from the first request of an hour by the server's clock:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 */
export function createRateLimits(clock: Clock): RateLimits {
  const windows = new Map<string, { used: number; until: number }>()

  function windowOf(by: Principal, resource: Resource) {
    const key = `${payer(by)} ${resource}`
    const now = clock.time().getTime()
    const known = windows.get(key)
    if (known && now < known.until) return known
    const fresh = { used: 0, until: now + HOUR }
    windows.set(key, fresh)
    return fresh
  }

  function look(by: Principal, resource: Resource): Quota {
    const { used, until } = windowOf(by, resource)
    const limit = limitOf(by, resource)
    const spent = Math.min(used, limit)
    return { limit, used: spent, remaining: limit - spent, reset: Math.ceil(until / 1000), resource }
  }

  return {
    look,
    spend: (by, resource) => {
      const window = windowOf(by, resource)
      window.used += 1
      return window.used > limitOf(by, resource)
    },
    refund: (by, resource) => {
      windowOf(by, resource).used -= 1
    },
  }
}

/** All tokens of a person share one limit, and all jobs of a repository. */
function payer(by: Principal): string {
  return by.kind === 'job' ? `repository ${by.repo}` : by.kind === 'user' ? `user ${by.login}` : 'anonymous'
}

function limitOf(by: Principal, resource: Resource): number {
  if (by.kind === 'anonymous') return resource === 'core' ? 60 : 0
  return by.kind === 'job' ? 1000 : 5000
}
