import { type Dataset, openDataset } from '@modelyard/data'
import type { FeatureOptions, Predictions } from '@modelyard/inference'
import { labelColumns, type Model, type Provider, roleColumns, UserError } from '@modelyard/spec'
import { findGaps } from '../sample/gaps.ts'
import { readKinship } from '../sample/kinship.ts'
import { align } from '../sample/predictions.ts'
import type { Sample } from '../sample/sample.ts'
import type { RunCommand } from './command-file.ts'
import { type Contender, openContender } from './contender.ts'

export interface ContestOptions {
  model: Model
  /** The folder that the model file's paths are relative to. */
  root: string
  candidate: { path: string }
  /** The version that the stage in question holds now; null only where it holds none. */
  champion: Champion | null
  /** What computes ONNX models; by default what the model file says. */
  provider?: Provider
  /** Needed where the model file has `evaluate.predict`. */
  runPredict?: RunCommand
  /** Columns of which no value may be told: personal ones. */
  masked?: ReadonlySet<string> | undefined
  /** Of DuckDB; the models run on one, so that every run gives the same bits. */
  threads?: number
}

export interface Champion {
  path: string
  version: string
  stage: string | null
}

/** The hold-out and the models that are to predict it, all open. */
export interface Contest {
  dataset: Dataset
  candidate: Contender
  champion: Contender | null
}

/** Opens hold-out and models, works with them, and closes them. Throws a `UserError` for what cannot be opened. */
export async function withContest<T>(options: ContestOptions, work: (contest: Contest) => Promise<T>): Promise<T> {
  const { model, root, threads, provider = model.evaluate.provider, runPredict } = options
  const open = (path: string) => openContender(path, { model, root, provider, runPredict })
  const closers: Array<() => unknown> = []
  try {
    const dataset = await openDataset({
      root,
      files: model.data.holdout,
      role: 'holdout',
      ...(threads !== undefined && { threads }),
    })
    closers.push(() => dataset.close())
    const candidate = await open(options.candidate.path)
    closers.push(() => candidate.close())
    const champion = options.champion && (await asChampion(options.champion, ({ path }) => open(path)))
    if (champion) closers.push(() => champion.close())
    return await work({ dataset, candidate, champion })
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

/** A champion that cannot be judged is an error: to take it for none would let any candidate through. */
export async function asChampion<T>(champion: Champion, work: (champion: Champion) => Promise<T>): Promise<T> {
  try {
    return await work(champion)
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new UserError(`The champion ${champion.version} cannot be judged on this hold-out: ${cause.message}`, {
      cause,
    })
  }
}

/** Which columns are no features. */
export function featuresOf(model: Model): FeatureOptions {
  return { label: model.data.label, exclude: roleColumns(model).map(({ name }) => name) }
}

/** What the rows are and what models say of them: the candidate, and the champion where there is one. */
export type SampleOf = (candidate: Predictions, champion: Predictions | null) => Promise<Sample>

/** Reads what the rows of a hold-out are, once, however often something new is said of them. */
export async function readRows(
  model: Model,
  dataset: Dataset,
  { masked, ...known }: Pick<Sample, 'scales'> & Pick<ContestOptions, 'masked'> = {},
): Promise<SampleOf> {
  const columns = labelColumns(model)
  const read = await dataset.readColumns(columns)
  const labels = columns.map((name) => read[name]!)
  const kinship = await readKinship(model, dataset, masked)
  return async (candidate, champion) => {
    const named = align({ task: model.task, labels, columns, candidate, champion })
    const aligned = masked?.has(columns[0]!) ? withoutNames(named) : named
    return { ...known, ...aligned, ...(await findGaps(model, dataset, aligned, masked)), ...kinship }
  }
}

/** Classes are named by the label's values; those of several labels by their columns. */
function withoutNames<Aligned extends Pick<Sample, 'task' | 'classes'>>(aligned: Aligned): Aligned {
  if (aligned.task === 'multilabel-classification') return aligned
  return { ...aligned, classes: aligned.classes.map((_, index) => `class ${index + 1}`) }
}
