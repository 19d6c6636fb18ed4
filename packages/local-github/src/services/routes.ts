import type { Hono } from 'hono'
import { limitForm } from '../http/body-limit.ts'
import type { Hub } from '../hub.ts'
import { artifactService } from './artifacts.ts'
import { addBlobRoutes } from './blobs.ts'
import { cacheService } from './caches.ts'
import { authenticateRuntime, parseMessage, TwirpError } from './twirp.ts'

const PACKAGE = 'github.actions.results.api.v1'
const SERVICES = new Map([
  [`${PACKAGE}.ArtifactService`, artifactService],
  [`${PACKAGE}.CacheService`, cacheService],
])

/** What jobs talk to beside the API: the results service, its blob store, and the OIDC issuer. */
export function addServiceRoutes(app: Hono, hub: Hub): void {
  app.post('/twirp/:service/:method', limitForm, async (c) => {
    try {
      const { service, method } = c.req.param()
      const methods = SERVICES.get(service)
      // Names are strangers': what every object inherits is no method.
      const handler = methods && Object.hasOwn(methods, method) ? methods[method] : undefined
      if (!handler) throw new TwirpError('bad_route', `no handler for path ${JSON.stringify(c.req.path)}`)
      const caller = authenticateRuntime(hub, c.req.header('authorization'))
      return c.json((await handler(hub, caller, parseMessage(await c.req.text()))) as object)
    } catch (error) {
      if (error instanceof TwirpError) return error.toResponse()
      throw error
    }
  })

  addBlobRoutes(app, hub)

  app.get('/_services/oidc/token', (c) => {
    const claims = hub.oidc.verify(c.req.header('authorization')?.replace(/^Bearer /i, '') ?? '')
    const isRunning = hub.store.jobs.get(Number(claims?.job))?.status === 'in_progress'
    if (claims?.use !== 'id-token' || !isRunning) return c.json({ message: 'The token is not valid.' }, 401)
    const about = claims.claims as Record<string, unknown>
    const audience = c.req.query('audience') ?? `https://github.com/${about.repository_owner}`
    return c.json({ value: hub.oidc.issue({ ...about, aud: audience }) })
  })
  app.get('/_services/oidc/.well-known/jwks', (c) => c.json(hub.oidc.jwks()))
  app.get('/_services/oidc/.well-known/openid-configuration', (c) => {
    const issuer = `${hub.urls.server}/_services/oidc`
    return c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks`, id_token_signing_alg_values_supported: ['RS256'] })
  })
}
