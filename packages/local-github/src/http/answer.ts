import { matchedRoutes } from 'hono/route'
import type { Ctx } from './app.ts'

/** The route that answers a request, as Hono writes it; where a middleware refuses, the one that would have answered. */
export function routeOf(c: Ctx): string {
  const routes = matchedRoutes(c)
  const isRoute = ({ path }: { path: string }) => !path.endsWith('/*')
  const current = routes[c.req.routeIndex]!
  return (isRoute(current) ? current : routes.find(isRoute))?.path ?? ''
}

/** The bytes of an answer that a route has made, to look at before they are sent; undefined for files, which stream. */
export async function bytesOfAnswer(c: Ctx): Promise<Buffer | undefined> {
  const type = c.res.headers.get('content-type') ?? ''
  if (!/^application\/json|^application\/vnd\.github|^text\//.test(type)) return undefined
  const bytes = Buffer.from(await c.res.arrayBuffer())
  replaceAnswer(c, new Response(bytes, c.res))
  return bytes
}

/** Sends another answer than the route's: Hono would else keep headers of the old one. */
export function replaceAnswer(c: Ctx, answer: Response): void {
  c.res = undefined
  c.res = answer
}
