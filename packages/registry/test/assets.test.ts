import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createDraft, deleteAsset, findRelease, type GitHub, listAssets } from '@modelyard/github'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fillRelease, placeAssets } from '../src/bytes/assets.ts'
import { blobOf, measure } from '../src/bytes/measure.ts'
import { type Asset, fetchAsset, fetchVersion, type Registration, register } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { callsToDieAfter, forEachCall, killAfter } from './support/kill.ts'
import { describeRepository, dyingAfter, openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const MODEL = 'flight-delay'
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let server: Server
let model: string
beforeAll(async () => {
  server = await openServer()
  model = join(server.folder, 'model.onnx')
  await writeFile(model, Buffer.alloc(2500, 'a model in three parts'))
})
afterAll(() => server.close())

/** A candidate whose model goes in parts of 1,000 bytes, and what else it has. */
async function inParts(repository: Repository, others: Asset[] = [], path = model): Promise<Registration> {
  const measured = await measure({ path }, 1000)
  const judged = candidate(measured.sha256, repository)
  const identity = { ...judged.identity, model: measured.sha256 }
  return {
    ...judged,
    identity,
    versionFile: (version) => {
      const file = judged.versionFile(version)
      return { ...file, digests: { ...file.digests, ...identity } }
    },
    assets: () => [{ name: 'model.onnx', content: { path }, measured }, ...others],
  }
}

/** What the release of a version holds. */
async function heldOf(github: GitHub, version: string) {
  const release = await findRelease(github, `${MODEL}@${version}`)
  return (await listAssets(github, release!.id)).map(({ name, bytes }) => [name, bytes])
}

const posts = (answered: string[]) => answered.filter((call) => /^POST .*[?&]name=/.test(call))

describe('measuring', () => {
  it('gives the digest of the whole and of each part, wherever the parts end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 400 }), async (given, size) => {
        const content = { bytes: new Uint8Array(given) }
        const { sha256, bytes, parts } = await measure(content, size)
        expect([sha256, bytes]).toEqual([sha(given), given.length])
        const slices = Array.from({ length: Math.ceil(given.length / size) }, (_, index) =>
          given.subarray(index * size, (index + 1) * size),
        )
        expect(parts).toEqual(
          slices.length > 1 ? slices.map((slice) => ({ sha256: sha(slice), bytes: slice.length })) : undefined,
        )
      }),
    )
  })

  it('reads files as it reads bytes', async () => {
    const bytes = new Uint8Array(await readFile(model))
    expect(await measure({ path: model }, 999)).toEqual(await measure({ bytes }, 999))
  })

  it('sends nothing of a file that was changed meanwhile', async () => {
    const path = join(server.folder, 'changing')
    await writeFile(path, 'before')
    const blob = await blobOf({ path })
    await writeFile(path, 'after that')
    await expect(blob.text()).rejects.toThrow()
  })
})

describe('a model that is larger than a file of a release may be', () => {
  it('lies there in parts that `cat` puts together, and is fetched whole', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const { file } = await register(github, await inParts(repository))
    expect(file.assets).toMatchObject([
      {
        name: 'model.onnx',
        bytes: 2500,
        parts: [
          { name: 'model.onnx.part-001', bytes: 1000 },
          { name: 'model.onnx.part-002', bytes: 1000 },
          { name: 'model.onnx.part-003', bytes: 500 },
        ],
      },
    ])
    expect(await heldOf(github, 'v1.0.0')).toEqual(file.assets[0]!.parts!.map(({ name, bytes }) => [name, bytes]))
    const folder = join(server.folder, 'whole')
    const fetched = await fetchVersion(github, { model: MODEL, version: 'latest', folder })
    expect(fetched).toMatchObject({ version: 'v1.0.0', bytes: 2500, sha256: file.digests.model })
    expect((await readFile(fetched.path)).equals(await readFile(model))).toBe(true)
  })

  it('is not used where a part is another, or gone', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, await inParts(repository))
    const release = await findRelease(github, `${MODEL}@v1.0.0`)
    const [, second] = await listAssets(github, release!.id)
    await deleteAsset(github, second!.id)
    const fetch = () =>
      fetchVersion(github, { model: MODEL, version: 'v1.0.0', folder: join(server.folder, repository.name) })
    await expect(fetch()).rejects.toThrow(
      'The release of flight-delay v1.0.0 has no file model.onnx.part-002 any more: it was deleted after the version was registered.',
    )
    const url = `${release!.uploadUrl.replace(/\{.*/, '')}?name=model.onnx.part-002`
    await github.octokit.request({ method: 'POST', url, data: Buffer.alloc(1000, 'others') })
    await expect(fetch()).rejects.toThrow(/^model\.onnx of flight-delay v1\.0\.0 has the digest .* it is not used\./)
  })

  it('is registered by a run that was killed anywhere and run again, sending no part twice', async () => {
    const undisturbed = await server.repository()
    const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed, async (github) =>
      register(github, await inParts(undisturbed)),
    )
    const end = await describeRepository(undisturbed, MODEL)
    const calls = callsToDieAfter(process)
    await forEachCall(calls, async (call) => {
      const repository = await server.repository()
      const registration = await inParts(repository)
      const first = await dyingAfter(call, repository, (github) => register(github, registration))
      const again = killAfter(Number.POSITIVE_INFINITY)
      await register(repository.connect(again.fetch), registration)
      expect(await describeRepository(repository, MODEL), `killed after call ${call}`).toEqual(end)
      expect(posts([...first.process.answered, ...again.answered])).toHaveLength(3)
    })
    console.log(`register in parts: killed after ${calls.length} of its ${process.answered.length} API calls`)
  })
})

