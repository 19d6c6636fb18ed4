import { cp, lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join, relative } from 'node:path'
import {
  artifactName,
  type Engine,
  type Kind,
  MODEL_FORMATS,
  type Model,
  makeOwnFolder,
  type Predicate,
  parseArtifactName,
  parsePartName,
  RELEASE,
  type Run,
  readRecord,
  recordDigest,
  recordsFolder,
  type Source,
  type Statement,
  type Subject,
  statement,
  UserError,
  writeRecord,
} from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { readSource } from './source.ts'

/** What the model's bytes may be called beside its records, by their format. */
const MODEL_FILES = MODEL_FORMATS.map((format) => `model${format}`)

/** What a model is called there that the training command wrote under some name. */
export function modelFile(name: string): string {
  const file = `model${extname(name)}`
  return MODEL_FILES.includes(file) ? file : 'model.onnx'
}

/** The profile of the training data beside them: what production is compared with later. */
export const PROFILE = 'profile.json'

/**
 * The profiles that data were compared with, beside the records that say so, which may come to lie in one folder: what
 * the champion learned and what the base branch has, beside the validation record, and what production was held against.
 */
export const REFERENCES = {
  champion: 'champion-reference.json',
  base: 'base-reference.json',
  drift: 'drift-reference.json',
} as const

/** What `drift.update` changed, beside the drift record. */
export const CHANGES = 'changes.json'

/** The framework's own predictions beside it, by their file type. */
const PREDICTIONS = ['predictions.parquet', 'predictions.csv', 'predictions.jsonl']

/** What a file of predictions is called beside the records. */
export function predictionsFile(name: string): string {
  return `predictions${extname(name)}`
}

/** The report as files: for people, for what shows test results, for scripts. */
export const REPORT_FILES = { markdown: 'report.md', junit: 'junit.xml', json: 'summary.json' } as const

/** What may lie in the published folder of each kind of a model's records; anything else in it is left where it is. */
const PUBLISHED = {
  validation: ['validation.json', PROFILE, REFERENCES.champion, REFERENCES.base],
  training: ['training.json', ...MODEL_FILES, ...PREDICTIONS],
  gate: ['gate.json'],
  failure: ['failure.json'],
  drift: ['drift.json', REFERENCES.drift, CHANGES],
  report: ['report.json', ...Object.values(REPORT_FILES)],
} satisfies Partial<Record<Kind, string[]>>

/** A kind of record that travels between jobs, a model's own. */
type PublishedKind = keyof typeof PUBLISHED

function isPublished(kind: string): kind is PublishedKind {
  return Object.hasOwn(PUBLISHED, kind)
}

/** What a step adds to a record of its own; the rest is the same for all. */
type Said<K extends Kind> = Omit<Predicate<K>, 'source' | 'engine' | 'run'> & {
  engine?: Omit<Engine, 'modelyard'>
  source?: Source
}

/**
 * The clock of a step: `begin` when its work starts, unless it `started` before, then `finish` makes the record, of
 * `model` where it is about one.
 */
export function beginRecord(
  context: StepContext,
  model?: Model,
  started = new Date(),
): {
  /** ISO 8601, UTC. */
  started: string
  finish<K extends Kind>(kind: K, subject: Subject[], said: Said<K>): Promise<Statement<K>>
} {
  return {
    started: started.toISOString(),
    async finish(kind, subject, said) {
      return statement(kind, subject, {
        ...said,
        source: said.source ?? (await readSource(context.root)),
        engine: { ...said.engine, modelyard: RELEASE },
        run: runFacts(context, started, model),
      } as never)
    },
  }
}

function runFacts({ root, run }: StepContext, started: Date, model: Model | undefined): Run {
  const { repository, commit, event, actor, id, attempt, url } = run
  const model_file = model && relative(root, join(model.folder, basename(model.file))).replaceAll('\\', '/')
  const known = Object.entries({ repository, commit, event, actor, id, attempt, url, model_file }).filter(
    ([, value]) => value !== undefined,
  )
  return { started: started.toISOString(), finished: new Date().toISOString(), ...Object.fromEntries(known) }
}

/** The folder of a model's records, made on demand; git ignores all that is in it. */
export async function openRecords(context: StepContext, model: string): Promise<string> {
  return makeOwnFolder(context.root, recordsFolder(model))
}

/** Writes a record where later steps of this job find it. */
export async function saveRecord<K extends Kind>(
  context: StepContext,
  kind: K,
  model: string,
  record: Statement<K>,
): Promise<void> {
  await writeFile(join(await openRecords(context, model), `${kind}.json`), writeRecord(record as Statement))
  context.log.info(`Wrote ${recordsFolder(model)}/${kind}.json (${recordDigest(record as Statement).slice(0, 12)})`)
}

