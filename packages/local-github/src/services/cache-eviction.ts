import { rmSync } from 'node:fs'
import type { Hub } from '../hub.ts'
import type { CacheEntry } from '../store/entities.ts'

const LONGEST_IDLE = 7 * 24 * 3600 * 1000
/** Of one repository together. */
const MAX_BYTES = 10 * 2 ** 30

/** Removes the entries of a repository that nobody has used for a week, and the least recently used of too many. */
export function evictCaches(hub: Hub, repo: number): void {
  const now = hub.clock.time().getTime()
  const rows = hub.store.caches
    .filter((row) => row.repo === repo && row.finalized)
    .sort((a, b) => Date.parse(a.accessedAt) - Date.parse(b.accessedAt) || a.id - b.id)
  let bytes = rows.reduce((sum, { size }) => sum + size, 0)
  for (const row of rows) {
    if (bytes <= MAX_BYTES && now - Date.parse(row.accessedAt) <= LONGEST_IDLE) return
    removeCache(hub, row)
    bytes -= row.size
  }
}

export function removeCache({ store }: Hub, { id, file }: CacheEntry): void {
  store.caches.delete(id)
  rmSync(file, { force: true })
}
