import { type GitHub, listRefs, readRef } from '@modelyard/github'
import { RefusedError } from '@modelyard/spec'

/** A ref is a file of git's: where `a` is one, there can be no `a/b`, and the other way round. */
export function refuseConflicts(tag: string, names: readonly string[]): void {
  const found = names.filter((name) => name.startsWith(`${tag}/`) || tag.startsWith(`${name}/`))
  if (found.length === 0) return
  const [its, them] = found.length === 1 ? ['the tag', 'it'] : ['the tags', 'them']
  throw new RefusedError(
    `The tag ${tag} cannot be made while there ${found.length === 1 ? 'is' : 'are'} ${its} ${found.join(', ')}: git has no ref below another one. Delete ${them} (git push origin --delete ${found.map((name) => `'refs/tags/${name}'`).join(' ')}), and run it again.`,
  )
}

/** Asks GitHub what stands in the way of a tag that it did not make; throws a `RefusedError` that says so. */
export async function explainConflict(github: GitHub, tag: string): Promise<void> {
  const prefix = 'refs/tags/'
  const folders = tag.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))
  const [below, above] = await Promise.all([
    listRefs(github, `${prefix}${tag}/`),
    Promise.all(folders.slice(1).map(async (name) => ((await readRef(github, prefix + name)) ? [name] : []))),
  ])
  refuseConflicts(tag, [...below.map(({ ref }) => ref.slice(prefix.length)), ...above.flat()])
}
