import { countLike, openDataset, type Production } from '@modelyard/data'
import { type DriftDecision, decideDrift } from '@modelyard/drift'
import {
  type Engine,
  type Model,
  type Predicate,
  type Profile,
  type Statement,
  type Subject,
  spanMilliseconds,
  UserError,
} from '@modelyard/spec'
import { type Champion, findChampion } from './champion.ts'
import type { StepContext } from './context.ts'
import { fetchLearned } from './learned.ts'
import { maskPersonal, personalOf } from './personal.ts'
import { prepareData } from './prepare.ts'
import { beginRecord, publishRecord } from './records.ts'
import { runUpdate } from './update.ts'

/** What a check for drift came to. */
export interface DriftCheck {
  record: Statement<'drift'>
  /** Whether the retrain pull request comes trained: production moved away, and the model file does not ask first. */
  train: boolean
}

/**
 * Compares what production sees with what the live version learned, as its release tells. On an alarm it runs the model
 * file's `drift.update`, if asked to, so that this job's checkout holds what a retraining would use. Answers with
 * undefined where there is nothing to check: a model file without `drift`, or a model of which nothing is live.
 */
export async function checkDrift(
  context: StepContext,
  model: Model,
  options: { update: boolean },
): Promise<DriftCheck | undefined> {
  const { drift } = model
  if (!drift) return skip(context, `${model.file} has no drift: section`)
  const champion = await findChampion(context, model)
  if (!champion) return skip(context, `No version of ${model.name} is registered yet`)

  const clock = beginRecord(context)
  const { profile, digest, sha256 } = await fetchLearned(context, model, champion, 'drift')
  await prepareData(context, model)
  const { subject, said } = await compareWithProfile(model, champion, profile, clock.started)
  const record = await clock.finish('drift', subject, {
    model: model.name,
    ...said,
    champion: { ...champion, sha256 },
    profile: { sha256: digest, rows: profile.rows, windows: profile.windows.length },
  })
  await publishRecord(context, 'drift', model.name, record)
  const { verdict, reasons } = record.predicate
  if (verdict === 'fail' || verdict === 'warn') context.log.warn({ message: reasons[0]!, place: { file: model.file } })
  const alarm = verdict === 'fail'
  if (alarm && options.update && drift.update !== undefined) {
    await runUpdate(context, model, drift.update).catch(async (error: unknown) => {
      if (error instanceof UserError) await publishFailure(context, model, error)
      throw error
    })
    await publishRecord(context, 'drift', model.name, record)
  }
  return { record, train: alarm && drift.retrain === 'auto' }
}

/** What a drift record says of the production data up to a time as they lie there, held against what a version learned. */
export async function compareWithProfile(
  model: Model,
  champion: Champion,
  learned: Profile,
  until: string,
): Promise<{ subject: Subject[]; said: Compared }> {
  const { data, window, max_age } = model.drift!
  const profile = await maskPersonal(learned, model)
  await refusePersonalAge(model)
  if (profile.span !== null && profile.span !== window) {
    throw new UserError(
      `drift.window of ${model.file} is ${window}, but ${champion.version} was profiled in windows of ${profile.span}: set it to ${profile.span}, or register a new version.`,
    )
  }
  const production = await openDataset({ root: model.folder, files: data })
  try {
    const counted = await countLike(profile, production, {
      span: window,
      ...(profile.time ? { time: profile.time.column, until } : {}),
    })
    refuseOthersData(model, champion, profile, counted)
    const { sha256, files, rows, engine } = production
    return {
      subject: files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
      said: {
        engine,
        data: { sha256, files: [...files], rows },
        ...refuseOld(decideDrift(profile, counted), { until, max_age }),
      },
    }
  } finally {
    production.close()
  }
}

/** The age of the newest row is not told by times that are personal. */
async function refusePersonalAge(model: Model): Promise<void> {
  const { file, drift, data } = model
  if (drift!.max_age === undefined || !(await personalOf(model)).has(data.time ?? '')) return
  throw new UserError({
    message: `drift.max_age asks how old the newest ${data.time} is, which the contract marks as personal. Take one of the two out.`,
    place: { file },
  })
}

/** What comparing finds: a drift record but for who the champion is and which run it was. */
type Compared = Omit<Predicate<'drift'>, 'model' | 'source' | 'engine' | 'run' | 'champion' | 'profile'> & {
  engine: Omit<Engine, 'modelyard'>
}

/** Leaves why there is no candidate, for the retrain pull request to say. */
async function publishFailure(context: StepContext, { name }: Model, error: UserError): Promise<void> {
  const reasons = error.message.split('\n').slice(0, 30)
  const record = await beginRecord(context).finish('failure', [], {
    ...{ model: name, verdict: 'fail', reasons, step: 'check-drift' },
  })
  await publishRecord(context, 'failure', name, record)
}

function skip({ log }: StepContext, why: string): undefined {
  log.info(`${why}: there is nothing to check for drift.`)
}

/** A pass of rows that nobody wrote lately is none: an export that stopped looks like the day on which it did. */
function refuseOld(
  decision: DriftDecision,
  { until, max_age }: { until: string; max_age: string | undefined },
): DriftDecision {
  const { end } = decision.window
  if (max_age === undefined || end === null) return decision
  if (Date.parse(until) - Date.parse(end) <= spanMilliseconds(max_age)) return decision
  const old = `The newest row of production is of ${end.slice(0, 10)}, which is older than drift.max_age (${max_age}): look whether the export stopped.`
  return { ...decision, verdict: 'inconclusive', reasons: [old, ...decision.reasons] }
}

/** Data without the columns that the champion takes are a mistake, not drift: no retraining would mend them. */
function refuseOthersData(model: Model, { version }: Champion, { columns }: Profile, production: Production): void {
  const missing = columns.flatMap(({ name, kind }, index) => {
    const { type, comparable } = production.columns[index]!
    if (comparable) return []
    return [type === null ? `${name} (is not there)` : `${name} (is ${type}, not a ${kind})`]
  })
  if (missing.length === 0) return
  throw new UserError({
    message: `The production data (drift.data: ${[model.drift?.data].flat().join(', ')}) are not what ${model.name} ${version} takes: ${missing.join(', ')}. Say in drift.data which files are the right ones, or mend the export.`,
    place: { file: model.file },
  })
}
