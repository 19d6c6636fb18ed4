import { countLike, type Dataset, findBins, openDataset } from '@modelyard/data'
import { compareSummaries, compareTraining, type SummaryOptions } from '@modelyard/drift'
import { labelColumns, type Model, type Predicate, type Profile, roleColumns, UserError } from '@modelyard/spec'
import { maskPersonal, personalOf } from '../personal.ts'
import { columnNames } from '../validation/look.ts'

/** Rows without times are one window, whose span nobody asks for. */
const SPAN = '7d'

/** As many columns are named. */
const MOST_NAMES = 50

export type Change = NonNullable<Predicate<'validation'>['changes']>[number]

/** The training data, and what their own profile says, where one can be made. */
export type Own = Change['data'] & { profile?: Profile | undefined }

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
 * `UserError` for data that cannot be read, or are not those that were checked.
 */
export async function compareTrainingData(model: Model, references: readonly Reference[], own: Own): Promise<Change[]> {
  const differs = ({ known }: Reference) => 'profile' in known && known.profile.data !== own.sha256
  const train = references.some(differs)
    ? await openDataset({ root: model.folder, files: model.data.train })
    : undefined
  try {
    if (train && train.sha256 !== own.sha256)
      throw new UserError(
        `The training data of ${model.name} that lie here have another digest (${train.sha256.slice(0, 12)}) than those that were checked (${own.sha256.slice(0, 12)}). Make the same data in every job.`,
      )
    const changes: Change[] = []
    for (const reference of references) changes.push(await compareWith(model, reference, { own, train }))
    return changes
  } finally {
    train?.close()
  }
}

async function compareWith(
  model: Model,
  { since, name, known }: Reference,
  { own, train }: { own: Own; train: Dataset | undefined },
): Promise<Change> {
  const data = { sha256: own.sha256, rows: own.rows }
  const nothing = { since, name, data, compared: 0, changed: [], more: 0, added: [], lost: [], retyped: [] }
  if ('reason' in known) return { ...nothing, reference: null, reason: known.reason }
  const { digest } = known
  const profile = await maskPersonal(known.profile, model)
  const personal = await personalOf(model, train && columnNames(train))
  const reference = { sha256: digest, rows: profile.rows }
  const leaveOut = [...roleColumns(model).map((column) => column.name), ...personal]
  const learned = profile.columns.map((column) => column.name).filter((column) => !leaveOut.includes(column))
  if (!train || profile.data === own.sha256) return { ...nothing, reference, compared: learned.length }
  try {
    const names = namesOf(since, name)
    const counted = await countLike(profile, train, { span: SPAN })
    const compared = compareTraining(profile, counted, { reference: names, leaveOut })
    return {
      ...nothing,
      reference,
      ...compared,
      added: await newColumns(profile, train, leaveOut),
      lost: lostColumns(profile, train, compared.lost),
      ...summariesOf(profile, own.profile, {
        reference: names,
        measured: compared.reason === undefined ? learned : [],
        changed: compared.changed.map((column) => column.name),
        labels: labelColumns(model),
        range: model.data.time,
        masked: personal,
      }),
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...nothing, reference: null, reason: error.message }
  }
}

/** Nothing where one of the two is of a release whose profiles had no summaries. */
function summariesOf(before: Profile, after: Profile | undefined, options: SummaryOptions) {
  if (!('summaries' in before) || !after || !('summaries' in after)) return {}
  const summaries = compareSummaries(before, after, options)
  return summaries.length === 0 ? {} : { summaries }
}

/** How sentences name a reference. */
export function namesOf(since: Change['since'], name: string): { what: string; has: string } {
  return since === 'champion'
    ? { what: `what ${name} learned`, has: `${name} learned from` }
    : { what: `the data of ${name}`, has: `${name} has` }
}

/** Columns that the reference does not have; where it is of a release without summaries, those that a profile counts. */
async function newColumns(reference: Profile, train: Dataset, leaveOut: readonly string[]): Promise<string[]> {
  const hasSummaries = 'summaries' in reference
  const known = hasSummaries
    ? reference.summaries.map(({ name }) => name)
    : [...leaveOut, ...reference.columns.map(({ name }) => name)]
  const added: string[] = []
  for (const column of train.columns) {
    if (!known.includes(column.name) && (hasSummaries || (await findBins(train, column)))) added.push(column.name)
  }
  return added.slice(0, MOST_NAMES)
}

/** Columns that only the reference has: of those that are compared, and of all that its summaries name. */
function lostColumns(reference: Profile, train: Dataset, lost: readonly string[]): string[] {
  const has = new Set(train.columns.map(({ name }) => name))
  const names = 'summaries' in reference ? reference.summaries.map(({ name }) => name) : []
  return [...new Set([...lost, ...names.filter((name) => !has.has(name))])].slice(0, MOST_NAMES)
}
