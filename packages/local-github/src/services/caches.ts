import { rmSync } from 'node:fs'
import type { Hub } from '../hub.ts'
import { blobUrl } from '../store/blobs.ts'
import type { CacheEntry, Run } from '../store/entities.ts'
import { blobPath } from '../store/store.ts'
import { field, type Message, type RuntimeCaller, TwirpError } from './twirp.ts'

type Handler = (hub: Hub, caller: RuntimeCaller, message: Message) => unknown

/** Cache v2: entries by key and version, seen from their own branch and from those that came off it. */
export const cacheService: Record<string, Handler> = {
  CreateCacheEntry: (hub, { run }, message) => {
    const key = field(message, 'key')
    const version = field(message, 'version')
    const twin = hub.store.caches.find((row) => same(row, run, key, version))
    if (twin?.finalized) throw new TwirpError('already_exists', 'cache entry already exists')
    // One that was begun and never finished is begun again.
    if (twin) remove(hub, twin)
    const entry = hub.store.caches.insert({
      repo: run.repo,
      ref: run.ref,
      key,
      version,
      size: 0,
      file: blobPath(hub.store),
      finalized: false,
      createdAt: hub.clock.now(),
      accessedAt: hub.clock.now(),
    })
    return { ok: true, signed_upload_url: `${blobUrl(hub, entry.file)}?sig=local` }
  },

  FinalizeCacheEntryUpload: (hub, { run }, message) => {
    const [key, version] = [field(message, 'key'), field(message, 'version')]
    const entry = hub.store.caches.find((row) => same(row, run, key, version) && !row.finalized)
    if (!entry) throw new TwirpError('not_found', 'cache entry not found')
    hub.store.caches.update(entry, { size: Number(field(message, 'size_bytes')), finalized: true })
    return { ok: true, entry_id: String(entry.id) }
  },

  GetCacheEntryDownloadURL: (hub, { run }, message) => {
    const version = field(message, 'version')
    const keys = [
      field(message, 'key'),
      ...(((message.restore_keys ?? message.restoreKeys) as unknown as string[]) ?? []),
    ]
    const entry = lookUp(hub, run, keys, version)
    if (!entry) return { ok: false, signed_download_url: '', matched_key: '' }
    hub.store.caches.update(entry, { accessedAt: hub.clock.now() })
    return { ok: true, signed_download_url: `${blobUrl(hub, entry.file)}?sig=local`, matched_key: entry.key }
  },
}

/** By branch first: the run's own, its base, the default one; there by key, exactly before by prefix, newest first. */
function lookUp(hub: Hub, run: Run, keys: string[], version: string): CacheEntry | undefined {
  const repo = hub.store.repositories.get(run.repo)!
  const refs = [run.ref, ...(run.baseRef ? [`refs/heads/${run.baseRef}`] : []), `refs/heads/${repo.defaultBranch}`]
  for (const ref of refs) {
    const rows = hub.store.caches.filter(
      (row) => row.repo === run.repo && row.ref === ref && row.version === version && row.finalized,
    )
    for (const key of keys) {
      const found = rows.findLast((row) => row.key === key) ?? rows.findLast((row) => row.key.startsWith(key))
      if (found) return found
    }
  }
  return undefined
}

function same(row: CacheEntry, run: Run, key: string, version: string): boolean {
  return row.repo === run.repo && row.ref === run.ref && row.key === key && row.version === version
}

function remove(hub: Hub, { id, file }: CacheEntry): void {
  hub.store.caches.delete(id)
  rmSync(file, { force: true })
}
