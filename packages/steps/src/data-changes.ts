import { join } from 'node:path'
import { personalColumns, readContract } from '@modelyard/contract'
import { countLike, type Dataset, findBins, openDataset } from '@modelyard/data'
import { compareTraining } from '@modelyard/drift'
import { type Model, type Predicate, type Profile, roleColumns, UserError } from '@modelyard/spec'

/** Rows without times are one window, whose span nobody asks for. */
const SPAN = '7d'

export type Change = NonNullable<Predicate<'validation'>['changes']>[number]

/** What training data are compared with. */
export interface Reference {
  since: Change['since']
  /** The champion's version, or the base branch. */
  name: string
  /** What is known of it, and the digest of the file that says so; or why nothing is, as a sentence. */
  known: { profile: Profile; digest: string } | { reason: string }
}

/**
 * How the training data differ from each reference: advice, no verdict. The very same bytes are not opened. Throws a
 * `UserError` for data that cannot be read.
 */
export async function compareTrainingData(
  model: Model,
  references: readonly Reference[],
  data: Change['data'],
): Promise<Change[]> {
  const differs = ({ known }: Reference) => 'profile' in known && known.profile.data !== data.sha256
  const train = references.some(differs)
    ? await openDataset({ root: model.folder, files: model.data.train })
    : undefined
  try {
    const leaveOut = await columnsNotTold(model)
    const changes: Change[] = []
    for (const reference of references) changes.push(await compareWith(reference, { data, train, leaveOut }))
    return changes
  } finally {
    train?.close()
  }
}

async function compareWith(
  { since, name, known }: Reference,
  { data, train, leaveOut }: { data: Change['data']; train: Dataset | undefined; leaveOut: readonly string[] },
): Promise<Change> {
  const nothing = { since, name, data, compared: 0, changed: [], more: 0, added: [], lost: [], retyped: [] }
  if ('reason' in known) return { ...nothing, reference: null, reason: known.reason }
  const { profile, digest } = known
  const reference = { sha256: digest, rows: profile.rows }
  const before = profile.columns.filter((column) => !leaveOut.includes(column.name))
  if (!train || profile.data === data.sha256) return { ...nothing, reference, compared: before.length }
  try {
    const counted = await countLike(profile, train, { span: SPAN })
    return {
      ...nothing,
      reference,
      ...compareTraining(profile, counted, { reference: namesOf(since, name), leaveOut }),
      added: await newColumns(train, [...leaveOut, ...profile.columns.map((column) => column.name)]),
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...nothing, reference: null, reason: error.message }
  }
}

/** How sentences name a reference. */
export function namesOf(since: Change['since'], name: string): { what: string; has: string } {
  return since === 'champion'
    ? { what: `what ${name} learned`, has: `${name} learned from` }
    : { what: `what ${name} has`, has: `${name} has` }
}

/** Columns that are no inputs of the model, and those that the contract marks as personal. */
async function columnsNotTold(model: Model): Promise<string[]> {
  const { contract: file } = model.data
  const contract = file === undefined ? undefined : await readContract(join(model.folder, file))
  return [...roleColumns(model).map(({ name }) => name), ...personalColumns(contract)]
}

/** Columns that a profile would count, beside those that are known. */
async function newColumns(train: Dataset, known: readonly string[]): Promise<string[]> {
  const added: string[] = []
  for (const column of train.columns) {
    if (!known.includes(column.name) && (await findBins(train, column))) added.push(column.name)
  }
  return added.slice(0, 50)
}
