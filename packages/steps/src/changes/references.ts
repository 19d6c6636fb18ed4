import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Model, Profile, parseJson } from '@modelyard/spec'
import type { Champion } from '../champion.ts'
import type { StepContext } from '../context.ts'
import { asUserError } from '../each-model.ts'
import { fetchLearned } from '../learned.ts'
import { ensureData } from '../prepare.ts'
import { openRecords, REFERENCES } from '../records.ts'
import type { Checked } from '../validation/conclude.ts'
import { baseReference } from './base-data.ts'
import { type Change, compareTrainingData, namesOf, type Own, type Reference } from './data-changes.ts'

/**
 * How the training data differ from what the champion learned and from what the base branch has: where there is a
 * champion, and the work is to go into another branch. Advice: what cannot be compared says why. The profiles that were
 * compared with are left beside the validation record, so that the comparison can be made again offline.
 */
export async function describeChanges(
  context: StepContext,
  model: Model,
  { champion, checked }: { champion: Champion | null | undefined; checked: Checked },
): Promise<Change[]> {
  const folder = await openRecords(context, model.name)
  // What an earlier run left must not go along with this run's record.
  for (const file of [REFERENCES.champion, REFERENCES.base]) await rm(join(folder, file), { force: true })
  const own = trainingDataOf(checked)
  const base = await baseReference(context, model, { data: own.sha256, profile: checked.profile })
  const references = [...(champion ? [await championReference(context, model, champion)] : []), ...(base ? [base] : [])]
  for (const { since, name, known } of references)
    context.log.info('reason' in known ? known.reason : `Comparing the training data with ${namesOf(since, name).what}`)
  // Where a matrix looked at shards of the data, they need not lie here.
  if (references.some(({ known }) => 'profile' in known && known.profile.data !== own.sha256))
    await ensureData(context, model)
  return compareTrainingData(model, references, own)
}

/** The training data that were checked, and what their profile says. */
export function trainingDataOf({ said, profile }: Pick<Checked, 'said' | 'profile'>): Own {
  const { sha256, rows } = said.datasets.find(({ role }) => role === 'train')!
  return { sha256, rows, ...(profile !== undefined && { profile: Profile.parse(parseJson(profile)) }) }
}

async function championReference(context: StepContext, model: Model, champion: Champion): Promise<Reference> {
  const { version: name } = champion
  try {
    return { since: 'champion', name, known: await fetchLearned(context, model, champion, 'champion') }
  } catch (error) {
    const mendable = asUserError(error)
    if (!mendable) throw error
    return { since: 'champion', name, known: { reason: mendable.message } }
  }
}
