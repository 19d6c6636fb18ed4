import { join } from 'node:path'
import type { Dataset } from '@modelyard/data'
import { fileDigest, type Predicate, RELEASE } from '@modelyard/spec'
import { judgeBehaviour } from './behaviour/behaviour.ts'
import type { MetricRecord } from './comparison/comparison.ts'
import type { RunCommand } from './contest/command-file.ts'
import type { Contender } from './contest/contender.ts'
import { asChampion, type Champion, type ContestOptions, featuresOf, readRows, withContest } from './contest/contest.ts'
import { pairScores, scoreRows, scoresRecord } from './contest/own-scores.ts'
import { checkParity } from './contest/parity.ts'
import { decide, metricsOf } from './decide.ts'
import { diagnose } from './diagnostics/diagnostics.ts'
import { readGroupColumns } from './fairness/columns.ts'
import { groupsLeftOut } from './fairness/groups.ts'
import { findSlices } from './gates/find-slices.ts'
import { findGateSlices } from './gates/gate-slices.ts'
import { conclude } from './gates/verdict.ts'
import { measureModels } from './measured/measured.ts'
import { silentQueries } from './sample/kinship.ts'
import { readScales } from './sample/scales.ts'

/** What a gate record says, but for what every record has. */
export type Judgement = Omit<Predicate<'gate'>, 'model' | 'source' | 'run'>

export interface JudgeOptions extends ContestOptions {
  candidate: {
    path: string
    /** Where the framework's own predictions lie; by default where the model file says. */
    predictions?: string
  }
  /** Whether it was asked that no champion is looked for. */
  alone?: boolean
  /** By default what the model file says. */
  firstVersion?: 'allow' | 'refuse'
  /** Two-sided confidence of every interval. */
  confidence?: number
  /** Needed where the model file has `evaluate.scores`. */
  runScores?: RunCommand
  /** Of the bootstrap. */
  seed?: number
  /** How long the candidate trained, where its training record says so. */
  trainingSeconds?: number | undefined
  /** Times and loads as they were found before, in place of measuring them: no two measurements are alike. */
  measured?: readonly MetricRecord[]
  log?: (message: string) => void
}

/**
 * Judges a candidate by the gates of its model file: predicts the hold-out with candidate and champion, compares them
 * on the same rows, and decides. Throws a `UserError` for data or models that cannot be read or do not fit.
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  return withContest(options, ({ dataset, candidate, champion }) => judgeOpened(options, dataset, candidate, champion))
}

async function judgeOpened(
  options: JudgeOptions,
  dataset: Dataset,
  candidate: Contender,
  champion: Contender | null,
): Promise<Judgement> {
  const {
    model,
    firstVersion = model.evaluate.first_version,
    confidence = 0.95,
    seed = 1,
    log,
    alone = false,
    masked = new Set<string>(),
  } = options
  const { id } = model.data
  const task = model.task
  const features = featuresOf(model)

  log?.(`Predicting ${dataset.rows.toLocaleString('en-US')} rows`)
  const { predictions, sha256 } = await candidate.predict(dataset, features)
  const before = champion && (await asChampion(options.champion!, () => champion.predict(dataset, features)))
  const own = await scoreRows(options.candidate.path, dataset, options)
  const ownBefore =
    options.champion && (await asChampion(options.champion, ({ path }) => scoreRows(path, dataset, options)))
  const scaled = await readScales(model, dataset, options)
  const sampleOf = await readRows(model, dataset, { masked, ...(scaled && { scales: scaled.scales }) })
  const sample = {
    ...(await sampleOf(predictions, before?.predictions ?? null)),
    ...(own && { scores: pairScores(own, ownBefore) }),
  }

  log?.('Comparing')
  const files = {
    candidate: await fileDigest(options.candidate.path),
    champion: options.champion && (await fileDigest(options.champion.path)),
  }
  const measured = await measureModels(
    metricsOf(model.evaluate),
    dataset,
    { path: options.candidate.path, contender: candidate, ...files.candidate },
    champion && { path: options.champion!.path, contender: champion, ...files.champion! },
    {
      ...{ task, ...features, confidence, seed, log, known: options.measured },
      provider: options.provider ?? model.evaluate.provider,
      trainingSeconds: options.trainingSeconds,
      costPerHour: model.train.cost_per_hour,
    },
  )
  const { slices: found, leftOut } = await findSlices(dataset, model.evaluate.slices, model.evaluate.min_slice, masked)
  const { metrics, gates, slices, fairness, waiting } = decide(sample, {
    metrics: model.evaluate.metrics,
    gates: model.evaluate.gates,
    slices: found,
    parts: await findGateSlices(dataset, model.evaluate.gates),
    groupColumns: await readGroupColumns(dataset, model.evaluate.gates, masked),
    measured,
    fewest: model.evaluate.min_slice,
    onInconclusiveSlice: model.evaluate.on_inconclusive_slice,
    ...{ confidence, seed, firstVersion },
    champion: options.champion && nameChampion(options.champion),
    identical: files.candidate.sha256 === files.champion?.sha256,
  })
  const behaviour = await judgeBehaviour({
    ...{ model, dataset, candidate, features, predictions, sampleOf, confidence, seed, log },
  })
  const parity = await checkParity(parityFile(options), predictions, dataset, id)

  return {
    ...conclude({
      gates,
      slices,
      behaviour,
      notes: [...leftOut, ...groupsLeftOut(fairness), ...silentQueries(sample)],
      onInconclusiveSlice: model.evaluate.on_inconclusive_slice,
      parityWarning: parity.warning,
      champion: champion ? 'present' : firstVersion !== 'allow' ? 'missing' : alone ? 'not-asked' : 'allowed-missing',
    }),
    task,
    confidence,
    holdout: {
      role: 'holdout',
      sha256: dataset.sha256,
      files: [...dataset.files],
      rows: dataset.rows,
      groups: sample.groups?.count ?? null,
    },
    ...(scaled && { train: scaled.train }),
    candidate: { sha256: files.candidate.sha256 },
    champion: options.champion && {
      version: options.champion.version,
      stage: options.champion.stage,
      sha256: files.champion!.sha256,
    },
    ...(alone && { alone }),
    ...(waiting.length > 0 && { waiting }),
    metrics,
    gates,
    slices,
    ...(fairness.length > 0 && { fairness }),
    ...(behaviour.length > 0 && { behaviour }),
    ...(await diagnose(sample, dataset, {
      exclude: [...features.exclude, ...masked],
      ...model.evaluate,
      confidence,
      seed,
    })),
    ...(sha256 !== null && {
      predictions: { command: model.evaluate.predict!.run, candidate: sha256, champion: before?.sha256 ?? null },
    }),
    ...scoresRecord(model, own, ownBefore),
    parity: parity.record,
    engine: { modelyard: RELEASE, ...candidate.onnx?.engine, duckdb: dataset.engine.duckdb, seed },
  }
}

function nameChampion({ version, stage }: Champion): string {
  return stage === null ? version : `the version in ${stage}`
}

function parityFile({ model, root, candidate }: JudgeOptions): string | undefined {
  const named = model.train.predictions
  return candidate.predictions ?? (named === undefined ? undefined : join(root, named))
}
