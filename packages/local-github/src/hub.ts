import type { Principal } from './http/auth.ts'
import type { Served } from './http/contract.ts'
import type { RateLimits } from './http/rate-limits.ts'
import type { Asked } from './http/secondary-limits.ts'
import type { GitHubEvent } from './scheduler/events.ts'
import type { Oidc } from './services/oidc.ts'
import type { Urls } from './shapes/common.ts'
import type { Clock } from './store/clock.ts'
import type { Repository } from './store/entities.ts'
import type { Store } from './store/store.ts'

/** What happened, for whoever watches (the demo, a test). */
export type LogEvent =
  | {
      kind: 'run' | 'job'
      repository: string
      id: number
      name: string
      event: string
      status: string
      conclusion: string | null
      url: string
      /** Why a run did not start, as its page says. */
      message: string | null
    }
  | { kind: 'git'; repository: string; ref: string; before: string; after: string; actor: string }

/** The one server: what its parts share. */
export interface Hub {
  store: Store
  clock: Clock
  urls: Urls
  log: (event: LogEvent) => void
  /** Hears of every answer of the REST API. */
  onServed: (served: Served) => void
  /** Whether every exchange is held against GitHub's description. */
  contract: boolean
  limits: RateLimits
  /** Secondary rate limits, where they are kept. */
  admitAlso?: (asked: Asked) => () => void
  /** Tokens of running jobs. */
  jobTokens: Map<string, Principal & { kind: 'job' }>
  oidc: Oidc
  /** Tells the scheduler; returns once the runs that follow from it exist. */
  emit: (event: GitHubEvent) => Promise<void>
  /** Changes of one repository's refs happen one after the other, so that each is announced once. */
  lockRefs: <T>(repo: Repository, change: () => Promise<T>) => Promise<T>
  /** One account's repositories get their names one after the other, so that each is found free once. */
  lockNames: <T>(account: string, change: () => Promise<T>) => Promise<T>
}

/** Runs one after the other what is asked for under the same key. */
export function createLocks(): Pick<Hub, 'lockRefs' | 'lockNames'> {
  const tails = new Map<number | string, Promise<unknown>>()
  const lock = <T>(key: number | string, change: () => Promise<T>) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(change)
    tails.set(
      key,
      result.catch(() => {}),
    )
    return result
  }
  return {
    lockRefs: (repo, change) => lock(repo.id, change),
    lockNames: (account, change) => lock(account.toLowerCase(), change),
  }
}
