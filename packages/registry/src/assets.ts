import {
  deleteAsset,
  findRelease,
  type GitHub,
  type Asset as Held,
  listAssets,
  type Release,
  uploadAsset,
} from '@modelyard/github'
import type { FileDigest, VersionAsset, VersionFile } from '@modelyard/spec'
import { blobOf, type Content, type Digest, type Measured, measure } from './bytes/measure.ts'
import { inLittleMemory } from './bytes/memory.ts'
import { versionTag } from './grammar.ts'
import type { Store } from './stores/store.ts'

/** A file of a version. */
export interface Asset {
  name: string
  content: Content
  /** Its digests, where they were measured already: then it is read once, to be sent. */
  measured?: Measured
}

/** Where else bytes may be. */
export interface Elsewhere {
  /** The manifests of versions of the same model: what they hold is not sent again. */
  former?: readonly VersionFile[]
  /** Keeps the first file, the model, in place of the release. */
  store?: Store | undefined
}

/** Throws where another event came first: what a newer decision put into a draft is not to be deleted. */
export type RefuseStale = () => Promise<void>

/** A file as the release lists it. */
type Listed = Held & { state: string }

const CONTENT_TYPES: Record<string, string> = { json: 'application/json', md: 'text/markdown; charset=utf-8' }

/** Smaller files are sent again all the same, so that a release is complete for people. */
const SHARED_FROM = 10_000_000

/**
 * Puts files into a draft, of which it may hold some already, and takes out what is none of them; answers with the
 * manifest's entries, in their order. A file that is too large for a release goes in parts, each one kept where an
 * interrupted run sent it. Throws a `GitHubError` where GitHub holds something else afterwards.
 */
export async function fillRelease(
  github: GitHub,
  release: Release,
  assets: readonly Asset[],
  present: readonly Listed[],
  { former = [], store, refuseStale = async () => {} }: Elsewhere & { refuseStale?: RefuseStale } = {},
): Promise<VersionAsset[]> {
  const entries: VersionAsset[] = []
  const wanted = new Set<string>()
  for (const [index, asset] of assets.entries()) {
    const entry = entryOf(asset.name, asset.measured ?? (await measure(asset.content)))
    const isStored = store && index === 0
    const shared = isStored ? undefined : await findShared(github, entry, former)
    if (isStored) entries.push(await putInStore(store, entry, asset.content))
    else if (shared) entries.push({ ...shared, name: asset.name })
    else {
      for (const file of entry.parts ?? [entry]) wanted.add(file.name)
      await upload(github, release, { entry, content: asset.content, present, refuseStale })
      entries.push(entry)
    }
  }
  for (const { id } of present.filter(({ name }) => !wanted.has(name))) {
    await refuseStale()
    await deleteAsset(github, id)
  }
  return entries
}

/** The manifest's entry of a measured file; its parts are called so that `cat model.onnx.part-*` makes it whole. */
export function entryOf(name: string, { sha256, bytes, parts }: Measured): VersionAsset {
  if (!parts || parts.length < 2) return { name, sha256, bytes }
  const digits = Math.max(3, String(parts.length).length)
  return {
    ...{ name, sha256, bytes },
    parts: parts.map((part, index) => ({ name: `${name}.part-${String(index + 1).padStart(digits, '0')}`, ...part })),
  }
}

async function upload(
  github: GitHub,
  release: Release,
  {
    entry,
    content,
    present,
    refuseStale,
  }: { entry: VersionAsset; content: Content; present: readonly Listed[]; refuseStale: RefuseStale },
): Promise<void> {
  const contentType = CONTENT_TYPES[entry.name.split('.').at(-1)!] ?? 'application/octet-stream'
  await eachPart(entry, content, async ({ name, sha256 }, blob) => {
    const own = present.filter((asset) => asset.name === name)
    await uploadAsset(github, release, { name, content: blob, sha256, contentType }, own, refuseStale)
  })
}

async function putInStore(store: Store, measured: VersionAsset, content: Content): Promise<VersionAsset> {
  const { parts, ...whole } = measured
  const entry = store.whole ? whole : measured
  await eachPart(entry, content, async (file, blob) => {
    if (!(await store.has(file))) await store.put(file, blob)
  })
  return { ...entry, pointer: store.pointer }
}

/** Slices a content as its entry says; a blob reads nothing before it is sent. */
async function eachPart(
  entry: VersionAsset,
  content: Content,
  send: (file: FileDigest, blob: Blob) => Promise<void>,
): Promise<void> {
  const blob = await blobOf(content)
  await inLittleMemory(entry.bytes, async () => {
    let start = 0
    for (const file of entry.parts ?? [entry]) {
      await send(file, blob.slice(start, start + file.bytes))
      start += file.bytes
    }
  })
}

/** The entry of a former version for the same bytes, if it is large and they are still in a release. */
async function findShared(
  github: GitHub,
  { sha256, bytes }: Digest,
  former: readonly VersionFile[],
): Promise<VersionAsset | undefined> {
  if (bytes < SHARED_FROM) return undefined
  for (const { model, version, assets } of former) {
    const same = assets.find((asset) => asset.sha256 === sha256)
    if (!same || same.pointer !== undefined) continue
    const at = same.at ?? versionTag(model, version)
    const held = await listHeld(github, at)
    if ((same.parts ?? [same]).every((file) => findHeld(held, file))) return { ...same, at }
  }
  return undefined
}

/** What the release of a tag holds; nothing where there is none. */
export async function listHeld(github: GitHub, tag: string): Promise<Listed[]> {
  const release = await findRelease(github, tag)
  return release ? listAssets(github, release.id) : []
}

/** A file among those of a release: by its digest, and by its name where the server computes none. */
export function findHeld(held: readonly Listed[], { name, sha256 }: FileDigest): Listed | undefined {
  const whole = held.filter(({ state }) => state === 'uploaded')
  return (
    whole.find((asset) => asset.sha256 === sha256) ??
    whole.find((asset) => asset.sha256 === null && asset.name === name)
  )
}
