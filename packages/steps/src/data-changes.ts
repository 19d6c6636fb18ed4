import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { countLike, type Dataset, findBins, openDataset } from '@modelyard/data'
import { compareTraining } from '@modelyard/drift'
import { type DataChanges, type Model, roleColumns } from '@modelyard/spec'
import type { Champion } from './champion.ts'
import type { StepContext } from './context.ts'
import { asUserError } from './each-model.ts'
import { fetchLearned, type Learned } from './learned.ts'
import { openRecords, REFERENCES } from './records.ts'

/** Rows without times are one window, whose span nobody asks for. */
const SPAN = '7d'

/**
 * How the candidate's training data differ from those that the champion learned, as the champion's release tells. It is
 * advice: where there is no profile to compare with, or GitHub does not give it, the answer says so in a sentence.
 * Undefined where there is no champion. Leaves the profile beside the gate record, so that the comparison can be made
 * again offline.
 */
export async function describeDataChanges(
  context: StepContext,
  model: Model,
  champion: Champion | null,
): Promise<DataChanges | undefined> {
  // What an earlier run left must not go along with this run's record.
  await rm(join(await openRecords(context, model.name), REFERENCES.gate), { force: true })
  if (!champion) return undefined
  context.log.info(`Comparing the training data with what ${champion.version} learned`)
  const train = await openDataset({ root: model.folder, files: model.data.train })
  try {
    const learned = await fetchLearned(context, model, champion, 'gate')
    return await compareData(model, train, champion, learned)
  } catch (error) {
    const mendable = asUserError(error)
    if (!mendable) throw error
    return { ...nothingCompared(train), reference: null, reason: mendable.message }
  } finally {
    train.close()
  }
}

/** The same with a profile that lies here. Throws a `UserError` for training data that cannot be read. */
export async function compareTrainingData(
  model: Model,
  champion: Pick<Champion, 'version'>,
  learned: Pick<Learned, 'profile' | 'digest'>,
): Promise<DataChanges> {
  const train = await openDataset({ root: model.folder, files: model.data.train })
  try {
    return await compareData(model, train, champion, learned)
  } finally {
    train.close()
  }
}

async function compareData(
  model: Model,
  train: Dataset,
  { version }: Pick<Champion, 'version'>,
  { profile, digest }: Pick<Learned, 'profile' | 'digest'>,
): Promise<DataChanges> {
  const reference = { sha256: digest, rows: profile.rows }
  const leaveOut = roleColumns(model).map(({ name }) => name)
  const learned = profile.columns.filter(({ name }) => !leaveOut.includes(name))
  // The very same bytes need no counting.
  if (profile.data === train.sha256) return { ...nothingCompared(train), reference, compared: learned.length }
  const counted = await countLike(profile, train, { span: SPAN })
  return {
    ...nothingCompared(train),
    reference,
    ...compareTraining(profile, counted, { version, leaveOut }),
    added: await newColumns(train, [...leaveOut, ...profile.columns.map(({ name }) => name)]),
  }
}

function nothingCompared({ sha256, rows }: Dataset): Omit<DataChanges, 'reference'> {
  return { data: { sha256, rows }, compared: 0, changed: [], more: 0, added: [], lost: [], retyped: [] }
}

/** Columns that a profile would count, beside those that are known. */
async function newColumns(train: Dataset, known: readonly string[]): Promise<string[]> {
  const added: string[] = []
  for (const column of train.columns) {
    if (!known.includes(column.name) && (await findBins(train, column))) added.push(column.name)
  }
  return added.slice(0, 50)
}
