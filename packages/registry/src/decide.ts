import {
  advanceRef,
  type GitHub,
  GitHubError,
  hasStatus,
  type Release,
  readRef,
  readRelease,
  updateRelease,
} from '@modelyard/github'
import { RefusedError, type RegistryEvent } from '@modelyard/spec'
import { type LogTip, logRef, readLogTip } from './log.ts'
import { deriveState, type State, type TagFact } from './state.ts'
import { readTags } from './tags.ts'

/** What a decision stands on: it holds as long as the log still ends with `tip`. */
export interface Snapshot {
  tip: LogTip | null
  state: State
}

const ATTEMPTS = 5

/**
 * Decides on what is there now, and again whenever another event came first. An entry that its writer left unfinished
 * is finished before anything is decided: so only the newest can be unfinished, ever.
 */
export async function decide<T>(
  github: GitHub,
  model: string,
  attempt: (snapshot: Snapshot) => Promise<T | 'lost'>,
): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const snapshot = await readSnapshot(github, model)
    try {
      const outcome = await attempt(snapshot)
      if (outcome !== 'lost') return outcome
    } catch (error) {
      // What was refused because another one took its ground away is decided again.
      if (!(error instanceof GitHubError) || (await isNewest(github, model, snapshot))) throw error
    }
  }
  throw new RefusedError(
    `Others kept changing ${model} at the same time: after ${ATTEMPTS} attempts nothing was written. Run it again.`,
  )
}

async function isNewest(github: GitHub, model: string, { tip }: Snapshot): Promise<boolean> {
  return ((await readRef(github, logRef(model)))?.sha ?? null) === (tip?.sha ?? null)
}

/** Finishes what a killed run left of the model's newest event, whoever's it was. */
export async function settle(github: GitHub, model: string): Promise<void> {
  await readSnapshot(github, model)
}

/** The log is read before the tags: tags that are newer than it only make its entry more finished. */
async function readSnapshot(github: GitHub, model: string): Promise<Snapshot> {
  const tip = await readLogTip(github, model)
  let facts = await readTags(github, model)
  if (tip && (await finish(github, tip.event, facts)).madeTag) facts = await readTags(github, model)
  return { tip, state: deriveState(model, facts) }
}

export interface Finished {
  /** False where the tag's name was taken by another tag meanwhile: then the event never happened. */
  holds: boolean
  madeTag: boolean
  /** The release of a registration, where it is still there; a draft where GitHub did not publish it. */
  release: Release | null
}

/** Makes what an event announced: its tag, then, for a registration, its release. What is made already stays. */
export async function finish(
  github: GitHub,
  event: RegistryEvent,
  facts: readonly TagFact[],
  page?: { name: string; body: string },
): Promise<Finished> {
  const held = facts.find(({ name }) => name === event.tag.name)
  let madeTag = false
  if (!held) {
    const ref = `refs/tags/${event.tag.name}`
    madeTag = (await advanceRef(github, { ref, from: null, to: event.tag.object })) === 'advanced'
  }
  if (held ? held.object !== event.tag.object : !madeTag) return { holds: false, madeTag, release: null }
  if (event.type !== 'registration') return { holds: true, madeTag, release: null }
  const release = await readRelease(github, event.release)
  if (!release?.draft) return { holds: true, madeTag, release }
  return { holds: true, madeTag, release: await publish(github, release, { tag: event.tag.name, ...page }) }
}

/**
 * Publishes a draft. Where GitHub refuses, because another release has the tag already, it stays a draft: that is for
 * the registration to say, and must keep nobody from moving a stage.
 */
export async function publish(
  github: GitHub,
  draft: Release,
  page: { tag: string; name?: string; body?: string },
): Promise<Release> {
  try {
    return await updateRelease(github, draft.id, { ...page, draft: false })
  } catch (error) {
    if (hasStatus(error, 422)) return draft
    throw error
  }
}

/** The time of a model's next tag: now, and later than all before it, in whole seconds as git keeps them. */
export function nextTime({ tip, state }: Snapshot, now: Date = new Date()): string {
  // An entry whose tag another tool was quicker to make has a time, too.
  const before = [state.lastTime, tip?.event.time].flatMap((time) =>
    time ? [Math.floor(Date.parse(time) / 1000)] : [],
  )
  const earliest = Math.max(0, ...before.map((seconds) => seconds + 1))
  return new Date(Math.max(Math.floor(now.getTime() / 1000), earliest) * 1000).toISOString()
}
