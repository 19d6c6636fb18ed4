import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { partOf, rangeOf, STREAMED } from '@modelyard/github'
import { sha256 as digestOf, parseJson, RefusedError } from '@modelyard/spec'
import { ask } from './http.ts'
import type { Store } from './store.ts'

const EMPTY = new Blob(['{}'])
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const MODEL_TYPE = 'application/vnd.modelyard.model.v1'
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const HOPS = 5

/**
 * A repository of an OCI registry (distribution specification 1.1). Bytes are a blob, which a manifest with the tag
 * `modelyard-<digest>` names, so that the registry keeps it and `oras pull` gets it. Credentials are those that
 * `docker login` left in Docker's config.json.
 */
export function openOci(pointer: URL, env: NodeJS.ProcessEnv): Store {
  const { host } = pointer
  const repository = pointer.pathname.replace(/^\/|\/$/g, '')
  const base = `${/^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host) ? 'http' : 'https'}://${host}/v2/${repository}`
  const send = withLogin(new URL(base), loginOf(host, env))
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

/**
 * Sends with what the registry asked for the first time: the login itself, or a token that its own server gives for it.
 * Neither goes to another host, to which the registry sends on, and what that one asks for is not answered.
 */
function withLogin(registry: URL, login: string | undefined): (address: string, request: Request) => Promise<Response> {
  const granted = new Map<string, string>()
  const isOwn = (address: string) => new URL(address).host === registry.host
  return async (address, request) => {
    const kind = ['GET', 'HEAD', undefined].includes(request.method) ? 'pull' : 'push'
    const once = (at: string) => {
      const authorization = isOwn(at) ? granted.get(kind) : undefined
      const headers = { ...request.headers, ...(authorization ? { authorization } : {}) }
      return fetch(safe(at, registry), { redirect: 'manual', ...request, headers })
    }
    let response = await once(address)
    const challenge = response.headers.get('www-authenticate')
    if (response.status === 401 && challenge !== null && isOwn(address)) {
      const authorization = await answer(challenge, login, registry)
      if (authorization === undefined) return response
      granted.set(kind, authorization)
      await response.body?.cancel()
      response = await once(address)
    }
    for (let hop = 0, at = address; kind === 'pull' && REDIRECTS.has(response.status) && hop < HOPS; hop++) {
      await response.body?.cancel()
      at = new URL(response.headers.get('location') ?? '', at).href
      response = await once(at)
    }
    return response
  }
}

/** Throws a `RefusedError` for what could be read on the way, unless the registry is on this machine itself. */
function safe(address: string, registry: URL): string {
  const { protocol, origin } = new URL(address)
  if (protocol === 'https:' || (protocol === 'http:' && registry.protocol === 'http:')) return address
  throw new RefusedError(
    `The registry ${registry.host} sends to ${origin}, which is not https: nothing was sent there.`,
  )
}

async function answer(challenge: string, login: string | undefined, registry: URL): Promise<string | undefined> {
  const basic = login === undefined ? undefined : `Basic ${login}`
  if (!/^bearer /i.test(challenge)) return basic
  const said = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]))
  if (!URL.canParse(said.realm ?? ''))
    throw new RefusedError(`The registry ${registry.host} does not say who gives tokens for it.`)
  const url = new URL(safe(said.realm!, registry))
  for (const key of ['service', 'scope']) if (said[key]) url.searchParams.set(key, said[key])
  const response = await ask(
    `Asking ${url.host} for a token`,
    () => fetch(url, { redirect: 'error', headers: basic ? { authorization: basic } : {} }),
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
