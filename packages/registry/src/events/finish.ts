import {
  advanceRef,
  type GitHub,
  hasStatus,
  isRuledOut,
  type Release,
  readRelease,
  updateRelease,
} from '@modelyard/github'
import { RefusedError, type RegistryEvent } from '@modelyard/spec'
import type { TagFact } from '../tags/state.ts'
import type { Page } from './draft.ts'
import { explainConflict } from './ref-conflict.ts'

export interface Finished {
  /** False where the tag's name was taken by another tag meanwhile: then the event never happened. */
  holds: boolean
  /** The release that was published now; null where none was, or it is gone, or another tool's release is in its way. */
  published: Release | null
}

/** What is known already of what an event announced. */
export interface Known {
  facts?: readonly TagFact[]
  release?: Pick<Release, 'id' | 'draft'> | null
  /** What the release is to say. */
  page?: Page
}

/** Makes what an event announced: its tag, then, for a registration, its release. What is made already stays. */
export async function finish(
  github: GitHub,
  event: RegistryEvent,
  { facts = [], release: known, page }: Known = {},
): Promise<Finished> {
  const held = facts.find(({ name }) => name === event.tag.name)
  const holds = held ? held.object === event.tag.object : await makeTag(github, event)
  if (!holds || event.type !== 'registration') return { holds, published: null }
  const release = known?.id === event.release ? known : await readRelease(github, event.release)
  if (!release?.draft) return { holds, published: null }
  return { holds, published: await publish(github, event.release, event.tag.name, page) }
}

async function makeTag(github: GitHub, { model, tag }: RegistryEvent): Promise<boolean> {
  try {
    const outcome = await advanceRef(github, { ref: `refs/tags/${tag.name}`, from: null, to: tag.object })
    return outcome === 'advanced'
  } catch (error) {
    if (hasStatus(error, 422) && !isRuledOut(error)) await explainConflict(github, tag.name)
    if (!isRuledOut(error)) throw error
    throw new RefusedError(
      `${error.message} The log of ${model} announces the tag ${tag.name}: until it is made, nothing else happens to ${model}.`,
      { cause: error },
    )
  }
}

/**
 * Publishes a draft; answers with it. Where GitHub refuses, because another release has the tag already, it stays
 * a draft: that is for the registration to say, and must keep nobody from moving a stage.
 */
async function publish(github: GitHub, id: number, tag: string, page: Page | undefined): Promise<Release | null> {
  try {
    return await updateRelease(github, id, { tag, draft: false, ...page })
  } catch (error) {
    if (hasStatus(error, 404, 422)) return null
    throw error
  }
}
