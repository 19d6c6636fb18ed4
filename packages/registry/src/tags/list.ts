import { type GitHub, listRefs, loadTag, type RefTarget } from '@modelyard/github'
import { versionPath } from '../manifest.ts'
import { annotated, lightweight } from './fact.ts'
import { compareVersions, parseTag } from './grammar.ts'
import { deriveState, type State, type TagFact } from './state.ts'

/** A tag's name (without `refs/tags/`) and what it points at. */
export type ListedTag = { name: string } & RefTarget

/** Reads the tags of one model, from the API: what a checkout happened to bring is not asked. */
export async function readTags(github: GitHub, model: string): Promise<TagFact[]> {
  return loadFacts(github, model, await listTags(github, model))
}

/** What the tags of a model say now. */
export async function readState(github: GitHub, model: string): Promise<State> {
  return deriveState(model, await readTags(github, model))
}

/**
 * The tags of a model by name. One request brings those of versions and those of stages, so that they are of one
 * moment and no stage has a version that came later; those of models whose names begin alike are left out.
 */
export async function listTags(github: GitHub, model: string): Promise<ListedTag[]> {
  const start = `refs/tags/${model.replace(':', '=')}`
  const refs = await listRefs(github, start)
  return refs.flatMap(({ ref, ...target }) =>
    /^[@#]/.test(ref.slice(start.length)) ? [{ name: ref.slice('refs/tags/'.length), ...target }] : [],
  )
}

/** Reads the objects of tags, and with the newest version's its manifest, which nearly everybody wants next. */
export async function loadFacts(github: GitHub, model: string, tags: readonly ListedTag[]): Promise<TagFact[]> {
  const newest = newestTag(tags)
  return Promise.all(
    tags.map(async (tag) => {
      if (tag.type !== 'tag') return lightweight(tag.name, tag.sha)
      return annotated(tag.name, await loadTag(github, tag.sha, tag === newest ? versionPath(model) : undefined))
    }),
  )
}

/** The tag of the highest version, by its name alone. */
export function newestTag(tags: readonly ListedTag[]): ListedTag | undefined {
  let highest: { tag: ListedTag; version: string } | undefined
  for (const tag of tags) {
    const parsed = parseTag(tag.name)
    if (parsed?.kind !== 'registration') continue
    if (!highest || compareVersions(parsed.version, highest.version) > 0) highest = { tag, version: parsed.version }
  }
  return highest?.tag
}
