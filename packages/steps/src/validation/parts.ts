import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Shard } from '@modelyard/data'
import {
  fileDigest,
  type Model,
  makeOwnFolder,
  type Problem,
  parsePartName,
  partName,
  RELEASE,
  recordsFolder,
  UserError,
} from '@modelyard/spec'
import type { StepContext } from '../context.ts'
import { existing, PLAN, readPlan } from '../records.ts'
import { readSource } from '../source.ts'
import { contractOf, type Look } from './look.ts'
import { type Looks, nameOf, type Part, readPart, requireLooks, writePart } from './part.ts'

/** So many days a part is kept: a job that failed on a Friday can be run again on Monday. */
const KEPT_DAYS = 4

/** Publishes what this job found in its shard, or why it could not look, for the job that merges. */
export async function publishPart(
  context: StepContext,
  model: Model,
  { shard, started, found }: { shard: Shard; started: string; found: Look | { problems: Problem[] } },
): Promise<void> {
  const { id, attempt } = context.run
  const text = writePart({
    modelyard: RELEASE,
    model: model.name,
    model_file: await modelFileDigest(model),
    source: await readSource(context.root),
    run: { started, ...(id !== undefined && { id }), ...(attempt !== undefined && { attempt }) },
    shard,
    found,
  })
  const folder = await openParts(context, model)
  const path = join(folder, fileOf(shard))
  await writeFile(path, text)
  await context.store.publish(partName(model.name, shard), folder, [path], { keptDays: KEPT_DAYS })
  context.log.info(`Wrote ${partsFolder(model)}/${basename(path)}`)
}

/**
 * What the jobs before this one found in all shards of a model's data; on a laptop, what lies there. Throws a
 * `UserError` where one is missing, damaged, or of something else.
 */
export async function collectParts(context: StepContext, model: Model): Promise<Looks> {
  const folder = await openParts(context, model)
  const since = context.run.id === undefined ? 1 : await bring(context, model, folder)
  const of = requireOneNumber(model, await readdir(folder))
  const parts: Part[] = []
  for (let index = 1; index <= of; index++) {
    const asked = { model: model.name, shard: { index, of } }
    const text = await readFile(join(folder, fileOf(asked.shard)), 'utf8').catch(() => undefined)
    if (text === undefined)
      throw new UserError(
        `${nameOf(asked)} is not there: its job left none, or it is gone after ${KEPT_DAYS} days. Run the job of that shard again.`,
      )
    const part = readPart(text, asked)
    if ((part.run.attempt ?? 1) < since)
      throw new UserError(
        `${nameOf(asked)} is of an attempt before: its job did not end this time. Run the job of that shard again.`,
      )
    parts.push(part)
  }
  return requireLooks(parts, {
    modelyard: RELEASE,
    runId: context.run.id,
    tree: (await readSource(context.root)).tree,
    modelFile: await modelFileDigest(model),
    contract: await contractOf(model),
  })
}

/**
 * Brings the model's parts to `folder`, in place of what lies there, and answers with the attempt of the run in which
 * the plan was made: where all jobs run again, what one left the time before must not pass for this time's.
 */
async function bring(context: StepContext, model: Model, folder: string): Promise<number> {
  const inbox = await mkdtemp(join(tmpdir(), 'modelyard-parts-'))
  try {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
    const isOurs = (name: string) => parsePartName(name)?.model === model.name
    const names = await context.store.collect(inbox, (name) => name === PLAN || isOurs(name))
    for (const name of names.filter(isOurs)) {
      const file = fileOf(parsePartName(name)!)
      for (const path of await existing(join(inbox, name), [file])) await cp(path, join(folder, file))
    }
    return (await readPlan(join(inbox, PLAN)))?.predicate.run.attempt ?? 1
  } finally {
    await rm(inbox, { recursive: true, force: true })
  }
}

/** Into how many shards the data were parted, by the names of the parts. Throws where there are none, or of several numbers. */
function requireOneNumber(model: Model, files: readonly string[]): number {
  const numbers = new Set(files.flatMap((name) => /^\d+of(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number))
  const [of, ...others] = [...numbers].sort((a, b) => a - b)
  if (of === undefined)
    throw new UserError(
      `There is no part of ${model.name} to merge. Look at every shard before, with shard: 1/4, 2/4, 3/4 and 4/4, say, in jobs that this one needs.`,
    )
  if (others.length > 0)
    throw new UserError(
      `There are parts of ${model.name} of ${[of, ...others].join(' and of ')} shards. Part the data in one way in all jobs; what an earlier one left on a laptop lies in ${partsFolder(model)}.`,
    )
  return of
}

function openParts({ root }: StepContext, model: Model): Promise<string> {
  return makeOwnFolder(root, partsFolder(model))
}

function partsFolder({ name }: Model): string {
  return `${recordsFolder(name)}/parts`
}

function fileOf({ index, of }: Shard): string {
  return `${index}of${of}.json`
}

async function modelFileDigest({ folder, file }: Model): Promise<string> {
  return (await fileDigest(join(folder, basename(file)))).sha256
}
