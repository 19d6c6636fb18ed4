import { type GitHub, gitAddress, partOf, rangeOf, STREAMED } from '@modelyard/github'
import { RefusedError } from '@modelyard/spec'
import type { Digest } from '../bytes/measure.ts'
import { ask } from './http.ts'
import type { Store } from './store.ts'

const TYPE = 'application/vnd.git-lfs+json'

interface Action {
  href: string
  header?: Record<string, string>
}

interface Answer {
  objects: Array<{ actions?: Record<string, Action>; error?: { code: number; message: string } }>
}

/**
 * The Git LFS of the repository (batch API, basic transfers:
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md), which keeps bytes by their SHA-256 itself.
 */
export function openLfs(github: GitHub): Store {
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

  return {
    pointer: 'lfs',
    async has(digest) {
      const { actions, error } = await actionsOf('download', digest, `Asking for ${named(digest)}`)
      return error === undefined && actions.download !== undefined
    },
    async put(digest, content) {
      const doing = `Sending to ${named(digest)}`
      const { actions, error } = await actionsOf('upload', digest, doing)
      if (error) throw new RefusedError(`${doing} failed: ${error.code} (${error.message}).`)
      const { upload, verify } = actions
      if (upload) {
        const headers = { 'content-type': 'application/octet-stream', ...upload.header }
        await ask(doing, () => fetch(upload.href, { method: 'PUT', headers, body: content, ...STREAMED }), [200, 201])
      }
      if (verify) {
        const headers = { accept: TYPE, 'content-type': TYPE, ...verify.header }
        const body = JSON.stringify({ oid: digest.sha256, size: digest.bytes })
        await ask(doing, () => fetch(verify.href, { method: 'POST', headers, body }), [200])
      }
    },
    async open(digest, span) {
      const doing = `Reading ${named(digest)}`
      const { actions, error } = await actionsOf('download', digest, doing)
      const { download } = actions
      if (error || !download)
        throw new RefusedError(`${doing} failed: ${error?.code ?? 404} (${error?.message ?? 'it is not there'}).`)
      const headers = { ...download.header, ...rangeOf(span) }
      const response = await ask(doing, () => fetch(download.href, { headers }), [200, 206])
      return partOf(response.status, response.body!, span)
    },
  }
}
