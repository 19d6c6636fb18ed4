import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi } from '../src/http/api.ts'
import { describedPath } from '../src/http/description.ts'
import type { Hub } from '../src/hub.ts'
import type { Scheduler } from '../src/scheduler/scheduler.ts'
import { createStore } from '../src/store/store.ts'

/** `GET /repos/{}/{}/pulls/{}`: what the server answers under its API root, in the form of GitHub's description. */
export function servedOperations(): string[] {
  const root = mkdtempSync(join(tmpdir(), 'local-github-'))
  const urls = { server: 'http://x', api: 'http://x/api/v3', uploads: 'http://x/api/uploads' }
  const api = createApi({ store: createStore(root), urls } as Hub, {} as Scheduler)
  const operations = api.routes
    .filter(({ method, path }) => method !== 'ALL' && /^\/api\/(v3|uploads)(\/|$)/.test(path))
    .map(({ method, path }) => `${method} ${describedPath(path)}`)
  return [...new Set(operations)].sort()
}
