import { readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { checkContract, checkSplit, readContract } from '@modelyard/contract'
import { type Dataset, openDataset, profileDataset } from '@modelyard/data'
import { checkAsked, type Knowing, tellAhead } from '@modelyard/evaluation'
import { sayCheck } from '@modelyard/report'
import {
  canonicalJson,
  type Engine,
  gravest,
  labelColumns,
  type Model,
  type Predicate,
  roleColumns,
  type Statement,
  type Subject,
  sha256,
  UserError,
} from '@modelyard/spec'
import { askChampion } from './ahead.ts'
import { seekChampion } from './champion.ts'
import type { StepContext } from './context.ts'
import { prepareData } from './prepare.ts'
import { beginRecord, openRecords, PROFILE, publishRecord } from './records.ts'
import { describeChanges } from './references.ts'

/** The span of the profile's windows where the model file says nothing of drift. */
const WINDOW = '7d'

type Check = Predicate<'validation'>['checks'][number]

/** What a validation record says, but for what is a fact about the run that makes it. */
interface Checked {
  subject: Subject[]
  said: Omit<Predicate<'validation'>, 'model' | 'source' | 'engine' | 'run'> & { engine: Omit<Engine, 'modelyard'> }
  /** The training data's profile, as it is written. */
  profile?: string
  /** Why there is none. */
  unprofiled?: string
}

/** Makes the data, where the model file says how, and checks them against the contract and each other. */
export async function validateData(context: StepContext, model: Model): Promise<Statement<'validation'>> {
  const clock = beginRecord(context, model)
  await prepareData(context, model)
  const champion = await seekChampion(context, model)
  const knowing = await askChampion(context, model, champion)
  const { subject, said, profile, unprofiled } = await checkData(model, knowing && { knowing })
  annotate(context, model, said.checks)
  if (unprofiled !== undefined)
    context.log.warn({
      message: `No profile is made of the training data of ${model.name}, so what changes in them later is not told: ${unprofiled}`,
      place: { file: model.file },
    })
  for (const { sentence } of said.evidence ?? []) context.log.info(sentence)
  const profileFile = join(await openRecords(context, model.name), PROFILE)
  await rm(profileFile, { force: true })
  if (profile !== undefined) await writeFile(profileFile, profile)
  const changes = await describeChanges(context, model, { champion, datasets: said.datasets })
  const record = await clock.finish('validation', subject, {
    model: model.name,
    ...said,
    ...(changes.length > 0 && { changes }),
  })
  await publishRecord(context, 'validation', model.name, record)
  return record
}

/**
 * Checks the data as they lie there. By default DuckDB takes as many threads as there are cores. What the hold-out can
 * tell is said only where `knowing` tells what is known of how much models differ.
 */
export async function checkData(
  model: Model,
  { knowing, ...options }: { threads?: number; knowing?: Knowing } = {},
): Promise<Checked> {
  const { train: trainFiles, holdout: holdoutFiles, id, time, contract: contractFile } = model.data
  const train = await openDataset({ root: model.folder, files: trainFiles, ...options })
  const holdout = await openDataset({ root: model.folder, files: holdoutFiles, ...options })
  try {
    requireColumns(model, train, holdout)
    await checkAsked(model, holdout)
    const checks: Check[] = []
    if (contractFile !== undefined) {
      const contract = await readContract(join(model.folder, contractFile))
      checks.push(
        ...(await checkContract(contract, train, 'train')),
        ...(await checkContract(contract, holdout, 'holdout')),
      )
    }
    checks.push(
      ...(await checkSplit({
        train,
        holdout,
        labels: labelColumns(model),
        task: model.task,
        ...(id ? { id } : {}),
        ...(time ? { time } : {}),
      })),
    )
    const { profile, unprofiled } = await profileOf(model, train)
    const evidence = knowing ? await tellAhead(model, holdout, knowing) : []
    return {
      subject: [train, holdout].flatMap(({ files }) => files.map(({ name, sha256 }) => ({ name, digest: { sha256 } }))),
      said: {
        verdict: gravest(checks.map((check) => check.verdict)),
        reasons: reasons(checks, contractFile),
        engine: train.engine,
        contract:
          contractFile === undefined
            ? null
            : { file: contractFile, sha256: sha256(await readFile(join(model.folder, contractFile))) },
        datasets: [describe('train', train), describe('holdout', holdout)],
        checks,
        ...(evidence.length > 0 && { evidence }),
        ...(profile === undefined
          ? {}
          : { profile: { name: PROFILE, sha256: sha256(profile), bytes: Buffer.byteLength(profile) } }),
      },
      ...(profile === undefined ? {} : { profile }),
      ...(unprofiled === undefined ? {} : { unprofiled }),
    }
  } finally {
    train.close()
    holdout.close()
  }
}

/** Throws for columns that the model file names and the data do not have: that is the file's mistake, not the data's. */
function requireColumns(model: Model, ...datasets: Dataset[]): void {
  const problems = roleColumns(model).flatMap(({ key, name }) => {
    const without = datasets.find(({ columns }) => !columns.some((each) => each.name === name))
    if (!without) return []
    const known = without.columns.map((each) => each.name).join(', ')
    return [
      {
        message: `data.${key} is ${name}, which is not a column of ${without.files[0]?.name}. It has: ${known}.`,
        place: { file: model.file },
      },
    ]
  })
  if (problems.length > 0) throw new UserError(problems)
}

/**
 * What production is compared with later. Data of which no profile can be made are no mistake as long as the model file
 * does not ask for drift.
 */
async function profileOf(model: Model, train: Dataset): Promise<Pick<Checked, 'profile' | 'unprofiled'>> {
  const { name, data, drift } = model
  try {
    const profile = await profileDataset(train, {
      model: name,
      leaveOut: roleColumns(model).map((column) => column.name),
      span: drift?.window ?? WINDOW,
      ...(data.time ? { time: data.time } : {}),
    })
    return { profile: `${canonicalJson(profile)}\n` }
  } catch (error) {
    if (drift || !(error instanceof UserError)) throw error
    return { unprofiled: error.message }
  }
}

/** Marks what is broken on the contract's own lines. */
function annotate(context: StepContext, model: Model, checks: Check[]): void {
  const file = model.data.contract && relative(context.root, join(model.folder, model.data.contract))
  for (const check of checks) {
    const { verdict, line } = check
    if (verdict === 'pass' || file === undefined || line === undefined) continue
    context.log.warn({ message: sayData(check), place: { file, line } })
  }
}

function describe(
  role: 'train' | 'holdout',
  { sha256, files, rows, columns }: Dataset,
): Predicate<'validation'>['datasets'][number] {
  return { role, sha256, files: [...files], rows, columns: [...columns] }
}

function reasons(checks: Check[], contract: string | undefined): string[] {
  const broken = checks.filter(({ verdict }) => verdict !== 'pass')
  const said = broken.map(sayData)
  if (contract === undefined)
    said.push('There is no contract (data.contract): only the split into train and holdout was checked.')
  return broken.length === 0 ? [`All ${checks.length} checks of the data pass.`, ...said] : said
}

/** A check with the data that it is about: `holdout late: Asked: … Found: …`. */
function sayData(check: Check): string {
  return `${[check.dataset, check.column].filter((part) => part !== null).join(' ')}: ${sayCheck(check)}`
}
