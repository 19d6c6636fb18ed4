import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compares, type Knowing, knownFrom } from '@modelyard/evaluation'
import { fetchAsset } from '@modelyard/registry'
import { type Evidence, type Model, readRecord } from '@modelyard/spec'
import type { Champion } from './champion.ts'
import type { StepContext } from './context.ts'
import { asUserError } from './each-model.ts'
import { openRecords } from './records.ts'

/**
 * What the champion's own gate record tells of how much two models differ. Nothing where the champion is not known, or
 * GitHub gives no answer: validating data works without, and advice is all that follows from it. Undefined where there
 * surely is no champion: then gates compare with nothing.
 */
export async function askChampion(
  context: StepContext,
  model: Model,
  champion: Champion | null | undefined,
): Promise<Knowing | undefined> {
  const nothing = () => []
  if (champion === null) return undefined
  if (!context.github || !champion || !model.evaluate.gates.some(compares)) return nothing
  try {
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

/** What a record knew, for making it again; of the whole hold-out first, for of its parts no level is known. */
export function knewThen(evidence: readonly Evidence[]): Knowing {
  const known = evidence.toSorted((a, b) => Number(a.slice !== undefined) - Number(b.slice !== undefined))
  return () => known.map(({ metric, level, spread, basis }) => ({ metric, level, differs: { spread, basis } }))
}
