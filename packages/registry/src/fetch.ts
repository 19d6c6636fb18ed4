import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadAsset, findRelease, type GitHub, listAssets } from '@modelyard/github'
import { type FileDigest, fileDigest, RefusedError, UserError, type VersionFile } from '@modelyard/spec'
import { readState, readVersionFile, resolveVersion } from './read.ts'

export interface Fetched {
  version: string
  /** Where the model lies. */
  path: string
  name: string
  sha256: string
  bytes: number
  /** The version's manifest. */
  file: VersionFile
}

/**
 * Brings one more file of a version's release into a folder, verified, and tells the digest of the version's model;
 * undefined where the version has no such file.
 */
export async function fetchAsset(
  github: GitHub,
  { model, version, name, folder }: { model: string; version: string; name: string; folder: string },
): Promise<{ path: string; sha256: string; model: string } | undefined> {
  const { commit, tag } = resolveVersion(await readState(github, model), version)
  const file = await readVersionFile(github, model, { version, commit })
  const asset = file.assets.find((each) => each.name === name)
  if (!asset) return undefined
  const path = await bring(github, { model, version, tag, asset, folder })
  return { path, sha256: asset.sha256, model: file.digests.model }
}

/**
 * Brings a version's model into a folder, by version, stage or `latest`. It is there under its name only when its
 * digest is the manifest's; one that is there already is not downloaded again.
 */
export async function fetchVersion(
  github: GitHub,
  { model, version: wanted, folder }: { model: string; version: string; folder: string },
): Promise<Fetched> {
  const { version, commit, tag } = resolveVersion(await readState(github, model), wanted)
  const file = await readVersionFile(github, model, { version, commit })
  const asset = file.assets[0]
  if (!asset || asset.sha256 !== file.digests.model) {
    throw new UserError(`The manifest of ${model} ${version} does not name its model first: register it again.`)
  }
  const path = await bring(github, { model, version, tag, asset, folder })
  return { version, path, ...asset, file }
}

/** A file of a release, in a folder under its own name only when its digest is the manifest's. */
async function bring(
  github: GitHub,
  {
    model,
    version,
    tag,
    asset,
    folder,
  }: { model: string; version: string; tag: string; asset: FileDigest; folder: string },
): Promise<string> {
  const path = join(folder, asset.name)
  if ((await digestIfThere(path)) === asset.sha256) return path

  const release = await findRelease(github, tag)
  const held = release && (await listAssets(github, release.id)).find(({ name }) => name === asset.name)
  if (!held) {
    throw new UserError(
      `The release of ${model} ${version} has no file ${asset.name} any more: it was deleted after the version was registered.`,
    )
  }
  await mkdir(folder, { recursive: true })
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const { sha256 } = await downloadAsset(github, held.id, temporary)
    if (sha256 !== asset.sha256) {
      throw new RefusedError(
        `${asset.name} of ${model} ${version} has the digest ${sha256.slice(0, 12)}, but ${asset.sha256.slice(0, 12)} was registered: it is not used. Look who changed the release.`,
      )
    }
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
  return path
}

async function digestIfThere(path: string): Promise<string | null> {
  try {
    return (await fileDigest(path)).sha256
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
