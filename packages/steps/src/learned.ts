import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchAsset } from '@modelyard/registry'
import { canonicalJson, type Model, Profile, parseJson, sha256, UserError } from '@modelyard/spec'
import type { Champion } from './champion.ts'
import { needGitHub, type StepContext } from './context.ts'
import { maskPersonal } from './personal.ts'
import { openRecords, PROFILE, REFERENCES } from './records.ts'

/** A profile, and the digest of the file that is left of it. */
export interface Kept {
  profile: Profile
  digest: string
}

/** What a version learned, and the digest of its model. */
export interface Learned extends Kept {
  sha256: string
}

/**
 * What the champion learned, from its release, verified; it is left beside the record under the name for `kind`, for
 * replaying that.
 * Throws a `UserError` where the release has no profile.
 */
export async function fetchLearned(
  context: StepContext,
  model: Model,
  { version }: Champion,
  kind: 'champion' | 'drift',
): Promise<Learned> {
  const github = needGitHub(context, `read what ${model.name} ${version} learned`)
  const records = await openRecords(context, model.name)
  const folder = join(records, 'champion', version)
  const asset = await fetchAsset(github, { model: model.name, version, name: PROFILE, folder })
  if (!asset) {
    throw new UserError(
      `${model.name} ${version} was registered without a profile of its training data, so nothing can be compared with them. Register a new version; if validate cannot make a profile of its data, it says why.`,
    )
  }
  const text = await readFile(asset.path, 'utf8')
  const kept = await keepProfile(join(records, REFERENCES[kind]), text, { model, version })
  return { ...kept, sha256: asset.model }
}

/**
 * Leaves a profile for replaying, as it is written, but for what it tells of columns that the contract marks as personal
 * only since it was made.
 */
export async function keepProfile(
  path: string,
  text: string,
  { model, version }: Pick<Champion, 'version'> & { model: Model },
): Promise<Kept> {
  const made = parseProfile(text, { version })
  const profile = await maskPersonal(made, model)
  const kept = profile === made ? text : `${canonicalJson(profile)}\n`
  await writeFile(path, kept)
  return { profile, digest: sha256(kept) }
}

/** Reads what a version learned. Throws a `UserError` for a profile of another release of Modelyard. */
export async function readProfile(path: string, version: Pick<Champion, 'version'>): Promise<Profile> {
  return parseProfile(await readFile(path, 'utf8'), version)
}

function parseProfile(text: string, { version }: Pick<Champion, 'version'>): Profile {
  const profile = Profile.safeParse(parseJson(text))
  if (profile.success) return profile.data
  throw new UserError(
    `The profile of ${version} is not one that this release of Modelyard reads: update Modelyard, or register a new version.`,
  )
}
