import { parseTag } from '../tags/grammar.ts'
import type { TagFact } from '../tags/state.ts'
import { quote } from './of-tags.ts'
import { few } from './of-versions.ts'
import type { LoggedEvent, Trap } from './trap.ts'

/**
 * Where the logs and the tags tell two stories. A model without a log was never written by Modelyard. Tags that were
 * made after the logs were read are none that these lack.
 */
export function findTrapsOfLogs(facts: readonly TagFact[], logs: readonly LoggedEvent[], asOf?: Date): Trap[] {
  const tags = new Map(facts.map((fact) => [fact.name, fact]))
  const before = asOf ? facts.filter(({ time }) => Date.parse(time) < secondOf(asOf)) : facts
  const byModel = Map.groupBy(logs, ({ model }) => model)
  return [...byModel].flatMap(([model, events]) => {
    // Of entries that announce one name, only the last can have come to be.
    const last = [...new Map(events.map((event) => [event.tag, event])).values()]
    return [...last.flatMap((event) => ofEvent(event, tags.get(event.tag))), ...pastTheLog(model, events, before)]
  })
}

/** Tags have no finer times. */
function secondOf(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000
}

function ofEvent({ model, entry, tag, commit, isTip, isDraft }: LoggedEvent, held: TagFact | undefined): Trap[] {
  const common = { model, tags: [tag] }
  const finish = {
    mend: `The next event of ${model} finishes it first; or let it be done now.`,
    remedy: { do: 'finish', model },
  } as const
  if (!held && isTip)
    return [
      {
        ...{ kind: 'unfinished event', level: 'warn', ...common, ...finish },
        finding: `${tag} is announced in the log of ${model}, and the tag is not there yet.`,
      },
    ]
  if (!held)
    return [
      {
        ...{ kind: 'event without tag', level: 'fail', ...common },
        finding: `${tag} is in the log of ${model}, but the tag was deleted: what it said is gone from every reading.`,
        mend: 'Put back the very tag that the log names.',
        remedy: { do: 'restore', model, tag, entry },
      },
    ]
  if (held.object === null || held.target !== commit)
    return [
      {
        ...{ kind: 'another tag', level: 'fail', ...common },
        finding: `${tag} is not the tag that the log of ${model} announces, which names ${commit.slice(0, 12)}: it was moved, or another tool was quicker and the event never happened.`,
        mend: `Delete it (git push origin ${quote(`:refs/tags/${tag}`)}); then modelyard registry doctor --mend puts back the one that the log names. A ruleset of the repository keeps tags from being moved.`,
      },
    ]
  if (!isDraft) return []
  return [
    {
      ...{ kind: 'unfinished event', level: 'warn', ...common, ...finish },
      finding: `${tag} is there, but its release is still a draft.`,
    },
  ]
}

function pastTheLog(model: string, events: readonly LoggedEvent[], facts: readonly TagFact[]): Trap[] {
  const logged = new Set(events.map(({ tag }) => tag))
  const own = facts.filter(({ name, object }) => object !== null && parseTag(name)?.name === model)
  const tags = own.filter(({ name }) => !logged.has(name)).map(({ name }) => name)
  if (tags.length === 0) return []
  return [
    {
      ...{ kind: 'past the log', level: 'warn', model, tags },
      finding: `${tags.length} of ${own.length} events of ${model} were made past its log (${few(tags)}): they count, but nothing kept them and ours in order.`,
      mend: 'Make events with Modelyard alone: then nobody decides on a state that is gone.',
    },
  ]
}
