import { personalColumns } from '@modelyard/contract'
import { maskProfile } from '@modelyard/data'
import type { Model, Profile } from '@modelyard/spec'
import { contractAsked } from './validation/look.ts'

/** Of some columns, by default all of the contract, those that a model's contract marks as personal (`personalColumns`). */
export async function personalOf(model: Model, names?: readonly string[]): Promise<ReadonlySet<string>> {
  return personalColumns(await contractAsked(model), names)
}

/** A profile with nothing but counts of what is personal: it may be older than the contract's mark. */
export async function maskPersonal(profile: Profile, model: Model): Promise<Profile> {
  const { columns, time } = profile
  const summaries = 'summaries' in profile ? profile.summaries : []
  const names = [...columns, ...summaries].map(({ name }) => name)
  return maskProfile(profile, await personalOf(model, [...names, ...(time ? [time.column] : [])]))
}
