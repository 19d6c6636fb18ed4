import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findRelease, type GitHub, openAsset, readOriginal } from '@modelyard/github'
import { fileDigest, RefusedError, UserError, type VersionAsset, type VersionFile } from '@modelyard/spec'
import { readVersionFile } from '../manifest.ts'
import { cautionsOf } from '../questions/cautions.ts'
import { needKnown } from '../questions/summary.ts'
import { resolveVersion } from '../resolve.ts'
import { refuseUnnamed } from '../stores/named.ts'
import { openStore } from '../stores/open.ts'
import { readState } from '../tags/list.ts'
import { findHeld, listHeld } from './assets.ts'
import { type Cache, keepInCache, takeFromCache } from './cache.ts'
import { download, type Source } from './download.ts'

/** Which version is wanted, and where to. */
export interface Wanted {
  model: string
  /** `v1.2.3`, a stage, `latest`, or the digest of the model: `sha256:<hex>`. */
  version: string
  folder: string
  cache?: Cache | undefined
  /** The store that the reader's own model file names: no other is opened, but for those of MODELYARD_STORE. */
  store?: string | undefined
}

export interface Fetched {
  version: string
  /** Where the model lies. */
  path: string
  name: string
  sha256: string
  bytes: number
  /** The version's manifest. */
  file: VersionFile
  /** What is to be known before it is used: that it is in quarantine, or its model deprecated. */
  cautions: string[]
}

/**
 * Brings one more file of a version's release into a folder, verified, and tells the digest of the version's model;
 * undefined where the version has no such file.
 */
export async function fetchAsset(
  github: GitHub,
  { name, ...wanted }: Wanted & { name: string },
): Promise<{ path: string; sha256: string; model: string } | undefined> {
  const { version, tag, file } = await findWanted(github, wanted)
  const asset = file.assets.find((each) => each.name === name)
  if (!asset) return undefined
  const path = await bring(github, { ...wanted, version, tag, asset })
  return { path, sha256: asset.sha256, model: file.digests.model }
}

/**
 * Brings a version's model into a folder, by version, stage, `latest` or digest. It is there under its name only when
 * its digest is the manifest's; one that is there already, or in the cache, is not downloaded again.
 */
export async function fetchVersion(github: GitHub, wanted: Wanted): Promise<Fetched> {
  const { version, tag, file, cautions } = await findWanted(github, wanted)
  const [asset] = file.assets
  if (!asset || asset.sha256 !== file.digests.model) {
    throw new UserError(`The manifest of ${wanted.model} ${version} does not name its model first: register it again.`)
  }
  const path = await bring(github, { ...wanted, version, tag, asset })
  const { name, sha256, bytes } = asset
  return { version, path, name, sha256, bytes, file, cautions }
}

/** The version that is wanted, and its manifest. A digest is looked up in what tags say, which anybody may have written. */
async function findWanted(github: GitHub, { model, version: wanted }: Wanted) {
  const state = needKnown(await readState(github, model))
  const { version, commit, tag } = resolveVersion(state, wanted)
  const file = await readVersionFile(github, model, { version, commit })
  const digest = `sha256:${file.digests.model}`
  if (wanted.startsWith('sha256:') && wanted !== digest) {
    throw new RefusedError(
      `The tag ${tag} says that its model is ${wanted}, but its manifest says ${digest}: nothing is fetched. Look who made the tag.`,
    )
  }
  return { version, tag, file, cautions: cautionsOf(state, version) }
}

/** A file of a version, in a folder under its own name only when its digest is the manifest's. */
async function bring(
  github: GitHub,
  { model, version, tag, asset, folder, cache, store }: Wanted & { tag: string; asset: VersionAsset },
): Promise<string> {
  const path = join(folder, asset.name)
  const { sha256 } = asset
  if ((await digestIfThere(path)) === sha256) return path
  await mkdir(folder, { recursive: true })
  if (cache && (await takeFromCache(cache, sha256, path))) return path

  const sources =
    asset.pointer === undefined
      ? await openReleased(github, { model, version, tag, asset })
      : openStored(github, asset, refuseUnnamed(asset.pointer, { file: `${asset.name} of ${model} ${version}`, store }))
  const found = await download(sources, path, sha256)
  if (found !== sha256) {
    throw new RefusedError(
      `${asset.name} of ${model} ${version} has the digest ${found.slice(0, 12)}, but ${sha256.slice(0, 12)} was registered: it is not used. Look who changed ${asset.pointer ?? 'the release'}.`,
    )
  }
  if (cache) await keepInCache(cache, sha256, path)
  return path
}

/** A file, or its parts, in the release of the version or in that of an earlier one. */
async function openReleased(
  github: GitHub,
  { model, version, tag, asset }: { model: string; version: string; tag: string; asset: VersionAsset },
): Promise<Source[]> {
  const at = asset.at ?? tag
  const held = await listHeld(github, at)
  const whose = asset.at === undefined ? `${model} ${version}` : `${asset.at}, where ${model} ${version} has it,`
  if (held.length === 0) {
    await refuseFork(github)
    if (!(await findRelease(github, at)))
      throw new RefusedError(
        `There is no release ${at} any more: it was deleted after ${model} ${version} was registered. Make it again with copies of all its files, which are checked by their digests (\`gh release create '${at}' --verify-tag --notes '' ${asset.name}\` and the others), or take another version.`,
      )
  }
  return (asset.parts ?? [asset]).map((file) => {
    const found = findHeld(held, file) ?? held.find(({ name }) => name === file.name)
    if (found?.bytes === file.bytes) return { bytes: file.bytes, open: openAsset(github, found.id) }
    if (found) {
      throw new RefusedError(
        `${file.name} of ${model} ${version} has ${found.bytes} bytes in its release, but ${file.bytes} were registered: it is not used. Look who changed the release.`,
      )
    }
    throw new RefusedError(
      `The release of ${whose} has no file ${file.name} any more: it was deleted after the version was registered. Put it back from a copy (\`gh release upload '${at}' ${file.name}\`), or take another version.`,
    )
  })
}

/** Git copies tags into a fork, and GitHub no releases. */
async function refuseFork(github: GitHub): Promise<void> {
  const original = await readOriginal(github)
  if (original === null) return
  const name = original || 'the original, as owner/name'
  throw new UserError(
    `${github.owner}/${github.repo} is a fork: it has the tags of what it was made from, and not its releases, in which the files lie. Set GITHUB_REPOSITORY to ${name}; in a workflow give fetch-model the input "repository".`,
  )
}

function openStored(github: GitHub, asset: VersionAsset, pointer: string): Source[] {
  const store = openStore(github, pointer)
  return (asset.parts ?? [asset]).map((file) => ({ bytes: file.bytes, open: (span) => store.open(file, span) }))
}

async function digestIfThere(path: string): Promise<string | null> {
  try {
    return (await fileDigest(path)).sha256
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
