import type { GitHub } from '@modelyard/github'
import { QUARANTINE } from '@modelyard/spec'
import { resolveVersion } from '../resolve.ts'
import { nextCounter } from '../tags/counter.ts'
import { formatTag, needVersion } from '../tags/grammar.ts'
import { announce } from './announce.ts'
import { decide } from './decide.ts'
import { quarantineMessage } from './message.ts'

export interface QuarantineRequest {
  model: string
  /** `v1.2.3`. */
  version: string
  /** Takes the version out of quarantine. */
  lift?: boolean
  /** One sentence on why, for the history. */
  reason: string
  /** The login in whose name it is done. */
  actor: string
}

/**
 * Puts a version into quarantine, or takes it out: an event in the model's log, then a tag at the version's commit. In
 * GTO's grammar it is a stage of that name (`m#quarantine#1`, `m#quarantine!#2`), which may hold many versions.
 * `found` means that it was so already and nothing was written; `stages` hold the version all the same.
 */
export async function quarantine(
  github: GitHub,
  { model, version, lift = false, reason, actor }: QuarantineRequest,
): Promise<{ tag: string | null; found: boolean; stages: string[] }> {
  needVersion(version)
  return decide(github, model, async (snapshot) => {
    const { state } = snapshot
    const { commit } = resolveVersion(state, version)
    const stages = Object.keys(state.stages).filter((stage) => state.stages[stage]!.current === version)
    const held = state.quarantined.find((entry) => entry.version === version)
    if ((held !== undefined) !== lift) return { tag: held?.tag ?? null, found: true, stages }

    const kind = lift ? 'unassignment' : 'assignment'
    const tag = formatTag({ kind, name: model, stage: QUARANTINE, counter: nextCounter(state, QUARANTINE) })
    const event = { type: 'quarantine', model, version, commit, actor, lifted: lift, reason } as const
    const message = quarantineMessage({ model, version, lift, reason })
    if ((await announce(github, snapshot, { event, tag, message })) === 'lost') return 'lost'
    return { tag, found: false, stages }
  })
}
