import { type Context, Hono } from 'hono'
import type { Hub } from '../hub.ts'
import type { Repository, Role } from '../store/entities.ts'
import { findRepository } from '../store/store.ts'
import { routeOf } from './answer.ts'
import { authenticate, demand, type Principal } from './auth.ts'
import { limitBody } from './body-limit.ts'
import { answerConditionally } from './conditional.ts'
import { holdToContract } from './contract.ts'
import { findOperation } from './description.ts'
import { ApiError, notFound } from './errors.ts'
import { answerHeaders, demandUnderstood } from './headers.ts'
import { admit } from './quota.ts'
import type { Resource } from './rate-limits.ts'
import { renamedOrMissing } from './renamed.ts'
import { demandSchema } from './request-schema.ts'

export interface Variables {
  Variables: { by: Principal; requestId: string; repository?: Repository }
}
export type App = Hono<Variables>
export type Ctx = Context<Variables>

/** The API: who asks is settled before a route sees the request, refusals look like GitHub's. */
export function createApp(hub: Hub, resource: Resource = 'core'): App {
  const app: App = new Hono()
  app.use(answerHeaders, answerConditionally(hub))
  if (resource === 'core') app.use(holdToContract(hub))
  app.use(async (c, next) => {
    const by = authenticate(hub, c.req.header('authorization'))
    c.set('by', by)
    // No name has a zero byte in it.
    if (c.req.url.includes('%00')) throw notFound()
    demandUnderstood(c)
    return admit(hub, c, resource, next)
  })
  app.use(limitBody)
  app.onError((error, c) => {
    // Where it went wrong is for who runs the server, not for who asks.
    if (!(error instanceof ApiError)) console.error(error)
    const known = error instanceof ApiError ? error : new ApiError(500, 'Server Error')
    const docs = known.status === 401 ? undefined : findOperation(c.req.method, routeOf(c))?.docs
    // Who uploads is told the request in the body as well.
    const id = c.req.path.startsWith('/api/uploads/') ? { request_id: c.get('requestId') } : {}
    return c.json({ ...known.bodyFor(docs), ...id }, known.status as 400, known.headers)
  })
  return app
}

/**
 * The repository of the path, if the asker may do this with it: a job by the `read` or `write` of a permission, a person
 * by the role.
 */
export function repoOf(hub: Hub, c: Ctx, scope: string, level: Role): Repository {
  const repo = findRepository(hub.store, `${c.req.param('owner')}/${c.req.param('repo')}`)
  if (!repo) throw renamedOrMissing(hub, c)
  demand(hub, c.get('by'), repo, scope, level, level === 'read' || c.req.method === 'GET')
  c.set('repository', repo)
  return repo
}

/**
 * The JSON of a request, held against GitHub's description of the operation: what is wrong with its types is refused
 * here. Nothing sent is an empty object, where nothing is needed.
 */
export async function bodyOf<T = Record<string, unknown>>(c: Ctx): Promise<Partial<T>> {
  const body = await parseBody(c)
  demandSchema(findOperation(c.req.method, routeOf(c)), body)
  return (body ?? {}) as Partial<T>
}

async function parseBody(c: Ctx): Promise<unknown> {
  const text = await c.req.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'Problems parsing JSON')
  }
}

export function numberParam(c: Ctx, name: string): number {
  const text = c.req.param(name) ?? ''
  // Nothing that only JavaScript takes for a number, as `0x1` and `1.0`.
  if (!/^\d+$/.test(text)) throw notFound()
  return Number(text)
}

/** Of the members of a request those that were stated. */
export function stated<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}

/** The page that was asked for; the others are in `Link`, where GitHub names the repository by its id. Some lists have pages of their own size. */
export function page<T>(c: Ctx, items: readonly T[], pages = { size: 30, most: 100 }): T[] {
  const size = Math.min(Math.max(Number(c.req.query('per_page')) || pages.size, 1), pages.most)
  const number = Math.max(Number(c.req.query('page')) || 1, 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = (rel: string, to: number) => {
    const url = new URL(c.req.url)
    const repo = c.get('repository')
    if (repo) url.pathname = url.pathname.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${repo.id}`)
    url.searchParams.set('page', String(to))
    return `<${url}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link('prev', number - 1)] : []),
    ...(number < last ? [link('next', number + 1), link('last', last)] : []),
    ...(number > 1 ? [link('first', 1)] : []),
  ]
  if (links.length) c.header('link', links.join(', '))
  return items.slice((number - 1) * size, number * size)
}
