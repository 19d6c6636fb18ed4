import {
  findRelease,
  type GitHub,
  GitHubError,
  hasStatus,
  type Listed,
  listAssets,
  type Release,
  updateRelease,
} from '@modelyard/github'
import { UserError, type VersionFile } from '@modelyard/spec'
import { type Elsewhere, fillRelease, findHeld, type Placed } from '../bytes/assets.ts'

/** A release that may not be published yet. */
export type Draft = Pick<Release, 'id' | 'draft'>

/**
 * The published release of a version, with every file that the manifest says it holds. Where another tool's took the
 * tag, ours is a draft still: it is published as soon as the other one is gone. Throws a `UserError` that says what to
 * do where it is not, where ours was deleted, and where files are not in it as they were registered.
 */
export async function findPublished(
  github: GitHub,
  tag: string,
  file: VersionFile,
  left: Draft | null,
): Promise<Release> {
  const { model, version } = file
  const release = await findRelease(github, tag)
  const isOurs = async () =>
    left?.draft === true && left.id !== release?.id && (await findMissing(github, left, file)).length === 0
  if (!release) {
    if (left && (await isOurs())) return updateRelease(github, left.id, { tag, draft: false })
    throw new UserError(
      `${model} ${version} is registered, but its release was deleted: restore it, or train a model that differs.`,
    )
  }
  const missing = await findMissing(github, release, file)
  if (missing.length === 0) return release
  if (await isOurs()) {
    throw new UserError(
      `${model} ${version} is registered, but its release could not be published: another release has the tag ${tag}. Delete that release, leave the tag where it is, and run it again.`,
    )
  }
  throw new UserError(
    `${model} ${version} is registered, but the release of its tag ${tag} does not hold ${missing.join(', ')} as it was registered: put that back there, or deprecate ${version} and register the model again by the name of another version.`,
  )
}

/**
 * Puts the files of a version into its release once more where the answer to publishing shows others: two runs of one
 * gate fill the same draft, and their files can differ, but the log takes one manifest. Throws a `UserError` where
 * nobody may change the release any more.
 */
export async function refill(
  github: GitHub,
  release: Release,
  { file, assets, store }: Pick<Elsewhere, 'store'> & { file: VersionFile; assets: readonly Placed[] },
): Promise<void> {
  const missing = missingFrom(release.assets, file)
  if (missing.length === 0) return
  try {
    await fillRelease(github, release, assets, release.assets, { store })
  } catch (error) {
    if (!(error instanceof GitHubError && /immutable/i.test(error.message))) throw error
    throw new UserError(
      `${file.model} ${file.version} is registered, but its release does not hold ${missing.join(', ')} as it was registered, because two runs filled it at the same time, and it is immutable: deprecate ${file.version} and register the model again by the name of another version.`,
      { cause: error },
    )
  }
}

/** The files that are not in a release; those that it came with are listed again only where some are not among them. */
async function findMissing(
  github: GitHub,
  { id, assets }: Pick<Release, 'id'> & Partial<Pick<Release, 'assets'>>,
  file: VersionFile,
): Promise<string[]> {
  if (assets && missingFrom(assets, file).length === 0) return []
  const listed = await listAssets(github, id).catch((error) => {
    if (hasStatus(error, 404)) return []
    throw error
  })
  return missingFrom(listed, file)
}

/** The names of the files that a manifest places in the version's own release and that are not held there. */
function missingFrom(held: readonly Listed[], { assets }: Pick<VersionFile, 'assets'>): string[] {
  const wanted = assets.flatMap((asset) => (asset.at || asset.pointer ? [] : (asset.parts ?? [asset])))
  return wanted.filter((file) => !findHeld(held, file)).map(({ name }) => name)
}
