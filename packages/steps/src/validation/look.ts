import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import {
  CheckPart,
  type Contract,
  checkPart,
  personalColumns,
  planSplit,
  readContract,
  type Setting,
} from '@modelyard/contract'
import { type Dataset, openDataset, planProfile, profilePart, type Shard, sayColumns } from '@modelyard/data'
import { checkAsked, type Knowing, tellAhead } from '@modelyard/evaluation'
import {
  labelColumns,
  type Model,
  ProfileV2,
  refuseOutside,
  roleColumns,
  sha256,
  UserError,
  ValidationPredicate,
} from '@modelyard/spec'
import { z } from 'zod'
import { refusePersonalFolders } from './personal-folders.ts'

/** The span of a profile's windows where the model file says nothing of drift. */
const WINDOW = '7d'

const { datasets, served, checks, contract, evidence } = ValidationPredicate.shape

/**
 * What one job finds in its shard of the data, from which `conclude` makes, with what the others found, what one job
 * would say of all. Plain JSON.
 */
export const Look = z.strictObject({
  engine: z.strictObject({ duckdb: z.string(), threads: z.int().positive() }),
  contract,
  datasets,
  served,
  /** Of the training data and the hold-out; none without a contract. */
  parts: z.array(CheckPart),
  /** Everything that is looked at on both together, in order; null is what was another shard's turn. */
  split: z.array(z.strictObject({ name: z.string(), checks: checks.nullable() })),
  profile: ProfileV2.nullable(),
  /** Why none can be made. */
  unprofiled: z.string().optional(),
  /** What the hold-out can tell, said by the first shard alone. */
  evidence,
})
export type Look = z.infer<typeof Look>

export interface LookOptions {
  /** The rows to look at; all of them where none is named. */
  shard?: Shard | undefined
  /** Threads of DuckDB; by default as many as there are cores. */
  threads?: number | undefined
  /** What is known of how much models differ; what the hold-out can tell is said only where it is given. */
  knowing?: Knowing | undefined
}

/**
 * Looks at the data as they lie there: what is counted row by row in the rows of the shard, and what takes all rows
 * together where it is this shard's turn.
 */
export async function look(model: Model, { shard, threads, knowing }: LookOptions = {}): Promise<Look> {
  const { train: trainFiles, holdout: holdoutFiles, served: servedFiles } = model.data
  const whole = { root: model.folder, ...(threads !== undefined && { threads }) }
  const options = { ...whole, ...(shard && { shard }) }
  const train = await openDataset({ ...options, files: trainFiles, role: 'train' })
  let holdout: Dataset | undefined
  let served: Dataset | undefined
  try {
    holdout = await openDataset({ ...options, files: holdoutFiles, role: 'holdout' })
    if (servedFiles !== undefined) served = await openDataset({ ...whole, files: servedFiles })
    return await lookAt(model, { train, holdout, served, shard: shard ?? { index: 1, of: 1 }, knowing })
  } finally {
    train.close()
    holdout?.close()
    served?.close()
  }
}

interface Opened {
  train: Dataset
  holdout: Dataset
  served: Dataset | undefined
  shard: Shard
  knowing: Knowing | undefined
}

async function lookAt(model: Model, { train, holdout, served, shard, knowing }: Opened): Promise<Look> {
  requireColumns(model, train, holdout)
  const isFirst = shard.index === 1
  if (isFirst) await checkAsked(model, holdout)
  const asked = await contractAsked(model, { threads: train.engine.threads })
  const masked = new Set([train, holdout].flatMap((each) => [...personalColumns(asked, columnNames(each))]))
  refusePersonalFolders([train, holdout, ...(served ? [served] : [])], masked)
  return {
    engine: train.engine,
    contract: await contractOf(model),
    datasets: [describe('train', train), describe('holdout', holdout)],
    ...(served && { served: { sha256: served.sha256, files: [...served.files], rows: served.rows } }),
    parts: asked ? [await checkPart(asked, train, 'train'), await checkPart(asked, holdout, 'holdout')] : [],
    split: await lookAtSplit(model, { train, holdout, served, shard, masked }),
    ...(await profileOf(model, train, masked)),
    ...(isFirst && knowing && { evidence: await tellAhead(model, holdout, knowing) }),
  }
}