describe('what a draft holds of an earlier run', () => {
  it('stays where it is right, and goes where its upload broke or the version has no such file', async () => {
    const repository = await server.repository()
    const { assets } = await inParts(repository)
    const release = await createDraft(repository.connect(), { tag: 'draft', name: 'draft', body: '' })
    const stray = { name: 'stray.json', content: { bytes: new TextEncoder().encode('{}') } }
    const placed = await placeAssets(repository.connect(), [...assets('v1.0.0'), stray], {})
    await fillRelease(repository.connect(), release, placed, [])
    const present = await listAssets(repository.connect(), release.id)
    // GitHub keeps an upload that broke as an empty file in the state `starter`.
    const broken = present.map((asset) =>
      asset.name === 'model.onnx.part-002' ? { ...asset, state: 'starter', bytes: 0 } : asset,
    )
    const process = killAfter(Number.POSITIVE_INFINITY)
    await fillRelease(repository.connect(process.fetch), release, placed.slice(0, 1), broken)
    expect(process.answered.map((call) => call.replace(/ .*(?:name=|assets\/)/, ' '))).toEqual([
      `DELETE ${present[1]!.id}`,
      'POST model.onnx.part-002',
      `DELETE ${present[3]!.id}`,
    ])
    const left = await listAssets(repository.connect(), release.id)
    expect(left.map(({ name }) => name).sort()).toEqual([1, 2, 3].map((part) => `model.onnx.part-00${part}`))
  })
})

describe('a large file that an earlier version has', () => {
  /** More than what is sent again for completeness. */
  const predictions = Buffer.alloc(10_000_000, 'predictions')
  const others = [{ name: 'predictions.parquet', content: { bytes: new Uint8Array(predictions) } }]

  async function twoVersions() {
    const repository = await server.repository()
    const second = join(server.folder, repository.name, 'second.onnx')
    await mkdir(dirname(second), { recursive: true })
    await writeFile(second, 'another model')
    const answers = { name: 'answers.parquet', content: { bytes: new TextEncoder().encode('few') } }
    await register(repository.connect(), await inParts(repository, [...others, answers]))
    return { repository, second }
  }

  it('is not sent again: the manifest says where it lies, and so it is fetched', async () => {
    const { repository, second } = await twoVersions()
    const process = killAfter(Number.POSITIVE_INFINITY)
    const github = repository.connect(process.fetch)
    // Under a name that another file has in the earlier release.
    const renamed = [{ ...others[0]!, name: 'answers.parquet' }]
    const { file } = await register(github, await inParts(repository, renamed, second))
    expect(posts(process.answered)).toHaveLength(1)
    expect(file.assets.map(({ name, at }) => [name, at])).toEqual([
      ['model.onnx', undefined],
      ['answers.parquet', 'flight-delay@v1.0.0'],
    ])
    const wanted = { model: MODEL, version: file.version, folder: join(server.folder, repository.name, 'fetched') }
    const fetched = await fetchAsset(github, { ...wanted, name: 'answers.parquet' })
    expect((await readFile(fetched!.path)).equals(predictions)).toBe(true)
  })

  it('is sent again where the earlier release lost it', async () => {
    const { repository, second } = await twoVersions()
    const github = repository.connect()
    const release = await findRelease(github, `${MODEL}@v1.0.0`)
    const lost = (await listAssets(github, release!.id)).find(({ name }) => name === 'predictions.parquet')
    await deleteAsset(github, lost!.id)
    const { file } = await register(github, await inParts(repository, others, second))
    expect(file.assets.map(({ at }) => at)).toEqual([undefined, undefined])
    expect(await heldOf(github, file.version)).toContainEqual(['predictions.parquet', 10_000_000])
  })
})

describe('fetching', () => {
  it('finds a version by the digest of its model', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const [one] = [
      await register(github, candidate('one', repository)),
      await register(github, candidate('two', repository)),
    ]
    const fetch = (version: string) =>
      fetchVersion(github, { model: MODEL, version, folder: join(server.folder, repository.name) })
    expect(await fetch(`sha256:${one.file.digests.model}`)).toMatchObject({ version: 'v1.0.0' })
    await expect(fetch(`sha256:${'0'.repeat(64)}`)).rejects.toThrow(
      /^flight-delay has no version with the model sha256:0{64}\./,
    )
    await expect(fetch('sha256:abc')).rejects.toThrow(
      'The version is "sha256:abc"; a digest is sha256: and 64 hexadecimal digits.',
    )
  })

  it('brings a model once for all folders, where there is a cache', async () => {
    const repository = await server.repository()
    await register(repository.connect(), candidate('one', repository))
    const cache = { folder: join(server.folder, repository.name, 'cache') }
    const fetch = async (to: string) => {
      const process = killAfter(Number.POSITIVE_INFINITY)
      const folder = join(server.folder, repository.name, to)
      const { path } = await fetchVersion(repository.connect(process.fetch), { ...latest, folder, cache })
      return [await readFile(path, 'utf8'), process.answered.filter((call) => call.includes('/releases/')).length]
    }
    const latest = { model: MODEL, version: 'latest' }
    expect(await fetch('first')).toEqual(['one', 3])
    expect(await fetch('second')).toEqual(['one', 0])
  })
})
