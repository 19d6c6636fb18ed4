import DataLoader from 'dataloader'
import { at, type GitHub } from './connect.ts'
import { GitHubError } from './errors.ts'

/** What one query asks for at most. GitHub says no limit for this, but gives up on a query that is too much work. */
const AT_ONCE = 250

/** Collect the fields that are asked for in the same tick. */
const loaders = new WeakMap<GitHub, DataLoader<string, unknown>>()

/** What GraphQL answers to a field of the repository; null where it does not. */
export async function ask<T>(github: GitHub, field: string): Promise<T | null> {
  try {
    return await demand<T>(github, field)
  } catch (error) {
    if (error instanceof GitHubError) return null
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
    const answers = (error as { data?: Answer }).data?.repository ?? {}
    const open = fields.filter((_, index) => (answers[`f${index}`] ?? null) === null)
    const isTooMuch = open.length > 1 && (refusal.status === ANSWERED || refusal.status >= 500)
    const half = Math.ceil(open.length / 2)
    const halves = isTooMuch ? [open.slice(0, half), open.slice(half)] : []
    const later = (await Promise.all(halves.map((some) => query(github, some)))).flat()
    return fields.map((_, index) => answers[`f${index}`] ?? (isTooMuch ? later.shift() : refusal))
  }
}

type Answer = { repository: Record<string, unknown> | null }

/** GraphQL says what it refuses in an answer that is a success for HTTP. */
const ANSWERED = 200

function asRefusal(error: unknown): GitHubError {
  if (error instanceof GitHubError) return error
  if (!(error instanceof Error) || error.name !== 'GraphqlResponseError') throw error
  const [first] = (error as Error & { errors?: Array<{ type?: string; message: string }> }).errors ?? []
  const status = first?.type === 'NOT_FOUND' ? 404 : first?.type === 'FORBIDDEN' ? 403 : ANSWERED
  const said = (first?.message ?? error.message).replace(/\s+/g, ' ').replace(/\.$/, '')
  return new GitHubError(`GitHub refused to read the repository: ${said}.`, { status, cause: error })
}
