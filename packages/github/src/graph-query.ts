import DataLoader from 'dataloader'
import { at, type GitHub } from './connect.ts'
import { GitHubError } from './errors.ts'

/** What one query asks for at most. GitHub says no limit for this, but gives up on a query that is too much work. */
const AT_ONCE = 250

/** Collect the fields that are asked for in the same tick. */
const loaders = new WeakMap<GitHub, DataLoader<string, unknown>>()

/**
 * What GraphQL answers to a field of the repository; null where it does not. Throws a `GitHubError` where the rate limit
 * is used up: whoever then asks one by one what was one query makes it worse.
 */
export async function ask<T>(github: GitHub, field: string): Promise<T | null> {
  try {
    return await demand<T>(github, field)
  } catch (error) {
    if (error instanceof GitHubError && error.status !== RATE_LIMITED) return null
    throw error
  }
}

/** The same; throws a `GitHubError` where GraphQL refuses. */
export async function demand<T>(github: GitHub, field: string): Promise<T | null> {
  const loader =
    loaders.get(github) ??
    new DataLoader((fields: readonly string[]) => query(github, fields), { maxBatchSize: AT_ONCE, cache: false })
  loaders.set(github, loader)
  return (await loader.load(field)) as T | null
}

/** One query; of what was too much for it, two of half the size. */
async function query(github: GitHub, fields: readonly string[]): Promise<unknown[]> {
  const all = fields.map((field, index) => `f${index}:${field}`).join('\n')
  const text = `query($owner:String!,$repo:String!){repository(owner:$owner,name:$repo){${all}}}`
  try {
    const { repository } = await github.octokit.graphql<Answer>(text, at(github))
    return fields.map((_, index) => repository?.[`f${index}`] ?? null)
  } catch (error) {
    const refusal = asRefusal(error)
    const answers = withoutOpen(error as Refused)
    const open = fields.filter((_, index) => (answers[`f${index}`] ?? null) === null)
    const isTooMuch = open.length > 1 && refusal.status >= 500
    const half = Math.ceil(open.length / 2)
    const halves = isTooMuch ? [open.slice(0, half), open.slice(half)] : []
    const later = (await Promise.all(halves.map((some) => query(github, some)))).flat()
    return fields.map((_, index) => answers[`f${index}`] ?? (isTooMuch ? later.shift() : refusal))
  }
}

type Answer = { repository: Record<string, unknown> | null }

/** What octokit throws where an answer has errors, or its throttling where they speak of a rate limit. */
interface Refused {
  data?: Partial<Answer> & { data?: unknown; errors?: Problem[] }
  errors?: Problem[]
}

interface Problem {
  type?: string
  message: string
  /** `['repository', 'f0', 'file']`: what is null below a field for want of an answer looks as if it were not there. */
  path?: Array<string | number>
}

/** The answers that no error speaks of: of an error without a path, nobody knows which it means. */
function withoutOpen({ data, errors = [] }: Refused): Record<string, unknown> {
  const open = new Set(errors.map(({ path }) => path?.[1]))
  const answers = Object.entries(data?.repository ?? {})
  return Object.fromEntries(open.has(undefined) ? [] : answers.filter(([field]) => !open.has(field)))
}

const RATE_LIMITED = 429

/** GraphQL says what it refuses in an answer that is a success for HTTP: these are the statuses that REST has for it. */
const STATUSES: Record<string, number> = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  RATE_LIMITED,
  RATE_LIMIT: RATE_LIMITED,
  RESOURCE_LIMITS_EXCEEDED: 503,
  MAX_NODE_LIMIT_EXCEEDED: 503,
}

/** What GitHub gives up on, in its words where it has no type for it. */
const TOO_MUCH = /resource limits?|time(?:d )?out/i

function asRefusal(error: unknown): GitHubError {
  if (error instanceof GitHubError) return error
  const { errors = (error as Refused).data?.errors } = error as Refused
  if (!(error instanceof Error) || !errors?.length) throw error
  const limited = errors.find(({ type }) => type !== undefined && STATUSES[type] === RATE_LIMITED)
  const { type = '', message } = limited ?? errors[0]!
  const status = STATUSES[type] ?? (TOO_MUCH.test(message) ? 503 : 200)
  const said = message.replace(/\s+/g, ' ').replace(/\.$/, '')
  const sentence = limited
    ? `GitHub's rate limit is used up, so it could not read the repository (${said}). Run it again later.`
    : `GitHub refused to read the repository: ${said}.`
  return new GitHubError(sentence, { status, cause: error })
}
