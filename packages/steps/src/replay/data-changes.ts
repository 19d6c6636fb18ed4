import { dirname } from 'node:path'
import { type DataChanges, UserError } from '@modelyard/spec'
import { compareTrainingData } from '../data-changes.ts'
import { readProfile } from '../learned.ts'
import { PROFILE, REFERENCES } from '../records.ts'
import { findDigest, needData } from './files.ts'
import type { Asked } from './replayer.ts'

const NOT_COMPARED = 'The training data were not compared again; what changed in them is as the record has it.'

/**
 * Compares the training data of a gate record again with what the champion learned. No verdict hangs on it: where the
 * data or the profile are not there, or the record names no profile, it is taken as the record has it, and the note says
 * so.
 */
export async function compareDataAgain(
  { record, folder, model, log }: Asked<'gate'>,
  champion: { version: string; path: string } | null,
): Promise<{ said: { data_changes?: DataChanges }; notes: string[] }> {
  const recorded = record.predicate.data_changes
  if (!recorded) return { said: {}, notes: [] }
  const taken = (why: string) => ({ said: { data_changes: recorded }, notes: [`${NOT_COMPARED} ${why}`] })
  if (!champion || !recorded.reference) return taken('The record names no profile that they were compared with.')
  const { sha256 } = recorded.reference
  try {
    const places = [
      { folder, name: REFERENCES.gate },
      { folder: dirname(champion.path), name: PROFILE },
    ]
    const path = await findDigest(places, {
      sha256,
      what: `What ${champion.version} learned`,
      mend: `It is ${REFERENCES.gate} beside the record, and ${PROFILE} of the champion's release.`,
    })
    await needData(model, { role: 'train', sha256: recorded.data.sha256, files: [] })
    log('Comparing the training data')
    const learned = { profile: await readProfile(path, champion), digest: sha256 }
    return { said: { data_changes: await compareTrainingData(model, champion, learned) }, notes: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return taken(error.message)
  }
}
