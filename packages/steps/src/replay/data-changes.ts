import { dirname } from 'node:path'
import { type DataChanges, type Model, UserError } from '@modelyard/spec'
import { type Change, compareTrainingData, type Own } from '../changes/data-changes.ts'
import { readProfile } from '../learned.ts'
import { PROFILE, REFERENCES } from '../records.ts'
import { findDigest, needData, type Place } from './files.ts'
import type { Asked } from './replayer.ts'

/** Beside a gate record of a release in which `evaluate` made the comparison. */
const GATE_REFERENCE = 'gate-reference.json'

/** What is compared again: a part of a record, and where the profile may lie that it was compared with. */
interface Recorded {
  model: Model
  change: Change
  places: readonly Place[]
  own: Own
}

/**
 * Compares the training data of a validation record again with what the champion learned and the base branch had. No
 * verdict hangs on it: what cannot be compared again is taken as the record has it, and the note says so.
 */
export async function compareChangesAgain(
  { record, folder, model, log }: Asked<'validation'>,
  own: Own,
): Promise<{ said: { changes?: Change[] }; notes: string[] }> {
  const { changes } = record.predicate
  if (!changes) return { said: {}, notes: [] }
  log('Comparing the training data')
  const notes: string[] = []
  const again: Change[] = []
  for (const change of changes) {
    const places = [
      { folder, name: REFERENCES[change.since] },
      ...(change.since === 'champion' ? [{ folder, name: `champion/${change.name}/${PROFILE}` }] : []),
    ]
    const { said, note } = await compareAgain({ model, change, places, own })
    again.push(said)
    if (note !== undefined) notes.push(note)
  }
  return { said: { changes: again }, notes }
}

/** The same for a gate record of a release in which `evaluate` made the comparison. */
export async function compareDataAgain(
  { record, folder, model, log }: Asked<'gate'>,
  champion: { version: string; path: string } | null,
): Promise<{ said: { data_changes?: DataChanges }; notes: string[] }> {
  const { data_changes } = record.predicate
  if (!data_changes) return { said: {}, notes: [] }
  const places = [
    { folder, name: GATE_REFERENCE },
    ...(champion ? [{ folder: dirname(champion.path), name: PROFILE }] : []),
  ]
  log('Comparing the training data')
  const change: Change = { ...data_changes, since: 'champion', name: champion?.version ?? '' }
  const { said, note } = await compareAgain({ model, change, places, own: data_changes.data })
  const { since: _since, name: _name, ...again } = said
  return { said: { data_changes: again }, notes: note === undefined ? [] : [note] }
}

async function compareAgain({ model, change, places, own }: Recorded): Promise<{ said: Change; note?: string }> {
  const { since, name, reference, data } = change
  const taken = (why: string) => ({
    said: change,
    note: `The training data were not compared again with ${since === 'base' ? 'those of ' : ''}${name}; what changed in them is as the record has it. ${why}`,
  })
  if (!reference) return taken('The record names no profile that they were compared with.')
  const what = since === 'champion' ? `What ${name} learned` : `The profile of the data of ${name}`
  try {
    const path = await findDigest(places, {
      sha256: reference.sha256,
      what,
      mend:
        since === 'champion'
          ? `It is ${REFERENCES.champion} beside the validation record, and ${PROFILE} of the champion's release.`
          : `It is ${REFERENCES.base} beside the validation record.`,
    })
    await needData(model, { role: 'train', sha256: data.sha256, files: [] })
    const known = { profile: await readProfile(path, { version: name }), digest: reference.sha256 }
    const [said] = await compareTrainingData(model, [{ since, name, known }], own)
    return { said: said! }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return taken(error.message)
  }
}
