import { advanceRef, deleteDraft, type GitHub, hasStatus, isRuledOut, loadText } from '@modelyard/github'
import { parseJson, RefusedError, RegistryEvent, UserError } from '@modelyard/spec'
import { announce } from '../events/announce.ts'
import { decide, settle } from '../events/decide.ts'
import { assignmentMessage, modelDigestIn, unassignmentMessage } from '../events/message.ts'
import { explainConflict } from '../events/ref-conflict.ts'
import { resolveVersion } from '../resolve.ts'
import { nextCounter } from '../tags/counter.ts'
import { formatTag } from '../tags/grammar.ts'
import { readDraft } from './read-drafts.ts'
import type { Remedy } from './trap.ts'

/**
 * Mends a trap, by a new event or by making what an event announced; rewrites nothing. Answers with what was done, as a
 * sentence. Throws a `UserError` where it cannot be mended so.
 */
export async function mend(github: GitHub, remedy: Remedy, { actor }: { actor: string }): Promise<string> {
  switch (remedy.do) {
    case 'finish':
      await settle(github, remedy.model)
      return `The newest event of ${remedy.model} is finished.`
    case 'restore':
      return restore(github, remedy)
    case 'discard':
      return discard(github, remedy)
    default:
      return say(github, remedy, actor)
  }
}

async function restore(github: GitHub, { tag, entry }: Remedy & { do: 'restore' }): Promise<string> {
  const text = await loadText(github, entry, 'event.json')
  const event = RegistryEvent.safeParse(text === null ? undefined : parseJson(text))
  if (!event.success || event.data.tag.name !== tag)
    throw new UserError(
      `The entry ${entry.slice(0, 12)} of the log does not say which tag ${tag} was, so it is not put back.`,
    )
  const { object } = event.data.tag
  const outcome = await advanceRef(github, { ref: `refs/tags/${tag}`, from: null, to: object }).catch(async (error) => {
    if (isRuledOut(error)) throw new RefusedError(error.message, { cause: error })
    if (!hasStatus(error, 404, 422)) throw error
    await explainConflict(github, tag)
    throw new UserError(
      `${tag} cannot be put back: GitHub has its object ${object.slice(0, 12)} no more. Push it from a clone that still has it: git push origin ${object}:'refs/tags/${tag}'`,
      { cause: error },
    )
  })
  if (outcome === 'lost') throw new UserError(`${tag} is another tag by now, so it was left as it is. Look again.`)
  return `${tag} is there again.`
}

/** Deletes a draft that is as it was found, after what may have been about to become of it. */
async function discard(github: GitHub, { model, release, changed }: Remedy & { do: 'discard' }): Promise<string> {
  await settle(github, model)
  if ((await readDraft(github, release))?.changed !== changed)
    throw new UserError(`The draft ${release} of ${model} changed by now, so it was left as it is. Look again.`)
  await deleteDraft(github, release)
  return `The draft ${release} of ${model} is deleted.`
}

/**
 * Says once more what a stage holds, or that it holds nothing, later than all else that was said of it. Where the answer
 * was lost and it was said already, it is not said again.
 */
async function say(github: GitHub, remedy: Remedy & { do: 'assign' | 'unassign' }, actor: string): Promise<string> {
  const { model, stage, version, after } = remedy
  const isAssigned = remedy.do === 'assign'
  const kind = isAssigned ? 'assignment' : 'unassignment'
  return decide(github, model, async (snapshot) => {
    const { state } = snapshot
    const { current = null, history = [] } = state.stages[stage] ?? {}
    const last = history.at(-1)
    const says = `says that ${stage} of ${model} holds ${current ?? 'nothing'}.`
    const isSame = current === (isAssigned ? version : null)
    if (isSame && last && last.tag !== after && last.kind === kind && last.version === version)
      return `${last.tag} ${says}`
    if (!isSame || last?.tag !== after)
      throw new UserError(
        `${stage} of ${model} holds ${current ?? 'nothing'} by now${isSame ? ', by another event' : ''}, so it was left as it is. Look again.`,
      )
    const { commit, message: registration } = resolveVersion(state, version)
    const tag = formatTag({ kind, name: model, stage, counter: nextCounter(state, stage) })
    const reason = `So that gto reads what Modelyard does: ${current ?? 'nothing'}.`
    const digest = modelDigestIn(registration)
    const message = isAssigned
      ? assignmentMessage({ model, version, stage, replaces: current, reason, digest, trailers: {} })
      : unassignmentMessage({ model, version, stage, reason })
    const event = { type: kind, model, version, commit, actor, stage, reason } as const
    if ((await announce(github, snapshot, { event, tag, message })) === 'lost') return 'lost'
    return `${tag} ${says}`
  })
}
