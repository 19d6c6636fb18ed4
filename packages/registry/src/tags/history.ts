import type { PastEvent } from '@modelyard/spec'
import { inOrder, ofModel, stagesAmong, type TagFact, type Version } from './state.ts'

/** Something that happened to a model, and what its tag says of it. */
export type HistoryEvent = Omit<PastEvent, 'model' | 'reason'> & { message: string }

/** Everything that the tags of a model tell, oldest first. */
export function historyOf(model: string, facts: readonly TagFact[]): HistoryEvent[] {
  const events = inOrder(ofModel(model, facts))
  const stages = stagesAmong(events)
  return events.map(({ tag, name, time, actor, target, message }) => {
    const common = { kind: tag.kind, time, actor, tag: name, commit: target, message }
    if ('version' in tag) return { ...common, version: tag.version, stage: null }
    if (!('stage' in tag)) return { ...common, version: null, stage: null }
    const entry = stages[tag.stage]?.history.find((entry) => entry.tag === name)
    return { ...common, version: entry?.version ?? null, stage: tag.stage }
  })
}

/** Every version that was ever registered, oldest first, whether it is in force or was taken out of the registry. */
export function registrationsOf(model: string, facts: readonly TagFact[]): Version[] {
  return inOrder(ofModel(model, facts)).flatMap(({ tag, name, target: commit, time, actor, message }) =>
    tag.kind === 'registration' ? [{ version: tag.version, commit, tag: name, time, actor, message }] : [],
  )
}
