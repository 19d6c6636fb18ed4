import { join } from 'node:path'
import { fetchVersion, newestSound, readState } from '@modelyard/registry'
import type { Model } from '@modelyard/spec'
import { needGitHub, type StepContext } from './context.ts'
import { asUserError } from './each-model.ts'
import { namedStore } from './model-store.ts'
import { openRecords } from './records.ts'

/** The version that a candidate is compared with: what would be replaced. */
export interface Champion {
  version: string
  /** The stage that holds it; null for a version that is registered and nowhere live. */
  stage: string | null
}

/**
 * Today's champion: what the last stage holds, in the order of the model file; where that is empty, the stage before;
 * where all are empty, the newest version that is not in quarantine. Null only when the registry was read and holds none.
 */
export function chooseChampion(
  stages: readonly string[],
  state: {
    versions: ReadonlyArray<{ version: string }>
    stages: Record<string, { current: string | null }>
    quarantined: ReadonlyArray<{ version: string }>
  },
): Champion | null {
  for (const stage of stages.toReversed()) {
    const version = state.stages[stage]?.current
    if (version) return { version, stage }
  }
  const newest = newestSound(state)
  return newest ? { version: newest.version, stage: null } : null
}

/** Reads today's champion from the registry. */
export async function findChampion(context: StepContext, model: Model): Promise<Champion | null> {
  const github = needGitHub(
    context,
    `read which version of ${model.name} is live`,
    'To judge a candidate alone: modelyard evaluate --champion none.',
  )
  return chooseChampion(Object.keys(model.stages), await readState(github, model.name))
}

/**
 * The same for a step that works without knowing: undefined where there is no GitHub to ask, or no answer, which the log
 * says.
 */
export async function seekChampion(context: StepContext, model: Model): Promise<Champion | null | undefined> {
  if (!context.github) return undefined
  try {
    return await findChampion(context, model)
  } catch (error) {
    const mendable = asUserError(error)
    if (!mendable) throw error
    context.log.info(`Which version of ${model.name} is live is not known: ${mendable.message}`)
    return undefined
  }
}

/** Fetches a champion's bytes, verified, into the folder of the model's records. */
export async function fetchChampion(context: StepContext, model: Model, champion: Champion): Promise<string> {
  const github = needGitHub(context, `fetch ${model.name} ${champion.version}`)
  const folder = join(await openRecords(context, model.name), 'champion', champion.version)
  const store = await namedStore(context, model)
  const wanted = { model: model.name, version: champion.version, folder, cache: context.cache, store }
  return (await fetchVersion(github, wanted)).path
}
