import { type Dataset, openDataset } from '@modelyard/data'
import { type OnnxModel, openModel, type Predictions, predict } from '@modelyard/inference'
import { fileDigest, type MetricName, type Model, type Predicate, RELEASE, UserError } from '@modelyard/spec'
import { countChanged } from './changed.ts'
import { compareMetrics, type MetricRecord } from './compare.ts'
import { checkGates, decideGates, isLatency } from './gates.ts'
import { compareTimes, type LatencyMetric, timePredictions } from './latency.ts'
import type { PredictionMetric } from './metrics/measure.ts'
import { checkParity } from './parity.ts'
import { align } from './predictions.ts'
import { numberGroups, type Sample } from './sample.ts'
import { findSlices, judgeSlices, sliceGate } from './slices.ts'
import { conclude } from './verdict.ts'

/** What a gate record says, but for what every record has. */
export type Judgement = Omit<Predicate<'gate'>, 'model' | 'source' | 'run'>

export interface JudgeOptions {
  model: Model
  /** The folder that the model file's paths are relative to. */
  root: string
  candidate: { path: string }
  /** The version that the stage in question holds now; null only where it holds none. */
  champion: { path: string; version: string; stage: string | null } | null
  /** By default what the model file says. */
  firstVersion?: 'allow' | 'refuse'
  /** Two-sided confidence of every interval. */
  confidence?: number
  /** Of DuckDB; the models run on one, so that every run gives the same bits. */
  threads?: number
  /** Of the bootstrap. */
  seed?: number
  log?: (message: string) => void
}

/**
 * Judges a candidate by the gates of its model file: predicts the hold-out with candidate and champion, compares them
 * on the same rows, and decides. Throws a `UserError` for data or models that cannot be read or do not fit.
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const {
    model,
    root,
    firstVersion = model.evaluate.first_version,
    confidence = 0.95,
    seed = 1,
    threads,
    log,
  } = options
  checkGates(model.evaluate.gates)
  const dataset = await openDataset({
    root,
    files: model.data.holdout,
    role: 'holdout',
    ...(threads !== undefined && { threads }),
  })
  const opened: OnnxModel[] = []
  try {
    const candidate = await openModel(options.candidate.path)
    opened.push(candidate)
    const champion = options.champion && (await openChampion(options.champion))
    if (champion) opened.push(champion)

    const exclude = [model.data.label, model.data.id, model.data.time, model.data.group].filter(
      (name) => name !== undefined,
    )
    log?.(`Predicting ${dataset.rows.toLocaleString('en-US')} rows`)
    const predictions = await predict(candidate, dataset, { task: model.task, exclude })
    const before = champion && (await predictChampion(champion, dataset, model, exclude, options.champion!.version))
    const sample = await sampleOf(model, dataset, predictions, before)

    log?.('Comparing')
    const names = [...new Set([...model.evaluate.metrics, ...model.evaluate.gates.map(({ metric }) => metric)])]
    const onRows = compareMetrics(sample, names.filter(isPrediction), { confidence, seed })
    const timed = names.filter(isTime)
    const times =
      timed.length > 0 &&
      (await timePredictions(dataset, candidate, champion, { task: model.task, exclude, metrics: timed }))
    const onTime = times ? compareTimes(times, timed, { confidence, seed }) : []
    const metrics = inOrder(names, [...onRows.map(({ worseBeyond: _, ...metric }) => metric), ...onTime])

    const called = options.champion && nameChampion(options.champion)
    const gates = decideGates({
      gates: model.evaluate.gates,
      metrics,
      rows: dataset.rows,
      confidence,
      champion: called,
      firstVersion,
    })
    const gate = sliceGate(model.evaluate.gates)
    const { slices, leftOut } = await findSlices(dataset, model.evaluate.slices)
    const sliced =
      gate && called !== null ? judgeSlices(sample, slices, { gate, champion: called, confidence, seed }) : []
    const parity = await checkParity(model, root, predictions, dataset)

    return {
      ...conclude({
        gates,
        slices: sliced,
        leftOut,
        parityWarning: parity.warning,
        champion: champion ? 'present' : firstVersion === 'allow' ? 'allowed-missing' : 'missing',
      }),
      task: model.task,
      confidence,
      holdout: {
        role: 'holdout',
        sha256: dataset.sha256,
        files: [...dataset.files],
        rows: dataset.rows,
        groups: sample.groups?.count ?? null,
      },
      candidate: { sha256: (await fileDigest(options.candidate.path)).sha256 },
      champion: options.champion && {
        version: options.champion.version,
        stage: options.champion.stage,
        sha256: (await fileDigest(options.champion.path)).sha256,
      },
      metrics,
      gates,
      slices: sliced,
      changed: countChanged(sample),
      parity: parity.record,
      engine: { modelyard: RELEASE, ...candidate.engine, duckdb: dataset.engine.duckdb, seed },
    }
  } finally {
    for (const each of opened) await each.close()
    dataset.close()
  }
}

type Champion = NonNullable<JudgeOptions['champion']>

/** A champion that cannot be judged is an error: taking it for none would let any candidate through. */
async function openChampion({ path, version }: Champion): Promise<OnnxModel> {
  return asChampion(version, () => openModel(path))
}

async function predictChampion(
  model: OnnxModel,
  dataset: Dataset,
  { task }: Model,
  exclude: string[],
  version: string,
) {
  return asChampion(version, () => predict(model, dataset, { task, exclude }))
}

async function asChampion<T>(version: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new UserError(`The champion ${version} cannot be judged on this hold-out: ${cause.message}`, { cause })
  }
}

function nameChampion({ version, stage }: Champion): string {
  return stage === null ? version : `the version in ${stage}`
}

async function sampleOf(
  model: Model,
  dataset: Dataset,
  candidate: Predictions,
  champion: Predictions | null,
): Promise<Sample> {
  const { label, group } = model.data
  const labels = (await dataset.readColumns([label]))[label]!
  const groups = group === undefined ? null : (await dataset.readColumns([group], { text: [group] }))[group]!
  return {
    ...align({ task: model.task, labels, column: label, candidate, champion }),
    groups: groups && numberGroups(groups),
  }
}

function isTime(name: MetricName): name is LatencyMetric {
  return isLatency(name)
}

function isPrediction(name: MetricName): name is PredictionMetric {
  return !isLatency(name)
}

function inOrder(names: readonly MetricName[], metrics: readonly MetricRecord[]): MetricRecord[] {
  return names.flatMap((name) => metrics.filter((metric) => metric.name === name))
}
