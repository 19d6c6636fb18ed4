import {
  deleteAsset,
  findRelease,
  type GitHub,
  type Listed,
  listAssets,
  type Release,
  uploadAsset,
} from '@modelyard/github'
import type { FileDigest, VersionAsset, VersionFile } from '@modelyard/spec'
import type { Store } from '../stores/store.ts'
import { versionTag } from '../tags/grammar.ts'
import { blobOf, type Content, type Digest, type Measured, measure } from './measure.ts'
import { inLittleMemory } from './memory.ts'

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

const CONTENT_TYPES: Record<string, string> = { json: 'application/json', md: 'text/markdown; charset=utf-8' }

/** Smaller files are sent again all the same, so that a release is complete for people. */
const SHARED_FROM = 10_000_000

/** A file of a version, and the manifest's entry: where its bytes are to be. */
export interface Placed {
  content: Content
  entry: VersionAsset
}

/**
 * Says where each file of a version is to be, before anything is sent: in the store, in the release of a former version
 * that has the same bytes, or in the version's own, in parts where it is too large for it.
 */
export async function placeAssets(
  github: GitHub,
  assets: readonly Asset[],
  { former = [], store }: Elsewhere,
): Promise<Placed[]> {
  const placed: Placed[] = []
  for (const [index, { name, content, measured }] of assets.entries()) {
    const entry = entryOf(name, measured ?? (await measure(content)))
    const isStored = store && index === 0
    const shared = isStored ? undefined : await findShared(github, entry, former)
    placed.push({ content, entry: isStored ? storedEntry(store, entry) : shared ? { ...shared, name } : entry })
  }
  return placed
}

/**
 * Puts files where they are to be, of which a draft may hold some already, and takes out of it what is none of them. A
 * part stays where an interrupted run sent it. Throws a `GitHubError` where GitHub holds something else afterwards.
 */
export async function fillRelease(
  github: GitHub,
  release: Release,
  assets: readonly Placed[],
  present: readonly Listed[],
  { store, refuseStale = async () => {} }: Pick<Elsewhere, 'store'> & { refuseStale?: RefuseStale } = {},
): Promise<void> {
  const wanted = new Set<string>()
  for (const { content, entry } of assets) {
    if (store && entry.pointer !== undefined) await putInStore(store, entry, content)
    else if (entry.at === undefined) {
      for (const file of entry.parts ?? [entry]) wanted.add(file.name)
      await upload(github, release, { entry, content, present, refuseStale })
    }
  }
  for (const { id } of present.filter(({ name }) => !wanted.has(name))) {
    await refuseStale()
    await deleteAsset(github, id)
  }
}

/** The manifest's entry of a measured file; its parts are called so that `cat model.onnx.part-*` makes it whole. */
function entryOf(name: string, { sha256, bytes, parts }: Measured): VersionAsset {
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

/** A store of whole files has no parts. */
function storedEntry({ whole, pointer }: Store, { parts, ...entry }: VersionAsset): VersionAsset {
  return { ...entry, ...(parts && !whole ? { parts } : {}), pointer }
}

async function putInStore(store: Store, entry: VersionAsset, content: Content): Promise<void> {
  await eachPart(entry, content, async (file, blob) => {
    if (!(await store.has(file))) await store.put(file, blob)
  })
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
