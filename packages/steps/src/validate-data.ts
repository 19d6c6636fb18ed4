import { rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Shard } from '@modelyard/data'
import { sayData, sayFirstRows } from '@modelyard/report'
import { type Model, type Source, type Statement, UserError } from '@modelyard/spec'
import { askChampion } from './ahead.ts'
import { type Champion, seekChampion } from './champion.ts'
import { describeChanges } from './changes/references.ts'
import type { StepContext } from './context.ts'
import { eachModel } from './each-model.ts'
import { prepareData } from './prepare.ts'
import { beginRecord, openRecords, PROFILE, publishRecord } from './records.ts'
import { requireContracts } from './require-contracts.ts'
import { type Check, type Checked, conclude } from './validation/conclude.ts'
import { type LookOptions, look } from './validation/look.ts'
import { collectParts, publishPart } from './validation/parts.ts'

/** What of the data a job sees to: all of them, one shard, or what the jobs of all shards left. */
export interface Turn {
  shard?: Shard | undefined
  merge?: boolean
}

/**
 * Validates the data of every model that a pattern names, and answers with the records. A shard makes none: it leaves
 * what it found for the job that merges.
 */
export async function validateModels(
  context: StepContext,
  pattern: string,
  { shard, merge = false }: Turn = {},
): Promise<Array<Statement<'validation'>>> {
  if (shard && merge)
    throw new UserError(
      'A shard and a merge are asked for at once. The job that merges comes after those of the shards, and names none.',
    )
  const validate = merge ? mergeShards : validateData
  if (!shard) return eachModel(context, pattern, 'validate-data', (model) => validate(context, model))
  await validateShard(context, pattern, shard)
  return []
}

/** Makes the data, where the model file says how, and checks them against the contract and each other. */
export async function validateData(context: StepContext, model: Model): Promise<Statement<'validation'>> {
  const clock = beginRecord(context, model)
  await requireContracts([model])
  await prepareData(context, model)
  const champion = await seekChampion(context, model)
  const checked = await checkData(model, {
    now: new Date(clock.started),
    knowing: await askChampion(context, model, champion),
  })
  return leaveRecord(context, model, { clock, checked, champion })
}

/** Checks the data as they lie there. `now` is when the run began: from then on, the age of data is told. */
export async function checkData(
  model: Model,
  { now, ...options }: Omit<LookOptions, 'shard'> & { now: Date },
): Promise<Checked> {
  return conclude(model, [await look(model, options)], now)
}

/** Leaves what is found in a shard, or why it could not be looked at, for the job that merges. */
async function validateShard(context: StepContext, pattern: string, shard: Shard): Promise<void> {
  const { started } = beginRecord(context)
  const work = async (model: Model) => {
    await requireContracts([model])
    await prepareData(context, model)
    // What the hold-out can tell is said by one, and the first is there whatever their number.
    const champion = shard.index === 1 ? await seekChampion(context, model) : null
    const found = await look(model, { shard, knowing: await askChampion(context, model, champion) })
    await publishPart(context, model, { shard, started, found })
  }
  await eachModel(context, pattern, 'validate-data', work, ({ problems }, model) =>
    publishPart(context, model, { shard, started, found: { problems } }),
  )
}

/**
 * Makes of what the jobs of a matrix found the record that one job would have made. Throws a `UserError` where a part is
 * missing, damaged, or of something else than what is checked out here.
 */
async function mergeShards(context: StepContext, model: Model): Promise<Statement<'validation'>> {
  const { looks, source, started } = await collectParts(context, model)
  const clock = beginRecord(context, model, started)
  const champion = await seekChampion(context, model)
  return leaveRecord(context, model, {
    clock,
    source,
    checked: await conclude(model, looks, new Date(clock.started)),
    champion,
  })
}

interface Validated {
  clock: ReturnType<typeof beginRecord>
  checked: Checked
  champion: Champion | null | undefined
  /** What the data were made from, where that was elsewhere. */
  source?: Source
}

/** Tells what was found, and publishes the record with the profile beside it. */
async function leaveRecord(
  context: StepContext,
  model: Model,
  { clock, checked, champion, source }: Validated,
): Promise<Statement<'validation'>> {
  const { subject, said, profile, unprofiled } = checked
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
  const changes = await describeChanges(context, model, { champion, checked })
  const record = await clock.finish('validation', subject, {
    model: model.name,
    ...said,
    ...(changes.length > 0 && { changes }),
    ...(source && { source }),
  })
  await publishRecord(context, 'validation', model.name, record)
  return record
}

/** Marks what is broken on the contract's own lines. */
function annotate(context: StepContext, model: Model, checks: readonly Check[]): void {
  const file = model.data.contract && relative(context.root, join(model.folder, model.data.contract))
  for (const check of checks) {
    const { verdict, line } = check
    if (verdict === 'pass' || file === undefined || line === undefined) continue
    context.log.mark?.({ message: `${sayData(check)}${sayFirstRows(check)}`, place: { file, line } })
  }
}
