import type { GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { refuseDeprecated, refuseQuarantined, resolveVersion } from '../resolve.ts'
import { nextCounter } from '../tags/counter.ts'
import { formatTag } from '../tags/grammar.ts'
import { announce } from './announce.ts'
import { decide } from './decide.ts'
import { assignmentMessage, modelDigestIn } from './message.ts'

export interface AssignmentRequest {
  model: string
  stage: string
  /** `v1.2.3`. */
  version: string
  /** One sentence on why, for the history. */
  reason: string
  /** The login in whose name it is assigned. */
  actor: string
  /** The version that the stage held when it was decided; null for none. */
  expect: { current: string | null }
  /** Further facts for the tag's message, `Key: value`. */
  trailers?: Record<string, string>
}

interface Assigned {
  /** `m#production#4`. */
  tag: string
  commit: string
  replaces: string | null
  /** Whether the stage held the version already and nothing was written. */
  found: boolean
}

/**
 * Puts a version into a stage: an event in the model's log, then the stage's tag at the version's commit. A rollback
 * is the same call with an older version. Throws a `UserError` where the stage holds something else than was expected,
 * and for a version in quarantine or of a deprecated model.
 */
export async function assign(github: GitHub, request: AssignmentRequest): Promise<Assigned> {
  const { model, stage, reason, actor, expect, trailers = {} } = request
  return decide(github, model, async (snapshot) => {
    const { state } = snapshot
    const target = resolveVersion(state, request.version)
    const { version } = target
    const { current = null, history = [] } = state.stages[stage] ?? {}
    const last = history.at(-1)
    if (current === version && last) {
      const replaces = history.findLast((entry) => entry.kind === 'assignment' && entry.version !== version)
      return { tag: last.tag, commit: last.commit, replaces: replaces?.version ?? null, found: true }
    }
    if (current !== expect.current) {
      throw new UserError(
        `${stage} of ${model} holds ${current ?? 'nothing'} now, not ${expect.current ?? 'nothing'}, so it was left as it is. Plan the move to ${version} again.`,
      )
    }
    refuseDeprecated(state)
    refuseQuarantined(state, version)

    const tag = formatTag({ kind: 'assignment', name: model, stage, counter: nextCounter(state, stage) })
    const { commit } = target
    const digest = modelDigestIn(target.message)
    const message = assignmentMessage({ model, version, stage, replaces: current, reason, digest, trailers })
    const event = { type: 'assignment', model, version, commit, actor, stage, reason } as const
    if ((await announce(github, snapshot, { event, tag, message })) === 'lost') return 'lost'
    return { tag, commit, replaces: current, found: false }
  })
}
