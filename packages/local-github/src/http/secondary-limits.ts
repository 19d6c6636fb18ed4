import type { Clock } from '../store/clock.ts'
import { ApiError } from './errors.ts'

const MINUTE = 60_000
const MAX_CONCURRENT = 100
const MAX_POINTS = { core: 900, graphql: 2000 }
const MAX_CREATED = [
  { within: MINUTE, count: 80 },
  { within: 60 * MINUTE, count: 500 },
]

/** One request as the secondary limits see it. */
export interface Asked {
  /** Who asks. */
  by: string
  method: string
  /** The route, whatever its parameters. */
  endpoint: string
  resource: 'core' | 'graphql'
}

/**
 * Secondary rate limits: 100 requests at once, 900 points a minute for one endpoint (2,000 for GraphQL; a write is five
 * points), 80 writes a minute and 500 an hour. GitHub's limit on processor time is not kept.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 *
 * @returns what admits a request, or throws the refusal; to be called back when the request has been answered
 */
export function createSecondaryLimits(clock: Clock): (asked: Asked) => () => void {
  const open = new Map<string, number>()
  const spent = new Map<string, { time: number; points: number }[]>()

  /** Adds to what was spent under a key, if its sum within the time stays below the limit. */
  function admits(key: string, points: number, limits: { within: number; count: number }[]): boolean {
    const now = clock.time().getTime()
    const longest = Math.max(...limits.map(({ within }) => within))
    const recent = (spent.get(key) ?? []).filter(({ time }) => now - time < longest)
    const sum = (within: number) =>
      recent.filter(({ time }) => now - time < within).reduce((total, each) => total + each.points, 0)
    if (limits.some(({ within, count }) => sum(within) + points > count)) return false
    spent.set(key, [...recent, { time: now, points }])
    return true
  }

  return ({ by, method, endpoint, resource }) => {
    const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(method)
    const creates = isWrite && resource === 'core'
    const atOnce = open.get(by) ?? 0
    const isFine =
      atOnce < MAX_CONCURRENT &&
      admits(`${by} ${method} ${endpoint}`, creates ? 5 : 1, [{ within: MINUTE, count: MAX_POINTS[resource] }]) &&
      (!creates || admits(`${by} creates`, 1, MAX_CREATED))
    if (!isFine) throw secondaryLimit(60)
    open.set(by, atOnce + 1)
    return () => void open.set(by, (open.get(by) ?? 1) - 1)
  }
}

/** The refusal that asks to wait for so many seconds. */
export function secondaryLimit(seconds: number): ApiError {
  return new ApiError(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. For more on scraping GitHub and how it may affect your rights, please review our Terms of Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)',
    {
      headers: { 'retry-after': String(seconds) },
      docs: 'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
  )
}
