import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { partOf, rangeOf, STREAMED } from '@modelyard/github'
import { sha256 as digestOf, parseJson } from '@modelyard/spec'
import { ask } from './http.ts'
import type { Store } from './store.ts'

const EMPTY = new Blob(['{}'])
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const MODEL_TYPE = 'application/vnd.modelyard.model.v1'

/**
 * A repository of an OCI registry (distribution specification 1.1). Bytes are a blob, which a manifest with the tag
 * `modelyard-<digest>` names, so that the registry keeps it and `oras pull` gets it. Credentials are those that
 * `docker login` left in Docker's config.json.
 */
export function openOci(pointer: URL, env: NodeJS.ProcessEnv): Store {
  const { host } = pointer
  const repository = pointer.pathname.replace(/^\/|\/$/g, '')
  const base = `${/^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host) ? 'http' : 'https'}://${host}/v2/${repository}`
  const send = withLogin(loginOf(host, env))
  const named = (digest: string) => `${pointer.href}@sha256:${digest.slice(0, 12)}…`

  async function hasBlob(digest: string): Promise<number | null> {
    const url = `${base}/blobs/sha256:${digest}`
    const response = await ask(`Asking for ${named(digest)}`, () => send(url, { method: 'HEAD' }), [200, 404])
    return response.status === 200 ? Number(response.headers.get('content-length')) : null
  }

  /** The registry computes the digest and refuses other bytes. */
  async function putBlob(digest: string, body: Blob): Promise<void> {
    const doing = `Sending to ${named(digest)}`
    const begun = await ask(doing, () => send(`${base}/blobs/uploads/`, { method: 'POST' }), [202])
    const place = new URL(begun.headers.get('location') ?? '', base)
    place.searchParams.set('digest', `sha256:${digest}`)
    const headers = { 'content-type': 'application/octet-stream' }
    await ask(doing, () => send(place.href, { method: 'PUT', headers, body, ...STREAMED }), [201])
  }

  return {
    pointer: pointer.href,
    async has({ sha256, bytes }) {
      if ((await hasBlob(sha256)) !== bytes) return false
      const url = `${base}/manifests/modelyard-${sha256}`
      const headers = { accept: MANIFEST_TYPE }
      return (await ask(`Asking for ${named(sha256)}`, () => send(url, { method: 'HEAD', headers }), [200, 404])).ok
    },
    async put({ sha256, bytes }, content) {
      if ((await hasBlob(sha256)) !== bytes) await putBlob(sha256, content)
      const empty = digestOf('{}')
      if ((await hasBlob(empty)) === null) await putBlob(empty, EMPTY)
      const body = JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST_TYPE,
        artifactType: MODEL_TYPE,
        config: { mediaType: EMPTY_TYPE, digest: `sha256:${empty}`, size: EMPTY.size },
        layers: [{ mediaType: 'application/octet-stream', digest: `sha256:${sha256}`, size: bytes }],
      })
      const url = `${base}/manifests/modelyard-${sha256}`
      const headers = { 'content-type': MANIFEST_TYPE }
      await ask(`Naming ${named(sha256)}`, () => send(url, { method: 'PUT', headers, body }), [201])
    },
    async open({ sha256 }, span) {
      const url = `${base}/blobs/sha256:${sha256}`
      const response = await ask(`Reading ${named(sha256)}`, () => send(url, { headers: rangeOf(span) }), [200, 206])
      return partOf(response.status, response.body!, span)
    },
  }
}

type Request = RequestInit & { headers?: Record<string, string> }

/** Sends with what the registry asked for the first time: the login itself, or a token that its own server gives for it. */
function withLogin(login: string | undefined): (url: string, request: Request) => Promise<Response> {
  const granted = new Map<string, string>()
  return async (url, request) => {
    const kind = ['GET', 'HEAD', undefined].includes(request.method) ? 'pull' : 'push'
    const once = () => {
      const authorization = granted.get(kind)
      return fetch(url, { ...request, headers: { ...request.headers, ...(authorization ? { authorization } : {}) } })
    }
    const response = await once()
    const challenge = response.headers.get('www-authenticate')
    if (response.status !== 401 || challenge === null) return response
    await response.body?.cancel()
    const authorization = await answer(challenge, login)
    if (authorization === undefined) return response
    granted.set(kind, authorization)
    return once()
  }
}

async function answer(challenge: string, login: string | undefined): Promise<string | undefined> {
  const basic = login === undefined ? undefined : `Basic ${login}`
  if (!/^bearer /i.test(challenge)) return basic
  const said = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]))
  const url = new URL(said.realm!)
  for (const key of ['service', 'scope']) if (said[key]) url.searchParams.set(key, said[key])
  const response = await ask(
    `Asking ${url.host} for a token`,
    () => fetch(url, basic ? { headers: { authorization: basic } } : {}),
    [200],
  )
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string }
  return `Bearer ${token ?? access_token}`
}

/** What `docker login` keeps for a host: the name and the password in base64. */
function loginOf(host: string, env: NodeJS.ProcessEnv): string | undefined {
  try {
    const path = join(env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json')
    const config = parseJson(readFileSync(path, 'utf8')) as { auths?: Record<string, { auth?: string }> }
    return config?.auths?.[host]?.auth
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
