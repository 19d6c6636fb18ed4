import { modelDigestIn } from '../events/message.ts'
import { type Fact, inOrder, ofModel, type State, type TagFact } from '../tags/state.ts'
import type { Trap } from './trap.ts'

/** What is odd about the versions of a model. */
export function findTrapsOfVersions(state: State, facts: readonly TagFact[]): Trap[] {
  const events = inOrder(ofModel(state.model, facts))
  return [...onOneCommit(state, events), ...registeredTwice(state, events), ...notByModelyard(state)]
}

/** GTO asks which version a stage's tag means by the commit alone, and counts what was deregistered there. */
function onOneCommit({ model }: State, events: readonly Fact[]): Trap[] {
  const byCommit = Map.groupBy(events, ({ target }) => target)
  return [...byCommit].flatMap(([commit, there]) => {
    const versions = [...new Set(there.flatMap(({ tag }) => ('version' in tag ? [tag.version] : [])))]
    if (versions.length < 2) return []
    const hasStage = there.some(({ tag }) => 'stage' in tag)
    const its = hasStage
      ? 'gto show fails for every model'
      : 'the first stage that one of them takes makes gto show fail for every model'
    return [
      {
        ...{ kind: 'versions on one commit', level: hasStage ? 'fail' : 'warn', model },
        tags: there.map(({ name }) => name),
        finding: `${model} has the versions ${versions.join(' and ')} on one commit (${commit.slice(0, 12)}): ${its}. Modelyard takes the one that was registered last before each event.`,
        mend: `New events do not mend it. Register with Modelyard, which gives each version a commit of its own; for gto, delete the tags of all but one of these.`,
      } satisfies Trap,
    ]
  })
}

function registeredTwice({ model }: State, events: readonly Fact[]): Trap[] {
  const registrations = events.filter(({ tag }) => tag.kind === 'registration')
  const byVersion = Map.groupBy(registrations, ({ tag }) => ('version' in tag ? tag.version : ''))
  return [...byVersion].flatMap(([version, there]) => {
    if (there.length < 2) return []
    const tags = there.map(({ name }) => name)
    return [
      {
        ...{ kind: 'registered twice', level: 'warn', model, tags },
        finding: `${model} ${version} was registered ${there.length} times (${tags.join(', ')}): for Modelyard the last one counts; gto show ${model} may end with an error.`,
        mend: 'Give a version that was taken back a new number when it comes again.',
      } satisfies Trap,
    ]
  })
}

function notByModelyard({ model, versions }: State): Trap[] {
  const foreign = versions.filter(({ message }) => modelDigestIn(message) === null)
  if (foreign.length === 0) return []
  const names = foreign.map(({ version }) => version)
  return [
    {
      ...{ kind: 'not by Modelyard', level: 'warn', model, tags: foreign.map(({ tag }) => tag) },
      finding: `${names.length} of ${versions.length} versions of ${model} were not registered by Modelyard (${few(names)}): there is no manifest that says which bytes they are.`,
      mend: 'What is to be fetched and verified has to be registered by Modelyard, as a version of its own.',
    },
  ]
}

/** The newest of many. */
export function few(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(-3).join(', ')} and ${names.length - 3} more`
}
