import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type GitHub, listReleases } from '@modelyard/github'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { fetchAsset, fetchVersion, openStore, register, type Store } from '../src/index.ts'
import { refuseUnnamed } from '../src/stores/named.ts'
import { candidate, digest } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'
import { serveS3 } from './support/s3-server.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const MODEL = 'flight-delay'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const closing: Array<() => void> = []
afterEach(() => closing.splice(0).forEach((close) => void close()))

/** A server that notes with what it was asked. */
async function serve(answer: (response: ServerResponse, url: string, authorization?: string) => unknown) {
  const asked: Array<string | undefined> = []
  const listener: RequestListener = ({ url, headers }, response) => {
    asked.push(headers.authorization)
    answer(response, url!, headers.authorization)
    response.end()
  }
  const http = createServer(listener)
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready))
  closing.push(() => http.close())
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  return { host, url: `http://${host}`, asked }
}

describe('a version that is asked for by its digest', () => {
  it('is not another one of which a tag says that it has that digest', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const { commit, tag } = await register(github, candidate('one', repository))
    const said = await repository.git('for-each-ref', '--format=%(contents)', `refs/tags/${tag}`)
    const wanted = digest('a model that was judged')
    const message = said.replace(/Model-Digest: .*/, `Model-Digest: ${wanted}`)
    const identity = ['-c', 'user.name=mallory', '-c', 'user.email=mallory@example.com']
    await repository.git(...identity, 'tag', '--force', '-a', '-m', message, tag, commit)
    const asked = { model: MODEL, version: `sha256:${wanted}`, folder: await mkdtemp(join(server.folder, 'to-')) }
    const sentence = `The tag ${tag} says that its model is sha256:${wanted}, but its manifest says sha256:${digest('one')}: nothing is fetched.`
    await expect(fetchVersion(github, asked)).rejects.toThrow(sentence)
    await expect(fetchAsset(github, { ...asked, name: 'MODEL_CARD.md' })).rejects.toThrow(sentence)
    expect(await readdir(asked.folder)).toEqual([])
  })
})

describe('a store that a manifest names', () => {
  /** A version whose manifest says that its model lies somewhere. */
  async function pointTo(pointer: string, bytes = 3): Promise<[GitHub, Repository]> {
    const repository = await server.repository()
    const kept = new Set<string>()
    const store: Store = {
      pointer,
      has: async ({ sha256 }) => kept.has(sha256),
      put: async ({ sha256 }) => void kept.add(sha256),
      open: async () => (async function* () {})(),
    }
    const judged = candidate('one', repository)
    const [model] = judged.assets('v1.0.0')
    const measured = { sha256: digest('one'), bytes }
    await register(repository.connect(), { ...judged, store, assets: () => [{ ...model!, measured }] })
    return [repository.connect(), repository]
  }
  const fetchFrom = async (github: GitHub, store?: string) =>
    fetchVersion(github, { model: MODEL, version: 'latest', folder: await mkdtemp(join(server.folder, 'to-')), store })

  it('is asked nothing unless the reader named it too', async () => {
    const registry = await serve((response) => response.writeHead(404))
    const [github] = await pointTo(`oci://${registry.host}/acme/models`)
    await expect(fetchFrom(github)).rejects.toThrow(
      `model.onnx of flight-delay v1.0.0 lies in the store "oci://${registry.host}/acme/models", which nobody named here: nothing was asked of it. If it is yours, set MODELYARD_STORE to it.`,
    )
    expect(registry.asked).toEqual([])
    await expect(fetchFrom(github, `oci://${registry.host}/acme`)).rejects.toThrow(/ failed: 404 /)
  })

  it.each([
    ['s3://models/flight-delay', 's3://models', true],
    ['s3://models/flight-delay', 'oci://ghcr.io/acme s3://models/flight-delay', true],
    ['lfs', '', true],
    ['s3://models/flight-delay', '', false],
    ['s3://models/flight-delay', 's3://models/flight', false],
    ['s3://models/flight-delay/../../others', 's3://models/flight-delay', false],
    ['s3://models2', 's3://models', false],
    ['oci://models/flight-delay', 's3://models/flight-delay', false],
  ])('%s is named by %j: %s', (pointer, MODELYARD_STORE, isNamed) => {
    const open = () => refuseUnnamed(pointer, { file: 'model.onnx', store: undefined }, { MODELYARD_STORE })
    if (isNamed) expect(open()).toBe(pointer)
    else expect(open).toThrow(/which nobody named here/)
  })

  it('is asked little where the manifest says that its file is larger than it is', async () => {
    const registry = await serve((response) => response.writeHead(416))
    const pointer = `oci://${registry.host}/acme/models`
    const [github] = await pointTo(pointer, 10_000_000_000_000)
    await expect(fetchFrom(github, pointer)).rejects.toThrow(/^Reading .* failed: 416 /)
    expect(registry.asked.length).toBeLessThan(10)
  })

  it.each(['s3://ada@models/m', 's3://:password@models/m'])('has no login in its address: %s', (pointer) => {
    const sentence =
      "The store s3://…@models has a login in it, which every manifest would show: take it out. The store's own tools keep logins."
    expect(() => openStore({} as GitHub, pointer, {})).toThrow(sentence)
  })
})

