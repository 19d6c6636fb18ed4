import { type Context, Hono } from 'hono'
import type { Hub } from '../hub.ts'
import type { Repository, Role } from '../store/entities.ts'
import { findRepository } from '../store/store.ts'
import { authenticate, demand, type Principal } from './auth.ts'
import { ApiError, notFound } from './errors.ts'

export type App = Hono<{ Variables: { by: Principal } }>
export type Ctx = Context<{ Variables: { by: Principal } }>

/** The REST API: who asks is settled before a route sees the request, refusals look like GitHub's. */
export function createApp(hub: Hub): App {
  const app: App = new Hono()
  app.use(async (c, next) => {
    c.set('by', authenticate(hub, c.req.header('authorization')))
    await next()
    c.header('x-github-media-type', 'github.v3; format=json')
    c.header('x-ratelimit-limit', '5000')
    c.header('x-ratelimit-remaining', '4999')
    c.header('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + 3600))
    c.header('x-ratelimit-resource', 'core')
  })
  app.notFound((c) => c.json(notFound().body, 404))
  app.onError((error, c) => {
    const known = error instanceof ApiError ? error : new ApiError(500, `Server Error: ${error.stack}`)
    return c.json(known.body, known.status as 400, known.headers)
  })
  return app
}

/**
 * The repository of the path, if the asker may do this with it: a job by the `read` or `write` of a permission, a person
 * by the role.
 */
export function repoOf(hub: Hub, c: Ctx, scope: string, level: Role): Repository {
  const repo = findRepository(hub.store, `${c.req.param('owner')}/${c.req.param('repo')}`)
  if (!repo) throw notFound()
  demand(hub, c.get('by'), repo, scope, level)
  return repo
}

/** The JSON object of a request; an empty body is an empty object. */
export async function bodyOf<T = Record<string, unknown>>(c: Ctx): Promise<Partial<T>> {
  const text = await c.req.text()
  if (text === '') return {}
  try {
    const body: unknown = JSON.parse(text)
    if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Partial<T>
  } catch {}
  throw new ApiError(400, 'Problems parsing JSON')
}

export function numberParam(c: Ctx, name: string): number {
  const value = Number(c.req.param(name))
  if (!Number.isInteger(value)) throw notFound()
  return value
}

/** Of the members of a request those that were stated. */
export function stated<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}

/** The page that was asked for; the others are in `Link`. */
export function page<T>(c: Ctx, items: readonly T[]): T[] {
  const size = Math.min(Math.max(Number(c.req.query('per_page')) || 30, 1), 100)
  const number = Math.max(Number(c.req.query('page')) || 1, 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = (rel: string, to: number) => {
    const url = new URL(c.req.url)
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
