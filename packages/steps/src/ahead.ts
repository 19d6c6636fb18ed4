import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { evidenceAhead, type Known, knownFrom, type Size } from '@modelyard/evaluation'
import { fetchAsset } from '@modelyard/registry'
import { type Evidence, type Model, readRecord } from '@modelyard/spec'
import { findChampion } from './champion.ts'
import type { StepContext } from './context.ts'
import { asUserError } from './each-model.ts'
import { openRecords } from './records.ts'

/** What is known of how much models differ, for a hold-out of some size. */
export type Knowing = (size: Size) => Known[]

/**
 * What the champion's own gate record tells of how much two models differ. Nothing where there is no champion, or no
 * GitHub to ask: validating data works without, and advice is all that follows from it.
 */
export async function askChampion(context: StepContext, model: Model): Promise<Knowing> {
  const nothing = () => []
  const compares = model.evaluate.gates.some(
    (gate) => gate.max_regression !== undefined || gate.must_improve !== undefined,
  )
  if (!context.github || !compares) return nothing
  try {
    const champion = await findChampion(context, model)
    if (!champion) return nothing
    const { version } = champion
    const folder = join(await openRecords(context, model.name), 'champion', version)
    const asset = await fetchAsset(context.github, { model: model.name, version, name: 'gate.json', folder })
    if (!asset) return nothing
    const { predicate } = readRecord(
      await readFile(asset.path, 'utf8'),
      'gate',
      `gate.json of ${model.name} ${version}`,
    )
    return (size) => knownFrom(predicate, version, size)
  } catch (error) {
    const mendable = asUserError(error)
    if (!mendable) throw error
    context.log.info(`How much models differ is not known from the champion: ${mendable.message}`)
    return nothing
  }
}

/** What a record knew, for making it again. */
export function knewThen(evidence: readonly Evidence[]): Knowing {
  return () => evidence.map(({ metric, level, spread, basis }) => ({ metric, level, differs: { spread, basis } }))
}

/** What the hold-out can tell at the margins of the model's gates. */
export async function tellAhead(model: Model, holdout: Dataset, knowing: Knowing): Promise<Evidence[]> {
  const size = await sizeOf(holdout, model.data.group)
  return evidenceAhead(model.evaluate.gates, size, knowing(size))
}

async function sizeOf(holdout: Dataset, group: string | undefined): Promise<Size> {
  if (group === undefined) return { rows: holdout.rows, groups: null }
  const name = quoteIdentifier(group)
  const [found] = await holdout.query(
    `SELECT count(DISTINCT ${name}::VARCHAR) + (count(*) > count(${name}))::INTEGER AS groups FROM data`,
  )
  return { rows: holdout.rows, groups: Number(found!.groups) }
}
