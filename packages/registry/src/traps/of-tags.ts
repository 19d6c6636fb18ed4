import { parseTag } from '../tags/grammar.ts'
import type { TagFact } from '../tags/state.ts'
import type { Trap } from './trap.ts'

/** Tags that announce nothing, whatever they were meant to. */
export function findTrapsOfTags(facts: readonly TagFact[]): Trap[] {
  const known = facts.map((fact) => ({ ...fact, tag: parseTag(fact.name) }))
  const models = [...new Set(known.flatMap(({ tag }) => (tag ? [tag.name] : [])))]
  return known.flatMap(({ tag, ...fact }) => {
    if (!tag) return notInTheGrammar(fact, models)
    const model = tag.name
    if (tag.kind === 'creation') return created(fact, model)
    if (fact.isTooLate) return timeOutOfRange(fact, model)
    if (fact.names) return notACommit({ name: fact.name, names: fact.names }, model)
    return fact.object === null ? lightweight(fact, model) : []
  })
}

function created({ name }: TagFact, model: string): Trap[] {
  return [
    {
      ...{ kind: 'created tag', level: 'fail', model, tags: [name] },
      finding: `${name} is in GTO's grammar, but gto cannot read it: gto show ends with KeyError: 'action', for every model.`,
      mend: `Delete it: git push origin --delete ${quote(name)}`,
    },
  ]
}

function notACommit({ name, names }: { name: string; names: NonNullable<TagFact['names']> }, model: string): Trap[] {
  const its = names === 'tag' ? 'it for one of a commit that nobody has' : 'nothing of any model any more'
  return [
    {
      ...{ kind: 'not a commit', level: names === 'tag' ? 'warn' : 'fail', model, tags: [name] },
      finding: `${name} names a ${names}, not a commit, so it announces nothing; gto reads ${its}.`,
      mend: `Delete it (git push origin --delete ${quote(name)}), and make the event again at a commit.`,
    },
  ]
}

function timeOutOfRange({ name }: TagFact, model: string): Trap[] {
  return [
    {
      ...{ kind: 'time out of range', level: 'fail', model, tags: [name] },
      finding: `${name} is dated in the year 10000 or later, so it announces nothing; gto reads nothing of any model any more.`,
      mend: `Delete it (git push origin --delete ${quote(name)}), and make the event again with Modelyard.`,
    },
  ]
}

function lightweight({ name }: TagFact, model: string): Trap[] {
  return [
    {
      ...{ kind: 'lightweight tag', level: 'warn', model, tags: [name] },
      finding: `${name} is a lightweight tag: it announces nothing, for gto and for Modelyard, and yet occupies its name.`,
      mend: `Make the event with Modelyard, under a name that is free; or delete the tag first: git push origin --delete ${quote(name)}`,
    },
  ]
}

/** Tags of other things may look as they like: only what begins as the tags of a model do was meant to be one. */
function notInTheGrammar({ name }: TagFact, models: readonly string[]): Trap[] {
  const model = models.find((each) => ['@', '#'].some((sign) => name.startsWith(each.replace(':', '=') + sign)))
  if (model === undefined) return []
  return [
    {
      ...{ kind: 'not in the grammar', level: 'warn', model, tags: [name] },
      finding: `${name} looks like a tag of ${model}, but it is in no form that Modelyard knows, or a number in it is too large, so it announces nothing.`,
      mend: 'Make the event with Modelyard. Versions look like v1.2.3.',
    },
  ]
}

/** For a shell: a tag's name may hold `#` and `!`. */
export function quote(name: string): string {
  return `'${name}'`
}
