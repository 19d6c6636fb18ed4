import { UserError } from '@modelyard/spec'
import { compareWithProfile } from '../check-drift.ts'
import { readProfile } from '../learned.ts'
import { PROFILE, REFERENCES } from '../records.ts'
import { findDigest, needData } from './files.ts'
import type { Again } from './replayer.ts'

/** Compares the production data of a drift record again with what the champion learned. */
export const compareAgain: Again<'drift'> = async ({ record, folder, model, log }) => {
  const { champion, profile, data, run } = record.predicate
  if (!profile) throw new UserError('The record was made without a profile, so there is nothing to compare again.')
  const place = { folder, name: REFERENCES.drift }
  const path = await findDigest([place], {
    sha256: profile.sha256,
    what: `What ${champion.version} learned`,
    mend: `It is ${REFERENCES.drift} beside the record, and ${PROFILE} of the champion's release.`,
  })
  await needData(model, { ...data, role: 'production' })
  log('Comparing')
  const { subject, said } = await compareWithProfile(model, champion, await readProfile(path, champion), run.started)
  return { subject, said: { ...said, champion, profile }, notes: [] }
}
