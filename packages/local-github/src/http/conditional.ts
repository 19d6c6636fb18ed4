import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Hub } from '../hub.ts'
import { bytesOfAnswer, replaceAnswer } from './answer.ts'
import type { Ctx, Variables } from './app.ts'
import { refund } from './quota.ts'

/**
 * `ETag`, `Last-Modified`, `Location` and the answer to a conditional request:
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests.
 */
export function answerConditionally(hub: Hub): MiddlewareHandler<Variables> {
  return async (c, next) => {
    await next()
    if (c.res.status !== 200 && c.res.status !== 201) return
    const bytes = await bytesOfAnswer(c)
    if (!bytes) return
    const isAnonymous = c.get('by')?.kind === 'anonymous'
    c.header('cache-control', `${isAnonymous ? 'public' : 'private'}, max-age=60, s-maxage=60`)
    c.header('vary', isAnonymous ? 'Accept' : 'Accept, Authorization, Cookie, X-GitHub-OTP')
    // Another token sees another tag: https://github.com/github/docs/issues/34689.
    const token = c.req.header('authorization') ?? ''
    const etag = `W/"${createHash('sha256').update(token).update('\0').update(bytes).digest('hex')}"`
    c.header('etag', etag)
    const said = readMembers(c, bytes)
    const modified = said?.updated_at === undefined ? Number.NaN : Date.parse(String(said.updated_at))
    if (!Number.isNaN(modified)) c.header('last-modified', new Date(modified).toUTCString())
    if (c.res.status === 201 && typeof said?.url === 'string' && !c.res.headers.has('location'))
      c.header('location', said.url)
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isRead || !isUnchanged(c, etag, modified)) return
    replaceAnswer(c, unchanged(c.res))
    if (!isAnonymous) refund(hub, c)
  }
}

function isUnchanged(c: Ctx, etag: string, modified: number): boolean {
  const tags = c.req.header('if-none-match')
  if (tags !== undefined) return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag))
  const since = Date.parse(c.req.header('if-modified-since') ?? '')
  return modified <= since
}

const opaque = (tag: string) => tag.trim().replace(/^W\//, '')

function unchanged(answer: Response): Response {
  const headers = new Headers(answer.headers)
  for (const name of ['content-type', 'content-length']) headers.delete(name)
  return new Response(null, { status: 304, headers })
}

/** The members of a JSON object; undefined for lists and other texts. */
function readMembers(c: Ctx, bytes: Buffer): Record<string, unknown> | undefined {
  if (!c.res.headers.get('content-type')?.startsWith('application/json') || bytes[0] !== 123) return undefined
  return JSON.parse(bytes.toString()) as Record<string, unknown>
}
