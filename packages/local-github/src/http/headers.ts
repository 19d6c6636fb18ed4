import { randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Ctx, Variables } from './app.ts'
import { ApiError } from './errors.ts'

/** The only version whose description this server keeps. */
const VERSION = '2022-11-28'

const EXPOSED = [
  'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used',
  'X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval',
  'X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset',
].join(', ')

/** What every answer carries, refusals as well: https://docs.github.com/en/rest/using-the-rest-api/using-cors-and-jsonp-to-make-cross-origin-requests. */
export const answerHeaders: MiddlewareHandler<Variables> = async (c, next) => {
  if (c.req.method === 'OPTIONS') return preflight()
  const id = requestId()
  c.set('requestId', id)
  await next()
  c.header('access-control-allow-origin', '*')
  c.header('access-control-expose-headers', EXPOSED)
  c.header('x-content-type-options', 'nosniff')
  c.header('x-github-request-id', id)
  c.header('x-github-api-version-selected', VERSION)
  const raw = /^application\/vnd\.github(?:\.v3)?\.(\w+)/.exec(c.res.headers.get('content-type') ?? '')?.[1]
  c.header('x-github-media-type', raw ? `github.v3; param=${raw}` : 'github.v3; format=json')
  return undefined
}

function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-headers':
        'Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Accept-Encoding, X-GitHub-OTP, X-Requested-With, User-Agent, GraphQL-Features, X-GitHub-Api-Version',
      'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
      'access-control-expose-headers': EXPOSED,
      'access-control-max-age': '86400',
    },
  })
}

/** Refuses a version and a media type that GitHub does not speak. */
export function demandUnderstood(c: Ctx): void {
  const version = c.req.header('x-github-api-version')
  if (version !== undefined && version !== VERSION) {
    throw new ApiError(
      400,
      `The version you specified in the "X-GitHub-API-Version" request header, "${version}", is not a supported version. The following versions are currently supported: "${VERSION}" (most recent).`,
    )
  }
  const accept = c.req.header('accept')
  if (accept !== undefined && !UNDERSTOOD.test(accept)) {
    throw new ApiError(415, `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`, {
      docs: 'https://docs.github.com/v3/media',
    })
  }
}

// Assets are asked for as bytes.
const UNDERSTOOD = /\*\/\*|application\/(?:\*|json|octet-stream|vnd\.github)/

function requestId(): string {
  const hex = randomBytes(16).toString('hex').toUpperCase()
  return [hex.slice(0, 4), hex.slice(4, 9), hex.slice(9, 16), hex.slice(16, 23), hex.slice(23, 31)].join(':')
}
