import type { Dataset } from '@modelyard/data'
import type { Model } from '@modelyard/spec'
import { rowsOf, type Sample } from './sample.ts'

/** Where a hold-out's predictions first are no finite numbers, of each model, as sentences; nothing where all are. */
export async function findGaps(
  model: Model,
  dataset: Dataset,
  sample: Omit<Sample, 'groups'>,
  masked?: ReadonlySet<string>,
): Promise<Pick<Sample, 'gaps'>> {
  const named = model.data.id
  const id = named !== undefined && masked?.has(named) ? undefined : named
  const [candidate, champion] = [
    await sayFirst(model, id, dataset, sample, sample.candidate),
    await sayFirst(model, id, dataset, sample, sample.champion),
  ]
  if (candidate === undefined && champion === undefined) return {}
  return { gaps: { ...(candidate !== undefined && { candidate }), ...(champion !== undefined && { champion }) } }
}

async function sayFirst(
  { evaluate }: Model,
  id: string | undefined,
  dataset: Dataset,
  sample: Omit<Sample, 'groups'>,
  predictions: Float64Array | null,
): Promise<string | undefined> {
  const at = predictions?.findIndex((value) => !Number.isFinite(value)) ?? -1
  if (at < 0) return undefined
  const row = Math.floor(at / (predictions!.length / rowsOf(sample)))
  const names = id === undefined ? undefined : (await dataset.readColumns([id], { text: [id] }))[id]!
  const where = names ? `${id} ${names[row]}` : `row ${row + 1} of the hold-out`
  const isMissing = Number.isNaN(predictions![at])
  const file = evaluate.predict?.predictions
  if (file !== undefined)
    return `The first is ${isMissing ? 'empty or NaN' : 'infinite'} in ${file}, at ${where}: write a finite number for every row.`
  return `The first is ${isMissing ? 'NaN' : 'infinite'}, at ${where}: ${isMissing ? 'is a cell empty there that the model needs?' : 'does the model divide by nothing there, or overflow?'}`
}