/** Writes a record and publishes it, with the files beside it that belong to its kind, for later jobs. */
export async function publishRecord<K extends PublishedKind>(
  context: StepContext,
  kind: K,
  model: string,
  record: Statement<K>,
): Promise<void> {
  await saveRecord(context, kind, model, record)
  const folder = join(context.root, recordsFolder(model))
  const files = await existing(folder, PUBLISHED[kind])
  await context.store.publish(artifactName(model, kind), folder, files)
}

/** The artifact that says which models a run is about. */
export const PLAN = 'modelyard-plan'

/** Publishes the plan, so that a job that comes later misses a model whose own jobs left nothing. */
export async function publishPlan(context: StepContext, record: Statement<'plan'>): Promise<void> {
  const folder = await makeOwnFolder(context.root)
  const path = join(folder, 'plan.json')
  await writeFile(path, writeRecord(record as Statement))
  await context.store.publish(PLAN, folder, [path])
}

/** The plan that lies in a folder, where one was published. */
export async function readPlan(folder: string): Promise<Statement<'plan'> | undefined> {
  const [file] = await existing(folder, ['plan.json'])
  return file === undefined ? undefined : readRecord(await readFile(file, 'utf8'), 'plan')
}

/**
 * Why what was published does not count: it is no record, speaks of another model, or belongs to another run, or to an
 * attempt before the one that made the plan: where all jobs run again and one dies early, what it left the time before
 * must not pass for this time's. Undefined for what does count.
 */
async function whyUnfit(
  { run }: StepContext,
  folder: string,
  { kind, model }: { kind: PublishedKind; model: string },
  plan: Statement<'plan'> | undefined,
): Promise<string | undefined> {
  if (run.id === undefined) return undefined
  const [file] = await existing(folder, [`${kind}.json`])
  if (file === undefined) return `it holds no ${kind}.json.`
  try {
    const { predicate } = readRecord(await readFile(file, 'utf8'), kind)
    const { run: made } = predicate
    const named = 'model' in predicate ? predicate.model : model
    if (named !== model) return `it speaks of the model ${named}.`
    const isOld = made.id !== run.id || (made.attempt ?? 1) < (plan?.predicate.run.attempt ?? 1)
    return isOld ? 'it is of another run or of an attempt before.' : undefined
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** Those of the names that are plain files of a folder, as paths. */
export async function existing(folder: string, names: string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  )
  return names.filter((_, index) => found[index]).map((name) => join(folder, name))
}

/** Reads a record that an earlier step left; undefined where there is none. A record of another model is refused. */
export async function loadRecord<K extends Kind>(
  context: StepContext,
  kind: K,
  model: string,
): Promise<Statement<K> | undefined> {
  const name = `${recordsFolder(model)}/${kind}.json`
  const text = await readFile(join(context.root, name), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const record = readRecord(text, kind, name)
  const named = 'model' in record.predicate ? record.predicate.model : model
  if (named !== model)
    throw new UserError(
      `${name} speaks of the model ${JSON.stringify(named)}, not of ${model}. Run the steps of ${model} again.`,
    )
  return record
}

/** The same, where the step cannot do without it. */
export async function needRecord<K extends Kind>(
  context: StepContext,
  kind: K,
  model: string,
  maker: string,
): Promise<Statement<K>> {
  const record = await loadRecord(context, kind, model)
  if (record) return record
  // The command's verb for the action validate-data is shorter.
  const before =
    context.run.event === undefined
      ? `${maker.replace(/-data$/, '')} before`
      : `${maker} before this step, in the same job or in one that this job needs`
  throw new UserError(`There is no ${kind} record of ${model}. Run ${before}.`)
}

/**
 * Brings what earlier jobs published to where this job's own records lie, and answers with the models that it is about.
 * The files come from jobs that ran a pull request's code: only the expected names are taken, as plain files.
 */
export async function collectRecords(context: StepContext): Promise<string[]> {
  const inbox = await mkdtemp(join(tmpdir(), 'modelyard-records-'))
  try {
    const models = new Set<string>()
    // In a workflow only this run's own records count; on a laptop they lie where they were made.
    if (context.run.id !== undefined) await rm(join(context.root, '.modelyard'), { recursive: true, force: true })
    const names = await context.store.collect(inbox, (name) => parsePartName(name) === undefined)
    const plan = await readPlan(join(inbox, PLAN))
    for (const model of plan?.predicate.models ?? []) models.add(model.name)
    for (const name of names) {
      const artifact = parseArtifactName(name)
      if (!artifact || !isPublished(artifact.kind)) continue
      const { kind, model } = artifact
      const unfit = await whyUnfit(context, join(inbox, name), { kind, model }, plan)
      if (unfit !== undefined) {
        context.log.info(`${name} does not count: ${unfit}`)
        continue
      }
      const folder = await openRecords(context, model)
      for (const file of await existing(join(inbox, name), PUBLISHED[kind])) {
        await cp(file, join(folder, basename(file)))
      }
      models.add(model)
    }
    return [...models].sort()
  } finally {
    await rm(inbox, { recursive: true, force: true })
  }
}
