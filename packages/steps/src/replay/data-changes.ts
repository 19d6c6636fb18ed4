import { dirname } from 'node:path'
import { type DataChanges, UserError } from '@modelyard/spec'
import { compareTrainingData } from '../data-changes.ts'
import { readProfile } from '../learned.ts'
import { PROFILE, REFERENCE } from '../records.ts'
import { findDigest, needData } from './files.ts'
import type { Asked } from './replayer.ts'

/**
 * Compares the training data of a gate record again with what the champion learned. No verdict hangs on it: where the
 * data or the profile are not there, it is taken as the record has it, and the note says so.
 */
export async function compareDataAgain(
  { record, folder, model, log }: Asked<'gate'>,
  champion: { version: string; path: string } | null,
): Promise<{ said: { data_changes?: DataChanges }; notes: string[] }> {
  const recorded = record.predicate.data_changes
  if (!recorded) return { said: {}, notes: [] }
  if (!champion || !recorded.reference) return { said: { data_changes: recorded }, notes: [] }
  const { sha256 } = recorded.reference
  try {
    const places = [
      { folder, name: REFERENCE },
      { folder: dirname(champion.path), name: PROFILE },
    ]
    const path = await findDigest(places, {
      sha256,
      what: `What ${champion.version} learned`,
      mend: `It is ${REFERENCE} beside the record, and ${PROFILE} of the champion's release.`,
    })
    await needData(model, { role: 'train', sha256: recorded.data.sha256, files: [] })
    log('Comparing the training data')
    const learned = { profile: await readProfile(path, champion), digest: sha256 }
    return { said: { data_changes: await compareTrainingData(model, champion, learned) }, notes: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const note = `The training data were not compared again; what changed in them is as the record has it. ${error.message}`
    return { said: { data_changes: recorded }, notes: [note] }
  }
}
