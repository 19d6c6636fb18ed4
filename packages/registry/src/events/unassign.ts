import type { GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { nextCounter } from '../tags/counter.ts'
import { formatTag } from '../tags/grammar.ts'
import type { Stage, State } from '../tags/state.ts'
import { announce } from './announce.ts'
import { decide } from './decide.ts'
import { unassignmentMessage } from './message.ts'

interface UnassignmentRequest {
  model: string
  stage: string
  /** The version that the stage holds: `v1.2.3`. */
  version: string
  /** One sentence on why, for the history. */
  reason: string
  /** The login in whose name it is done. */
  actor: string
}

/**
 * Empties a stage: an event in the model's log, then a tag at the version's commit (`m#production!#4`). What the target
 * serves is not touched. `found` means that the stage was emptied of this version already and nothing was written.
 * Throws a `UserError` where the stage holds something else.
 */
export async function unassign(
  github: GitHub,
  { model, stage, version, reason, actor }: UnassignmentRequest,
): Promise<{ tag: string; found: boolean }> {
  return decide(github, model, async (snapshot) => {
    const { state } = snapshot
    const { current, history } = needStage(state, stage)
    const last = history.at(-1)
    if (last?.kind === 'unassignment' && last.version === version) return { tag: last.tag, found: true }
    if (current !== version || !last) {
      throw new UserError(
        `${stage} of ${model} holds ${current ?? 'nothing'}, not ${version}, so it was left as it is. Ask for what it holds.`,
      )
    }
    const { commit } = last
    const tag = formatTag({ kind: 'unassignment', name: model, stage, counter: nextCounter(state, stage) })
    const event = { type: 'unassignment', model, version, commit, actor, stage, reason } as const
    const message = unassignmentMessage({ model, version, stage, reason })
    if ((await announce(github, snapshot, { event, tag, message })) === 'lost') return 'lost'
    return { tag, found: false }
  })
}

function needStage({ model, stages }: State, stage: string): Stage {
  const found = stages[stage]
  if (found) return found
  throw new UserError(
    `Nothing was ever in ${stage} of ${model}. Its stages are: ${Object.keys(stages).join(', ') || 'none yet'}.`,
  )
}
