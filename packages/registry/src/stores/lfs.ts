import { type GitHub, gitAddress, partOf, rangeOf, STREAMED } from '@modelyard/github'
import { RefusedError } from '@modelyard/spec'
import type { Digest } from '../bytes/measure.ts'
import { ask } from './http.ts'
import type { Store } from './store.ts'

const TYPE = 'application/vnd.git-lfs+json'

interface Action {
  href: string
  header?: Record<string, string>
  /** Seconds, which go before the time. */
  expires_in?: number
  expires_at?: string
}

interface Answer {
  objects: Array<{ actions?: Record<string, Action>; error?: { code: number; message: string } }>
}

/** What a server may name among an action's headers, and what speaks of one connection only: `fetch` refuses it. */
const HOP_BY_HOP =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i
/** An answer that is about to expire is asked for again. */
const MARGIN_MS = 60_000

/**
 * The Git LFS of the repository (batch API, basic transfers:
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md), which keeps bytes by their SHA-256 itself.
 */
export function openLfs(github: GitHub): Store {
  const granted = new Map<string, { action: Action; until: number }>()
  const named = ({ sha256 }: Digest) => `Git LFS's ${sha256.slice(0, 12)}…`

  async function actionsOf(operation: 'download' | 'upload', { sha256, bytes }: Digest, doing: string) {
    const { url, header } = await gitAddress(github)
    const [name, value] = header.split(/: (.*)/s) as [string, string]
    const response = await ask(
      doing,
      () =>
        fetch(`${url}/info/lfs/objects/batch`, {
          method: 'POST',
          headers: { accept: TYPE, 'content-type': TYPE, [name]: value },
          body: JSON.stringify({ operation, transfers: ['basic'], objects: [{ oid: sha256, size: bytes }] }),
        }),
      [200],
    )
    const [{ actions = {}, error } = {}] = ((await response.json()) as Answer).objects
    return { actions, error }
  }

  /** One answer serves every part that is read of a content, until it expires. */
  async function askDownload(digest: Digest, doing: string): Promise<{ download?: Action; reason: string }> {
    const key = `${digest.sha256} ${digest.bytes}`
    const held = granted.get(key)
    if (held && Date.now() < held.until) return { download: held.action, reason: '' }
    const { actions, error } = await actionsOf('download', digest, doing)
    if (error || !actions.download)
      return { reason: error ? `${error.code} (${error.message})` : '404 (it is not there)' }
    granted.set(key, { action: actions.download, until: expiryOf(actions.download) - MARGIN_MS })
    return { download: actions.download, reason: '' }
  }

  return {
    pointer: 'lfs',
    async has(digest) {
      return (await askDownload(digest, `Asking for ${named(digest)}`)).download !== undefined
    },
    async put(digest, content) {
      const doing = `Sending to ${named(digest)}`
      const { actions, error } = await actionsOf('upload', digest, doing)
      if (error) throw new RefusedError(`${doing} failed: ${error.code} (${error.message}).`)
      const { upload, verify } = actions
      if (upload) {
        const headers = { 'content-type': 'application/octet-stream', ...headersOf(upload) }
        await ask(doing, () => fetch(upload.href, { method: 'PUT', headers, body: content, ...STREAMED }), [200, 201])
      }
      if (verify) {
        const headers = { accept: TYPE, 'content-type': TYPE, ...headersOf(verify) }
        const body = JSON.stringify({ oid: digest.sha256, size: digest.bytes })
        await ask(doing, () => fetch(verify.href, { method: 'POST', headers, body }), [200])
      }
    },
    async open(digest, span) {
      const doing = `Reading ${named(digest)}`
      const { download, reason } = await askDownload(digest, doing)
      if (!download) throw new RefusedError(`${doing} failed: ${reason}.`)
      const headers = { ...headersOf(download), ...rangeOf(span) }
      const response = await ask(doing, () => fetch(download.href, { headers }), [200, 206])
      return partOf(response.status, response.body!, span)
    },
  }
}

function headersOf({ header = {} }: Action): Record<string, string> {
  return Object.fromEntries(Object.entries(header).filter(([name]) => !HOP_BY_HOP.test(name)))
}

/** When an action ends to be good, in milliseconds; at once where the server does not say. */
function expiryOf({ expires_in: seconds, expires_at: time }: Action): number {
  if (seconds) return Date.now() + seconds * 1000
  return Date.parse(time ?? '') || 0
}
