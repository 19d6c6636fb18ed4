import type { App } from '../http/app.ts'
import type { Hub } from '../hub.ts'

/** What is left of the hour. Of the resources that this server counts none of, nothing is ever used. */
export function addRateLimitRoute(app: App, hub: Hub): void {
  app.get('/rate_limit', (c) => {
    const look = (resource: 'core' | 'graphql') => hub.limits.look(c.get('by'), resource)
    const core = look('core')
    const search = { ...core, limit: 30, used: 0, remaining: 30, resource: 'search' }
    return c.json({ resources: { core, search, graphql: look('graphql') }, rate: core })
  })
}