/**
 * The contract, whose rules name files as the model file does; undefined where there is none. Throws a `UserError` whose
 * places are named from the repository's root, as those of the model file are.
 */
export async function contractAsked(
  { folder, file: modelFile, data: { contract: file, object } }: Model,
  setting: Pick<Partial<Setting>, 'now' | 'threads'> = {},
): Promise<Contract | undefined> {
  if (file === undefined) return undefined
  await refuseOutside(folder, file)
  const path = join(folder, file)
  try {
    return await readContract(path, { root: folder, ...(object !== undefined && { object }), ...setting })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const shown = posix.join(posix.dirname(modelFile), file)
    const problems = error.problems.map(({ message, place }) => ({
      message: message.replaceAll(path, shown),
      ...(place && { place: place.file === path ? { ...place, file: shown } : place }),
    }))
    throw new UserError(problems, { cause: error })
  }
}

/** The contract by name and digest; null where the model file names none. */
export async function contractOf({ folder, data: { contract: file } }: Model): Promise<Look['contract']> {
  if (file === undefined) return null
  await refuseOutside(folder, file)
  return { file, sha256: sha256(await readFile(join(folder, file))) }
}

/** Throws for columns that the model file names and the data do not have: that is the file's mistake, not the data's. */
function requireColumns(model: Model, ...datasets: Dataset[]): void {
  const problems = roleColumns(model).flatMap(({ key, name }) => {
    const without = datasets.find(({ columns }) => !columns.some((each) => each.name === name))
    if (!without) return []
    return [
      {
        message: `data.${key} is ${name}, which is not a column of ${without.files[0]?.name}. ${sayColumns(without)}`,
        place: { file: model.file },
      },
    ]
  })
  if (problems.length > 0) throw new UserError(problems)
}

/** Each takes all rows, so the shards take turns. */
async function lookAtSplit(
  model: Model,
  { shard, ...opened }: Omit<Opened, 'knowing'> & { masked: ReadonlySet<string> },
): Promise<Look['split']> {
  const { id, time, group, query, series } = model.data
  const planned = planSplit({
    ...opened,
    labels: labelColumns(model),
    task: model.task,
    id,
    time,
    group,
    query,
    series,
  })
  const found: Look['split'] = []
  for (const [index, { name, find }] of planned.entries()) {
    found.push({ name, checks: index % shard.of === shard.index - 1 ? await find() : null })
  }
  return found
}

/**
 * What production is compared with later. Data of which no profile can be made are no mistake as long as the model file
 * does not ask for drift.
 */
export async function profileOf(
  model: Model,
  train: Dataset,
  masked: ReadonlySet<string>,
): Promise<Pick<Look, 'profile' | 'unprofiled'>> {
  const { name, data, drift } = model
  try {
    const plan = await planProfile(train, {
      model: name,
      leaveOut: roleColumns(model).map((column) => column.name),
      span: drift?.window ?? WINDOW,
      masked: [...masked],
      ...(data.time && !masked.has(data.time) ? { time: data.time } : {}),
    })
    return { profile: await profilePart(train, plan) }
  } catch (error) {
    if (drift || !(error instanceof UserError)) throw error
    return { profile: null, unprofiled: error.message }
  }
}

export function columnNames({ columns }: Dataset): string[] {
  return columns.map(({ name }) => name)
}

function describe(role: 'train' | 'holdout', { sha256, files, rows, columns }: Dataset): Look['datasets'][number] {
  return { role, sha256, files: [...files], rows, columns: columns.map(({ name, type }) => ({ name, type })) }
}
