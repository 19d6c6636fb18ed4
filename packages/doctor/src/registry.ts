import { type GitHub, readOriginal } from '@modelyard/github'
import {
  FETCH_TAGS_SHALLOW,
  findTraps,
  findTrapsOfDrafts,
  isShallow,
  parseTag,
  readAllTags,
  readDrafts,
  readLogs,
  readTagsOfClone,
  type TagFact,
  type Trap,
} from '@modelyard/registry'
import type { Finding } from './finding.ts'

/**
 * Looks for traps in the registry: on GitHub with its logs, and in this clone beside it; without GitHub in this clone
 * alone. Changes nothing. Throws a `UserError` where neither can be read.
 */
export async function examineRegistry({ root, github }: { root: string; github?: GitHub }): Promise<Trap[]> {
  if (!github) {
    const held = await readTagsOfClone(root)
    return [...shallow(await isShallow(root)), ...findTraps(held)]
  }
  // Whatever happens meanwhile, no draft lacks its event, and no event its tag, because it was read too late.
  const drafts = await readDrafts(github)
  const asOf = new Date()
  const logs = await readLogs(github)
  const facts = await readAllTags(github)
  // With GitHub there need not be a clone.
  const held = await readTagsOfClone(root).catch(() => facts)
  const isCut = await isShallow(root).catch(() => false)
  const traps = await inFork(github, findTraps(facts, logs, asOf))
  return [...lacking(facts, held, isCut), ...traps, ...findTrapsOfDrafts(drafts, logs, asOf)]
}

/** GitHub copies tags into a fork, and no logs: what was made in the original is past the log of none. */
async function inFork(github: GitHub, traps: Trap[]): Promise<Trap[]> {
  const isPast = ({ kind }: Trap) => kind === 'past the log'
  if (!traps.some(isPast) || (await readOriginal(github)) === null) return traps
  const mend =
    'This repository is a fork, into which GitHub copies tags and no logs: for those of the original nothing is to be done.'
  return traps.map((trap) => (isPast(trap) ? { ...trap, mend } : trap))
}

/** Each trap under its model. */
export function asFindings(traps: readonly Trap[]): Finding[] {
  return traps.map(({ model, level, finding, mend }) => ({ about: model ?? 'this clone', level, finding, mend }))
}

const FETCH = 'git fetch --tags --force origin brings them.'
/** In a clone that is whole it would take the history away. */
const FETCH_LITTLE = `${FETCH_TAGS_SHALLOW} brings them, and little else.`

function shallow(isSo: boolean): Trap[] {
  if (!isSo) return []
  return [
    {
      ...{ kind: 'shallow clone', level: 'warn', model: null, tags: [] },
      finding: 'This clone is shallow, so it may lack tags: gto show may say that nothing is in production.',
      mend: FETCH_LITTLE,
    },
  ]
}

/** What a checkout brings: with a depth, only the tags of the commits that it brings. */
function lacking(facts: readonly TagFact[], held: readonly TagFact[], isCut: boolean): Trap[] {
  const names = new Set(held.map(({ name }) => name))
  const own = facts.filter(({ name }) => parseTag(name))
  const tags = own.filter(({ name }) => !names.has(name)).map(({ name }) => name)
  if (tags.length === 0) return []
  return [
    {
      ...{ kind: 'shallow clone', level: 'warn', model: null, tags },
      finding: `This clone lacks ${tags.length} of the ${own.length} tags of models: gto show says here what was true without them.`,
      mend: isCut ? FETCH_LITTLE : FETCH,
    },
  ]
}
