import { UserError } from '@modelyard/spec'
import { knewThen } from '../ahead.ts'
import { trainingDataOf } from '../changes/references.ts'
import { checkData } from '../validate-data.ts'
import { compareChangesAgain } from './data-changes.ts'
import { needData } from './files.ts'
import type { Again } from './replayer.ts'

/** More threads than any machine has: a record that asks for them was not made by one. */
const MOST_THREADS = 1024

const NOT_ASKED =
  'How much models differ, and what the champion has, was not asked again: what the hold-out can tell stands on the numbers that the record has.'

/** Checks the data of a validation record again, in as many threads. */
export const validateAgain: Again<'validation'> = async (asked) => {
  const { record, model, log } = asked
  const { datasets, served, engine, evidence } = record.predicate
  if ((engine.threads ?? 1) > MOST_THREADS)
    throw new UserError(`The record asks for ${engine.threads} threads; at most ${MOST_THREADS} are started.`)
  for (const dataset of datasets) await needData(model, dataset)
  if (served) await needData(model, { ...served, role: 'served' })
  log('Checking the data')
  const checked = await checkData(model, {
    now: new Date(record.predicate.run.started),
    ...(engine.threads !== undefined && { threads: engine.threads }),
    ...(evidence && { knowing: knewThen(evidence) }),
  })
  const { subject, said } = checked
  const changes = await compareChangesAgain(asked, trainingDataOf(checked))
  return { subject, said: { ...said, ...changes.said }, notes: [...(evidence ? [NOT_ASKED] : []), ...changes.notes] }
}
