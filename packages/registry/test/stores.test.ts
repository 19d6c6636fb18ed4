import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { connect } from '@modelyard/github'
import { sha256 } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { measure } from '../src/bytes/measure.ts'
import { dvcPointer, fetchVersion, openStore, register, type Store } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { serveLfs } from './support/lfs-server.ts'
import { serveOci } from './support/oci-server.ts'
import { openServer, type Server } from './support/repository.ts'
import { serveS3 } from './support/s3-server.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Of whom S3 and OCI ask nothing. */
const github = connect({ token: '', repository: 'acme/models' })
const bytes = randomBytes(300_000)
const content = { sha256: sha256(bytes), bytes: bytes.length }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-stores-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What every store promises. */
async function keepsItsPromises(store: Store): Promise<void> {
  expect(await store.has(content)).toBe(false)
  await store.put(content, new Blob([bytes]))
  expect(await store.has(content)).toBe(true)
  expect(await store.has({ ...content, bytes: 1 })).toBe(false)
  await store.put(content, new Blob([bytes]))
  for (const span of [
    { start: 0, end: bytes.length },
    { start: 100_000, end: 200_001 },
  ]) {
    const read = Buffer.concat(await Readable.from(await store.open(content, span)).toArray())
    expect(read.equals(bytes.subarray(span.start, span.end))).toBe(true)
  }
  const other = { sha256: sha256('other'), bytes: 5 }
  await expect(store.put(other, new Blob(['wrong']))).rejects.toThrow(/^Sending to .* failed: 400 /)
  expect(await store.has(other)).toBe(false)
  await expect(store.open(other, { start: 0, end: 5 })).rejects.toThrow(/^Reading .* failed: 404 /)
}

describe('an S3 bucket', () => {
  /** MODELYARD_S3 names a bucket of another server, which AWS_ENDPOINT_URL_S3 and the keys then reach. */
  const other = process.env.MODELYARD_S3
  let s3: Awaited<ReturnType<typeof serveS3>>
  beforeAll(async () => {
    s3 = await serveS3()
  })
  afterAll(() => s3.close())
  const open = (pointer = 's3://models/flight-delay') =>
    openStore(github, other ?? pointer, other ? process.env : s3.env)

  it('keeps bytes by their digest, whole, and refuses others', () => keepsItsPromises(open()))

  it('holds the model of a version, in parts, in place of its release', async () => {
    let hub: Server | undefined
    try {
      hub = await openServer()
      const repository = await hub.repository()
      const path = join(folder, 'model.onnx')
      await writeFile(path, bytes)
      const measured = await measure({ path }, 100_000)
      const judged = candidate(measured.sha256, repository)
      const identity = { ...judged.identity, model: measured.sha256 }
      const { file } = await register(repository.connect(), {
        ...judged,
        identity,
        store: open(),
        versionFile: (version) => {
          const described = judged.versionFile(version)
          return { ...described, digests: { ...described.digests, ...identity } }
        },
        assets: (version) => [{ name: 'model.onnx', content: { path }, measured }, judged.assets(version)[1]!],
      })
      expect(file.assets).toMatchObject([{ pointer: open().pointer, parts: [{}, {}, {}] }, { name: 'MODEL_CARD.md' }])
      vi.stubEnv('AWS_ENDPOINT_URL_S3', process.env.AWS_ENDPOINT_URL_S3 ?? s3.env.AWS_ENDPOINT_URL_S3)
      vi.stubEnv('AWS_ACCESS_KEY_ID', process.env.AWS_ACCESS_KEY_ID ?? s3.env.AWS_ACCESS_KEY_ID)
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', process.env.AWS_SECRET_ACCESS_KEY ?? s3.env.AWS_SECRET_ACCESS_KEY)
      const to = { model: 'flight-delay', version: 'v1.0.0', folder: join(folder, 'fetched'), store: open().pointer }
      expect((await readFile((await fetchVersion(repository.connect(), to)).path)).equals(bytes)).toBe(true)
    } finally {
      vi.unstubAllEnvs()
      await hub?.close()
    }
  })

  it('is refused with a wrong key, and without one, in a sentence', async () => {
    const wrong = openStore(github, 's3://models', { ...s3.env, AWS_SECRET_ACCESS_KEY: 'wrong' })
    await expect(wrong.put(content, new Blob([bytes]))).rejects.toThrow(
      /^Sending to s3:\/\/models\/sha256\/\w{12}… at http:\S+ \(AWS_ENDPOINT_URL_S3\) failed: 403 Forbidden \(SignatureDoesNotMatch\)\. Look at the credentials\.$/,
    )
    expect(() => openStore(github, 's3://models', { ...s3.env, AWS_ENDPOINT_URL_S3: 'nonsense' })).toThrow(
      'AWS_ENDPOINT_URL_S3 is "nonsense"; it must be an address like https://s3.example.com.',
    )
    expect(() => openStore(github, 's3://models', {})).toThrow(
      'The store s3://models needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as aws-actions/configure-aws-credentials does.',
    )
  })
})

