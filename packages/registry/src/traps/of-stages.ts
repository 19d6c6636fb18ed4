import { QUARANTINE } from '@modelyard/spec'
import { parseTag } from '../tags/grammar.ts'
import type { GtoModel } from '../tags/gto.ts'
import type { Assignment, Stage, State } from '../tags/state.ts'
import { quote } from './of-tags.ts'
import type { Trap } from './trap.ts'

/** What is odd about the stages of a model, and where GTO, if it reads the repository at all, says otherwise. */
export function findTrapsOfStages(state: State, gto: GtoModel | undefined): Trap[] {
  const { model, stages } = state
  return Object.entries(stages).flatMap(([name, stage]) => {
    const of = { model, name, stage }
    return [
      ...(gto ? disagreement(state, of, gto) : []),
      ...equalSeconds(of),
      ...orderOfCounters(of),
      ...movedVersions(state, of),
      ...unregisteredCommit(state, of),
    ]
  })
}

interface OfStage {
  model: string
  name: string
  stage: Stage
}

function disagreement({ versions }: State, { model, name, stage }: OfStage, gto: GtoModel): Trap[] {
  const its = gto.stages[name] ?? null
  const ours = stage.current
  if (its === ours || name === QUARANTINE) return []
  const what = {
    ...{ kind: 'disagreement', level: 'warn', model, tags: stage.history.slice(-3).map(({ tag }) => tag) },
    finding: `${name} of ${model} holds ${ours ?? 'nothing'}; gto shows ${its ?? 'nothing'} there${why(ours)}.`,
  } satisfies Partial<Trap>
  const isVersion = (wanted: string | null) => versions.some(({ version }) => version === wanted)
  const move = { model, stage: name, after: stage.history.at(-1)!.tag }
  if (ours === null && isVersion(its))
    return [
      {
        ...what,
        mend: `Take ${its} out of ${name} as well, by an event that says so.`,
        remedy: { do: 'unassign', ...move, version: its! },
      },
    ]
  if (isVersion(ours))
    return [
      {
        ...what,
        mend: `Assign ${ours} to ${name} once more: an event that is later than all others counts for both.`,
        remedy: { do: 'assign', ...move, version: ours! },
      },
    ]
  return [{ ...what, mend: `Deploy a registered version to ${name}.` }]
}

function why(ours: string | null): string {
  return ours === null
    ? ', because it goes back to an earlier version where the last one was taken away'
    : ', because it goes by the second and then by the age of the version'
}

function equalSeconds({ model, name, stage }: OfStage): Trap[] {
  return pairs(stage.history).flatMap(([before, after]) => {
    if (before.time !== after.time || before.version === after.version) return []
    return [
      {
        ...{ kind: 'equal seconds', level: 'warn', model, tags: [before.tag, after.tag] },
        finding: `${before.tag} and ${after.tag} bear the same second: for gto the older version is in ${name} then, for Modelyard the one with the higher counter (${after.version}).`,
        mend: 'Modelyard writes no two events of a model in one second. Where the two still differ, that is said above.',
      } satisfies Trap,
    ]
  })
}

function orderOfCounters({ model, name, stage }: OfStage): Trap[] {
  const counterOf = ({ tag }: Assignment) => parseTag(tag)?.counter ?? 0
  return pairs(stage.history).flatMap(([before, after]) => {
    if (counterOf(before) <= counterOf(after)) return []
    return [
      {
        ...{ kind: 'order of counters', level: 'warn', model, tags: [before.tag, after.tag] },
        finding: `${before.tag} is older than ${after.tag}, by their times: somebody's clock was wrong. In ${name} the time counts, for gto and for Modelyard, not the number.`,
        mend: `Look whether ${name} holds what it should (${stage.current ?? 'nothing'}); if not, deploy it again.`,
      } satisfies Trap,
    ]
  })
}

/** An event says in its message which version it is about: where its commit is not that version's, a tag was moved. */
function movedVersions({ versions }: State, { model, name, stage }: OfStage): Trap[] {
  const moved = stage.history.flatMap(({ version: bound, commit, tag, message }) => {
    const meant = /^.*version '?(v\d[^\s']*)'?$/.exec(message.split('\n')[0]!)?.[1]
    const now = versions.find(({ version }) => version === meant)
    return now && bound !== meant && now.commit !== commit ? [{ ...now, event: tag, was: commit }] : []
  })
  return [...Map.groupBy(moved, ({ tag }) => tag).values()].map(([first]) => ({
    ...{ kind: 'moved version', level: 'fail', model, tags: [first!.tag, first!.event] },
    finding: `${first!.tag} names ${first!.commit.slice(0, 12)} now, but ${first!.event} put ${first!.version} into ${name} when it was ${first!.was.slice(0, 12)}: the tag was moved.`,
    mend: `If Modelyard registered it, delete it (git push origin ${quote(`:refs/tags/${first!.tag}`)}); then modelyard registry doctor --mend puts it back. Else whoever has it pushes it again. A ruleset for ${model}@* keeps tags from being moved.`,
  }))
}

function unregisteredCommit({ versions }: State, { model, name, stage }: OfStage): Trap[] {
  const { current, history } = stage
  if (current === null || versions.some(({ version }) => version === current)) return []
  const tags = history.filter(({ version }) => version === current).map(({ tag }) => tag)
  return [
    {
      ...{ kind: 'unregistered commit', level: 'warn', model, tags },
      finding: `${name} of ${model} holds the bare commit ${current.slice(0, 12)}, at which no version is registered: nothing can be fetched or checked.`,
      mend: `Register the model, and deploy that version to ${name}.`,
    },
  ]
}

function pairs<T>(list: readonly T[]): Array<[T, T]> {
  return list.slice(1).map((after, index) => [list[index]!, after])
}