describe('a login of an OCI registry', () => {
  const content = { sha256: digest('one'), bytes: 3 }
  const auth = Buffer.from('ada:password').toString('base64')
  async function loggedIn(host: string): Promise<Store> {
    const folder = await mkdtemp(join(server.folder, 'docker-'))
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }))
    return openStore({} as GitHub, `oci://${host}/acme/models`, { DOCKER_CONFIG: folder })
  }
  const challenge = (url: string) => ({ 'www-authenticate': `Bearer realm="${url}/token"` })

  it('is not given to where the registry sends a reader on, nor is what that one asks for answered', async () => {
    const other = await serve((response) => response.writeHead(401, challenge(other.url)))
    const registry = await serve((response, url) => response.writeHead(307, { location: `${other.url}${url}` }))
    const store = await loggedIn(registry.host)
    await expect(store.open(content, { start: 0, end: 3 })).rejects.toThrow(/ failed: 401 /)
    expect(other.asked).toEqual([undefined])
  })

  it('is not given to where the registry sends an upload', async () => {
    const other = await serve((response) => response.writeHead(201))
    const registry = await serve((response, url, authorization) => {
      if (authorization === undefined) return response.writeHead(401, { 'www-authenticate': 'Basic realm="models"' })
      return url.endsWith('/uploads/')
        ? response.writeHead(202, { location: `${other.url}/1` })
        : response.writeHead(404)
    })
    await expect((await loggedIn(registry.host)).put(content, new Blob(['one']))).rejects.toThrow(/^Naming /)
    expect(registry.asked).toContain(`Basic ${auth}`)
    expect(new Set(other.asked)).toEqual(new Set([undefined]))
  })

  it('is not sent where it could be read on the way', async () => {
    const other = await serve((response) => response.writeHead(200))
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string | URL) => {
      asked.push(String(url))
      return new Response(null, { status: 401, headers: challenge(other.url) })
    })
    try {
      const store = await loggedIn('registry.example')
      await expect(store.open(content, { start: 0, end: 3 })).rejects.toThrow(
        `The registry registry.example sends to ${other.url}, which is not https: nothing was sent there.`,
      )
    } finally {
      vi.unstubAllGlobals()
    }
    expect(asked).toHaveLength(1)
    expect(other.asked).toEqual([])
  })
})

describe('what a store says of an error', () => {
  const open = async (body: string) => {
    const { url } = await serve((response) => response.writeHead(400).write(body))
    const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: url }
    const content = { sha256: digest('one'), bytes: 3 }
    return openStore({} as GitHub, 's3://models', keys).open(content, { start: 0, end: 3 })
  }

  it.each([
    [
      '<Error><Code>ExpiredToken</Code><Message>It has \u001b[2Jexpired.</Message><Token-0>SECRET</Token-0></Error>',
      'ExpiredToken: It has  [2Jexpired.',
    ],
    ['{"errors":[{"code":"DENIED","message":"no","detail":"SECRET"}]}', 'DENIED: no'],
    ['{"message":"Bad credentials","documentation_url":"SECRET"}', 'Bad credentials'],
  ])('is its code and its message, of all that it wrote (%#)', async (body, said) => {
    await expect(open(body)).rejects.toThrow(`failed: 400 Bad Request (${said}).`)
  })

  it('is nothing where it wrote what has neither', async () => {
    await expect(open('<html>SECRET</html>')).rejects.toThrow('failed: 400 Bad Request.')
  })
})

describe('a bucket that has a file of the right name and length', () => {
  it.each([true, false])('is believed by the digest of its bytes alone, computed by itself: %s', async (checksums) => {
    const s3 = await serveS3({ checksums })
    closing.push(() => s3.close())
    const store = openStore({} as GitHub, 's3://models', s3.env)
    const content = { sha256: digest('one'), bytes: 3 }
    await store.put(content, new Blob(['one']))
    expect(await store.has(content)).toBe(true)
    s3.objects.set(`/models/sha256/${content.sha256}`, Buffer.from('two'))
    expect(await store.has(content)).toBe(false)
  })
})

describe('the release page', () => {
  it('is written of the very manifest that is registered', async () => {
    const repository = await server.repository()
    const judged = candidate('one', repository)
    const { file } = await register(repository.connect(), { ...judged, body: (version) => JSON.stringify(version) })
    expect(JSON.parse((await listReleases(repository.connect()))[0]!.body)).toEqual(file)
  })
})
