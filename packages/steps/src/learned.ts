import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchAsset } from '@modelyard/registry'
import { type Model, Profile, parseJson, UserError } from '@modelyard/spec'
import type { Champion } from './champion.ts'
import { needGitHub, type StepContext } from './context.ts'
import { openRecords, PROFILE, REFERENCES } from './records.ts'

/** What a version learned, the digest of the file that says so, and that of the version's model. */
export interface Learned {
  profile: Profile
  digest: string
  sha256: string
}

/**
 * What the champion learned, from its release, verified; it is left beside the record under the name for `kind`, for
 * replaying that.
 * Throws a `UserError` where the release has no profile.
 */
export async function fetchLearned(
  context: StepContext,
  { name: model }: Model,
  { version }: Champion,
  kind: 'champion' | 'drift',
): Promise<Learned> {
  const github = needGitHub(context, `read what ${model} ${version} learned`)
  const records = await openRecords(context, model)
  const folder = join(records, 'champion', version)
  const asset = await fetchAsset(github, { model, version, name: PROFILE, folder })
  if (!asset) {
    throw new UserError(
      `${model} ${version} was registered without a profile of its training data, so nothing can be compared with them. Register a new version; if validate cannot make a profile of its data, it says why.`,
    )
  }
  await cp(asset.path, join(records, REFERENCES[kind]))
  return { profile: await readProfile(asset.path, { version }), digest: asset.sha256, sha256: asset.model }
}

/** Reads what a version learned. Throws a `UserError` for a profile of another release of Modelyard. */
export async function readProfile(path: string, { version }: Pick<Champion, 'version'>): Promise<Profile> {
  const profile = Profile.safeParse(parseJson(await readFile(path, 'utf8')))
  if (profile.success) return profile.data
  throw new UserError(
    `The profile of ${version} is not one that this release of Modelyard reads: update Modelyard, or register a new version.`,
  )
}
