import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import { doing } from './doings.ts'
import { explain, GitHubError } from './errors.ts'

/** A connection to one repository on GitHub. Whatever it throws is a `GitHubError`. */
export interface GitHub {
  octokit: Octokit
  owner: string
  repo: string
  /** Whether the host takes no refs but branches and tags. */
  branchesOnly?: boolean
}

export interface ConnectOptions {
  token: string
  /** `owner/name`. */
  repository: string
  /** The API's root, where it is not github.com's. */
  apiUrl?: string
  branchesOnly?: boolean
  log?: (message: string) => void
  /** What carries the requests: Node's own `fetch` unless something has to stand between. */
  fetch?: typeof fetch
}

const GITHUB_API = 'https://api.github.com'
const WAITS = 2

/**
 * Connects to a repository. Requests that failed on the way or met a rate limit are sent again; throws a `GitHubError`
 * where the repository's name is none.
 */
export function connect({
  token,
  repository,
  apiUrl = GITHUB_API,
  branchesOnly = false,
  log = () => {},
  fetch,
}: ConnectOptions): GitHub {
  const [owner, repo, ...rest] = repository.split('/')
  if (!owner || !repo || rest.length > 0) {
    throw new GitHubError(`The repository is ${JSON.stringify(repository)}; it must be owner/name.`, { status: 0 })
  }
  const wait = (why: string) => (seconds: number, _: object, __: object, count: number) => {
    if (count >= WAITS) return false
    log(`GitHub's ${why} is used up: waiting ${seconds} s.`)
    return true
  }
  const quiet = { debug: () => {}, info: () => {}, warn: log, error: () => {} }
  const octokit = new (Octokit.plugin(retry, throttling))({
    auth: token,
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'modelyard',
    log: quiet,
    throttle: {
      enabled: isMetered(apiUrl),
      onRateLimit: wait('rate limit'),
      onSecondaryRateLimit: wait('secondary rate limit'),
    },
    ...(fetch ? { request: { fetch } } : {}),
  })
  octokit.hook.error('request', (error, options) => {
    throw explain(error, doing(options.method, options.url))
  })
  return { octokit, owner, repo, branchesOnly }
}

/** Spacing writes by a second is what github.com asks for; a server of one's own has no such limit. */
function isMetered(apiUrl: string): boolean {
  const { hostname } = new URL(apiUrl)
  return hostname === 'api.github.com' || hostname.endsWith('.ghe.com')
}

/** `owner` and `repo`, as every request wants them. */
export function at({ owner, repo }: GitHub): { owner: string; repo: string } {
  return { owner, repo }
}
