import { advanceRef, type GitHub, type Release, readRelease, updateRelease } from '@modelyard/github'
import { RefusedError, type RegistryEvent } from '@modelyard/spec'
import { type LogTip, readLogTip } from './log.ts'
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
    const outcome = await attempt(await readSnapshot(github, model))
    if (outcome !== 'lost') return outcome
  }
  throw new RefusedError(
    `Others kept changing ${model} at the same time: after ${ATTEMPTS} attempts nothing was written. Run it again.`,
  )
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
  /** The release of a registration, where it is still there. */
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
  return {
    holds: true,
    madeTag,
    release: await updateRelease(github, release.id, { tag: event.tag.name, draft: false, ...page }),
  }
}

/** The time of a model's next tag: now, and later than all before it, in whole seconds as git keeps them. */
export function nextTime({ lastTime }: State, now: Date = new Date()): string {
  const earliest = lastTime === null ? 0 : Math.floor(Date.parse(lastTime) / 1000) + 1
  return new Date(Math.max(Math.floor(now.getTime() / 1000), earliest) * 1000).toISOString()
}