describe('the remote of DVC', () => {
  const config = `[core]
    remote = storage
    autostage = true
['remote "storage"']
    url = s3://models/dvc/
`
  const md5 = createHash('md5').update(bytes).digest('hex')
  let s3: Awaited<ReturnType<typeof serveS3>>
  let path: string
  beforeAll(async () => {
    s3 = await serveS3()
    path = join(folder, 'dvc.onnx')
    await writeFile(path, bytes)
  })
  afterAll(() => s3.close())

  it('is pointed to where dvc push left the model, whole, and is never written to', async () => {
    const pointer = await dvcPointer(config, path)
    expect(pointer).toBe(`s3://models/dvc/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`)
    const store = openStore(github, pointer, s3.env)
    expect(await store.has(content)).toBe(false)
    await expect(store.put(content, new Blob([bytes]))).rejects.toThrow(
      `DVC's remote has no ${pointer}: run dvc push before the model is registered.`,
    )
    s3.objects.set(`/models/dvc/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`, bytes)
    expect(await store.has(content)).toBe(true)
    const read = Buffer.concat(await Readable.from(await store.open(content, { start: 7, end: 99 })).toArray())
    expect(read.equals(bytes.subarray(7, 99))).toBe(true)
    expect(store.whole).toBe(true)
  })

  it.each([
    ['', 'The store is "dvc", but .dvc/config has no default remote: dvc remote default <name>.'],
    [config.replace('s3', 'gs'), 'DVC\'s remote storage is "gs://models/dvc/": only s3://bucket/prefix is read.'],
    [config.replace('= storage', '= other'), 'DVC\'s remote other is "": only s3://bucket/prefix is read.'],
  ])('must be a bucket (%#)', async (given, sentence) => {
    await expect(dvcPointer(given, path)).rejects.toThrow(sentence)
  })
})

describe('a repository of an OCI registry', () => {
  /** MODELYARD_OCI_REGISTRY names the host of another one, on this machine. */
  let host: string
  let registry: Awaited<ReturnType<typeof serveOci>>
  beforeAll(async () => {
    registry = await serveOci()
    host = process.env.MODELYARD_OCI_REGISTRY ?? registry.host
  })
  afterAll(() => registry.close())

  it('keeps bytes by their digest, whole, and refuses others', () =>
    keepsItsPromises(openStore(github, `oci://${host}/acme/models`, {})))

  it('names each of them by a manifest, so that it is not swept away and other tools get it', async () => {
    const store = openStore(github, `oci://${host}/acme/named`, {})
    await store.put(content, new Blob([bytes]))
    const response = await fetch(`http://${host}/v2/acme/named/manifests/modelyard-${content.sha256}`)
    expect(await response.json()).toMatchObject({
      artifactType: 'application/vnd.modelyard.model.v1',
      layers: [{ digest: `sha256:${content.sha256}`, size: bytes.length }],
    })
  })
})

describe('the login of an OCI registry', () => {
  it('is what docker left, changed into the token that the registry asks for', async () => {
    const asked: Array<[string, IncomingHttpHeaders['authorization']]> = []
    const server = createServer(({ url, headers }, response) => {
      asked.push([url!, headers.authorization])
      if (url!.startsWith('/token')) return response.end('{"token":"t0k3n"}')
      if (headers.authorization === 'Bearer t0k3n') return response.writeHead(200, { 'content-length': 5 }).end()
      const challenge = `Bearer realm="http://${host}/token",service="models",scope="repository:acme/models:pull"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    await mkdir(join(folder, 'docker'))
    const auth = Buffer.from('ada:password').toString('base64')
    await writeFile(join(folder, 'docker/config.json'), JSON.stringify({ auths: { [host]: { auth } } }))
    const store = openStore(github, `oci://${host}/acme/models`, { DOCKER_CONFIG: join(folder, 'docker') })
    await store.has({ ...content, bytes: 5 })
    expect(asked.slice(0, 3)).toEqual([
      [`/v2/acme/models/blobs/sha256:${content.sha256}`, undefined],
      ['/token?service=models&scope=repository%3Aacme%2Fmodels%3Apull', `Basic ${auth}`],
      [`/v2/acme/models/blobs/sha256:${content.sha256}`, 'Bearer t0k3n'],
    ])
    server.close()
  })
})

describe('Git LFS', () => {
  let lfs: Awaited<ReturnType<typeof serveLfs>>
  beforeAll(async () => {
    lfs = await serveLfs()
  })
  afterAll(() => lfs.close())

  it('keeps bytes by their digest, whole, and refuses others', async () => {
    await keepsItsPromises(openStore(connect({ ...lfs, repository: 'acme/models' }), 'lfs'))
    expect(lfs.verified).toEqual([content.sha256])
  })

  it.each([
    [3600, 1],
    [30, 4],
    [undefined, 4],
  ])('is asked once for all parts, as long as its answer holds (%s s)', async (expiresIn, times) => {
    const other = await serveLfs(expiresIn === undefined ? {} : { expiresIn })
    const store = openStore(connect({ ...other, repository: 'acme/models' }), 'lfs')
    await store.put(content, new Blob([bytes]))
    const before = other.batches()
    for (const start of [0, 100_000, 200_000]) await store.open(content, { start, end: start + 10 })
    expect(await store.has(content)).toBe(true)
    expect(other.batches() - before).toBe(times)
    other.close()
  })

  it('is refused with a wrong token in a sentence', async () => {
    const store = openStore(connect({ ...lfs, token: 'wrong', repository: 'acme/models' }), 'lfs')
    await expect(store.has(content)).rejects.toThrow(
      /^Asking for Git LFS's \w{12}… failed: 401 Unauthorized \(Bad credentials\)\. Look at the credentials\.$/,
    )
  })
})

describe('a store that is none', () => {
  it.each(['', 'models', 'gs://models', 's3:', 'https://example.com/models'])(
    '%j is refused in a sentence',
    (pointer) => {
      expect(() => openStore(github, pointer, {})).toThrow(
        `The store is ${JSON.stringify(pointer)}; it must be s3://bucket/prefix, oci://host/repository or lfs.`,
      )
    },
  )
})
