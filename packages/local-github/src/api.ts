import { Hono } from 'hono'
import { createApp } from './app.ts'
import type { Hub } from './hub.ts'
import { addRepositoryRoutes } from './routes/repositories.ts'
import type { Scheduler } from './scheduler/scheduler.ts'

/** Everything that is spoken over HTTP except git. */
export function createApi(hub: Hub, scheduler: Scheduler): Hono {
  const rest = createApp(hub)
  addRepositoryRoutes(rest, hub)
  const root = new Hono()
  root.route('/api/v3', rest)
  return root
}
