import type { Hub } from '../hub.ts'
import { blobUrl } from '../store/blobs.ts'
import type { CacheEntry, Run } from '../store/entities.ts'
import { blobPath } from '../store/store.ts'
import { demandUploaded } from './blobs.ts'
import { evictCaches, removeCache } from './cache-eviction.ts'
import { cacheMode } from './cache-mode.ts'
import { countOf, type Message, type RuntimeCaller, TwirpError, textOf, textsOf } from './twirp.ts'

const MAX_KEY = 512
/** The clients know a refusal by its beginning. */
const READ_ONLY = 'cache write denied: token has no writable scopes'

type Handler = (hub: Hub, caller: RuntimeCaller, message: Message) => unknown

/** Cache v2: entries by key and version, seen from their own branch and from those that came off it. */
export const cacheService: Record<string, Handler> = {
  CreateCacheEntry: (hub, { run, job }, message) => {
    const key = keyOf(textOf(message, 'key'))
    const version = textOf(message, 'version')
    if (cacheMode(hub, run) === 'read') return { ok: false, signed_upload_url: '', message: READ_ONLY }
    evictCaches(hub, run.repo)
    const twin = hub.store.caches.find((row) => same(row, run, key, version))
    if (twin?.finalized) throw new TwirpError('already_exists', 'cache entry already exists')
    // One that was begun is begun anew once nobody can finish it any more.
    if (twin && hub.store.jobs.get(twin.job)?.status === 'in_progress')
      throw new TwirpError('already_exists', 'another job may be creating this cache entry')
    if (twin) removeCache(hub, twin)
    const at = hub.clock.now()
    const entry = hub.store.caches.insert({
      repo: run.repo,
      ref: run.ref,
      job: job.id,
      key,
      version,
      size: 0,
      file: blobPath(hub.store),
      finalized: false,
      createdAt: at,
      accessedAt: at,
    })
    return { ok: true, signed_upload_url: blobUrl(hub, entry.file, 'w', 60), message: '' }
  },

  FinalizeCacheEntryUpload: (hub, { run, job }, message) => {
    const [key, version] = [textOf(message, 'key'), textOf(message, 'version')]
    const size = countOf(message, 'size_bytes')
    const entry = hub.store.caches.find((row) => same(row, run, key, version) && row.job === job.id && !row.finalized)
    if (!entry) throw new TwirpError('not_found', 'cache entry not found')
    demandUploaded(entry.file, size)
    hub.store.caches.update(entry, { size, finalized: true })
    evictCaches(hub, run.repo)
    return { ok: true, entry_id: String(entry.id), message: '' }
  },

  GetCacheEntryDownloadURL: (hub, { run }, message) => {
    const version = textOf(message, 'version')
    const keys = [textOf(message, 'key'), ...textsOf(message, 'restore_keys')].map(keyOf)
    evictCaches(hub, run.repo)
    const entry = lookUp(hub, run, keys, version)
    if (!entry) return { ok: false, signed_download_url: '', matched_key: '' }
    hub.store.caches.update(entry, { accessedAt: hub.clock.now() })
    return { ok: true, signed_download_url: blobUrl(hub, entry.file, 'r', 60), matched_key: entry.key }
  },
}

function keyOf(key: string): string {
  if (key.length > MAX_KEY || key.includes(','))
    throw new TwirpError('invalid_argument', `a key has at most ${MAX_KEY} characters, none of which is a comma`)
  return key
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
