/** GitHub refused a request, or could not be reached. The message is one full sentence that says what to do about it. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  /** The HTTP status, 429 for every rate limit; 0 where GitHub did not answer. */
  readonly status: number
  /** What the token lacks, as it is written under `permissions:`. */
  readonly permission?: string

  constructor(
    message: string,
    { status, permission, cause }: { status: number; permission?: string; cause?: unknown },
  ) {
    super(message, { cause })
    this.status = status
    if (permission !== undefined) this.permission = permission
  }
}

/** The part of octokit's RequestError that is read here. */
interface Refusal {
  status: number
  message: string
  response?: { url?: string; headers: Record<string, string | number | undefined>; data: unknown }
}

const RULES = /^(?:Validation Failed; )?(?:pre_receive )?Repository rule violations found:? ?/

/**
 * Says in one sentence what GitHub answered while we were `doing` something («create a comment»).
 * An error that is no answer to a request comes back as it was.
 */
export function explain(error: unknown, doing: string): unknown {
  if (error instanceof GitHubError || !isRefusal(error)) return error
  const { status, response } = error
  const said = words(error)
  const failed = (message: string, permission?: string) =>
    new GitHubError(message, { status, cause: error, ...(permission === undefined ? {} : { permission }) })

  if (!response) {
    const { cause } = error as { cause?: unknown }
    const why = cause instanceof Error ? cause.message : error.message
    return new GitHubError(`GitHub could not be reached to ${doing} (${why}). Run it again.`, {
      status: 0,
      cause: error,
    })
  }
  if (status === 401)
    return failed(`GitHub does not accept the token, so it could not ${doing}. Give a token that is valid.`)
  if (status === 429 || (status === 403 && isRateLimit(error))) {
    return new GitHubError(`GitHub's rate limit is used up, so it could not ${doing} (${said}). Run it again later.`, {
      status: 429,
      cause: error,
    })
  }
  if (status === 403) {
    const permission = missingPermission(response.headers['x-accepted-github-permissions'])
    if (permission === undefined) return failed(`The token may not ${doing}: ${said}.`)
    return failed(
      `The token may not ${doing}: it lacks ${permission}. Add it under the job's permissions:.`,
      permission.replaceAll('"', ''),
    )
  }
  if (status === 404) {
    const repository = /\/repos\/([^/]+\/[^/?]+)/.exec(response.url ?? '')?.[1]
    const where = repository === undefined ? '' : ` in ${repository}`
    return failed(`GitHub could not ${doing}${where}: it is not there, or the token may not see it (${said}).`)
  }
  if (RULES.test(said)) {
    return failed(
      `A ruleset of the repository does not let this token ${doing} (${said.replace(RULES, '')}). Run it again as somebody who is on its bypass list, or change it: Settings → Rules → Rulesets.`,
    )
  }
  if (status >= 500) return failed(`GitHub itself failed to ${doing} (${status}, ${said}). Run it again.`)
  return failed(`GitHub refused to ${doing}: ${said}.`)
}

/** Whether an error is GitHub's answer with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof GitHubError && statuses.includes(error.status)
}

/** Whether an error is the refusal of a ruleset of the repository. */
export function isRuledOut(error: unknown): error is GitHubError {
  return error instanceof GitHubError && isRefusal(error.cause) && RULES.test(words(error.cause))
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
}

function isRateLimit({ message, response }: Refusal): boolean {
  return response?.headers['x-ratelimit-remaining'] === '0' || /\brate limit\b/i.test(message)
}

/** GitHub's own words, on one line, with what it found wrong and without its links. */
function words({ message, response }: Refusal): string {
  const data = response?.data as { message?: unknown; errors?: unknown } | undefined
  const errors = Array.isArray(data?.errors) ? data.errors.map(detail).filter((text) => text !== '') : []
  const said = typeof data?.message === 'string' ? data.message : message.split(' - https://')[0]!
  return [said, ...errors].join('; ').replace(/\s+/g, ' ').trim().replace(/\.$/, '')
}

function detail(error: unknown): string {
  if (typeof error === 'string') return error
  const { message, resource, field, code } = error as Record<string, string | undefined>
  return message ?? [resource, field, code].filter(Boolean).join(' ')
}

/**
 * `pull_requests=write; issues=write` as `"pull-requests: write" or "issues: write"`: sets are divided by `;`, and of
 * a set all are needed. The header is not sent for every kind of refusal.
 */
function missingPermission(header: string | number | undefined): string | undefined {
  if (typeof header !== 'string' || !header.includes('=')) return undefined
  return header
    .split(';')
    .map((set) =>
      set
        .split(',')
        .map((permission) => `"${permission.trim().replaceAll('_', '-').replace('=', ': ')}"`)
        .join(' and '),
    )
    .join(' or ')
}
