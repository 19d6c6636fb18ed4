import type { MiddlewareHandler } from 'hono'
import type { Hub } from '../hub.ts'
import { bytesOfAnswer, replaceAnswer, routeOf } from './answer.ts'
import type { Ctx, Variables } from './app.ts'
import { findOperation, findProblems, type Operation } from './description.ts'

/** One answer of the REST API. */
export interface Served {
  method: string
  path: string
  status: number
  /** GitHub's name of the operation, e.g. `pulls/get`; null for one that GitHub does not have. */
  operation: string | null
}

// GitHub answers these in practice, its description does not list them: every operation may.
const EVERYWHERE = [301, 304, 307, 400, 401, 403, 404, 413, 415, 422, 429]

// What single operations answer, as GitHub's own client knows: github.com/cli/cli, pkg/cmd/variable/set/http.go.
const SEEN = new Set(['repo', 'org', 'environment'].map((place) => `actions/create-${place}-variable 409`))

/**
 * Tells who listens of every answer and, where that is asked for, holds the exchange against GitHub's description both
 * ways: an unknown operation, an undocumented status, a body that lacks or mistypes a member becomes a 500 that says so.
 */
export function holdToContract(hub: Hub): MiddlewareHandler<Variables> {
  return async (c, next) => {
    await next()
    const operation = findOperation(c.req.method, routeOf(c))
    const violation = hub.contract ? await findViolation(c, operation) : undefined
    if (violation) {
      const message = `${operation?.id ?? `${c.req.method} ${c.req.path}`} ${violation}`
      replaceAnswer(c, Response.json({ message: `Not as GitHub: ${message}` }, { status: 500 }))
    }
    const { method, path } = c.req
    hub.onServed({ method, path, status: c.res.status, operation: operation?.id ?? null })
  }
}

async function findViolation(c: Ctx, operation: Operation | undefined): Promise<string | undefined> {
  // A part of a file, where GitHub leads to a store of its own for the whole of it.
  const status = c.res.status === 206 ? 200 : c.res.status
  if (status >= 500) return undefined
  if (!operation) return 'is no operation that GitHub describes and this server answers'
  const isListed = String(status) in operation.responses
  if (!isListed && !EVERYWHERE.includes(status) && !SEEN.has(`${operation.id} ${status}`))
    return `never answers ${status}`
  const answer = await readAnswer(c)
  if (!isListed) {
    const isSaid = typeof (answer as { message?: unknown } | undefined)?.message === 'string'
    return isSaid || status === 304 ? undefined : `answered ${status} without a message`
  }
  const schema = operation.responses[status]
  const problems = schema && answer !== undefined ? problemsOf(schema, answer) : undefined
  if (problems) return `answered ${status}, which is not as described: ${problems}`
  return status < 300 ? findWrongRequest(c, operation) : undefined
}

/** What GitHub would have refused must not have succeeded here. */
async function findWrongRequest(c: Ctx, { request }: Operation): Promise<string | undefined> {
  const type = c.req.header('content-type')
  if (!request || (type !== undefined && !type.includes('json'))) return undefined
  const text = await c.req.text()
  const problems = text === '' ? undefined : problemsOf(request, JSON.parse(text))
  return problems && `took a request that is not as described: ${problems}`
}

async function readAnswer(c: Ctx): Promise<unknown> {
  // A file as it is, which may be JSON of its own.
  if (c.req.header('accept')?.includes('application/octet-stream')) return undefined
  if (!c.res.headers.get('content-type')?.startsWith('application/json')) return undefined
  return JSON.parse((await bytesOfAnswer(c))!.toString())
}

function problemsOf(schema: object, value: unknown): string | undefined {
  const problems = findProblems(schema, value).slice(0, 6)
  if (problems.length === 0) return undefined
  return problems
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join('; ')
}
