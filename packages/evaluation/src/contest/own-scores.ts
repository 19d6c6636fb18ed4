import { basename, dirname } from 'node:path'
import { type Dataset, openDataset, sayColumns } from '@modelyard/data'
import { placesOf } from '@modelyard/inference'
import { fileDigest, isOwnMetric, type Model, type OwnMetric, type Predicate, UserError } from '@modelyard/spec'
import { metricsOf } from '../decide.ts'
import type { OwnScores } from '../sample/sample.ts'
import { type RunCommand, runForFile } from './command-file.ts'

export interface ScoreOptions {
  model: Model
  /** The folder that the model file's paths are relative to. */
  root: string
  /** Needed where the model file has `evaluate.scores`. */
  runScores?: RunCommand | undefined
}

/** What the repository's own command says of one model: a score a row for each metric, in the dataset's order. */
export interface Scored {
  scores: ReadonlyMap<OwnMetric, Float64Array>
  /** Of the file that it wrote. */
  sha256: string
}

/** The metrics of the repository's own that a model file names. */
function ownMetricsOf({ evaluate }: Model): OwnMetric[] {
  return metricsOf(evaluate).filter(isOwnMetric)
}

/**
 * Scores the rows of the hold-out with the model at a path, by `evaluate.scores`; null where the model file has no such
 * command. Throws a `UserError` for a file that does not give every row a number for each metric.
 */
export async function scoreRows(
  modelPath: string,
  dataset: Dataset,
  { model, root, runScores }: ScoreOptions,
): Promise<Scored | null> {
  const asked = model.evaluate.scores
  if (!asked) return null
  if (!runScores) throw new TypeError('evaluate.scores needs someone to run it')
  const path = await runForFile({
    ...{ model, root, command: asked.run, file: asked.file, key: 'evaluate.scores.file' },
    run: () => runScores(modelPath),
  })
  const scores = await readScores(path, asked.file, ownMetricsOf(model), { dataset, id: model.data.id! })
  return { scores, sha256: (await fileDigest(path)).sha256 }
}

/** Both models' scores as a sample carries them. */
export function pairScores(candidate: Scored, champion: Scored | null): OwnScores {
  return new Map(
    [...candidate.scores].map(([name, scores]) => [
      name,
      { candidate: scores, champion: champion && champion.scores.get(name)! },
    ]),
  )
}

/** What the gate record says of the files of scores. */
export function scoresRecord(
  { evaluate }: Model,
  candidate: Scored | null,
  champion: Scored | null,
): Pick<Predicate<'gate'>, 'scores'> {
  if (!candidate || !evaluate.scores) return {}
  return {
    scores: { command: evaluate.scores.run, candidate: candidate.sha256, champion: champion?.sha256 ?? null },
  }
}

async function readScores(
  path: string,
  name: string,
  metrics: readonly OwnMetric[],
  { dataset, id }: { dataset: Dataset; id: string },
): Promise<Map<OwnMetric, Float64Array>> {
  const file = await openDataset({ root: dirname(path), files: basename(path) })
  try {
    for (const column of [id, ...metrics]) requireColumn(file, column, name, column === id ? ' (data.id)' : '')
    const at = await placesOf(id, file, name, dataset)
    const read = await file.readColumns(metrics)
    const scores = new Map<OwnMetric, Float64Array>()
    for (const metric of metrics) {
      const values = read[metric]!
      if (!(values instanceof Float64Array))
        throw new UserError(`${name} holds text in the column ${metric}, which must hold numbers.`)
      const ofRows = Float64Array.from(at, (place) => values[place]!)
      const first = ofRows.findIndex((score) => !Number.isFinite(score))
      if (first >= 0) {
        const ids = (await dataset.readColumns([id], { text: [id] }))[id]!
        throw unscored(ofRows, metric, name, `${id} ${ids[first]}`)
      }
      scores.set(metric, ofRows)
    }
    return scores
  } finally {
    file.close()
  }
}

function requireColumn(dataset: Dataset, column: string, file: string, which: string): void {
  if (dataset.columns.some(({ name }) => name === column)) return
  throw new UserError(`${file} has no column ${column}${which}. ${sayColumns(dataset)}`)
}

function unscored(scores: Float64Array, metric: OwnMetric, file: string, first: string): UserError {
  const many = scores.reduce((count, score) => count + +!Number.isFinite(score), 0)
  return new UserError(
    `${file} has no finite number in the column ${metric} for ${many.toLocaleString('en-US')} of ${scores.length.toLocaleString('en-US')} rows; the first has the ${first}. Score every row.`,
  )
}
