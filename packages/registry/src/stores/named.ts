import { UserError } from '@modelyard/spec'

/**
 * Answers with a manifest's pointer where it lies in a store that the reader names: in its model file, or in
 * MODELYARD_STORE, several with spaces between them. Whoever may push a tag writes a manifest, and could send this
 * machine with its logins to any host otherwise. Git LFS is the repository's own. Throws a `UserError` for any other.
 */
export function refuseUnnamed(
  pointer: string,
  { file, store }: { file: string; store: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): string {
  const named = [store ?? '', ...(env.MODELYARD_STORE ?? '').split(/\s+/)]
  if (pointer === 'lfs' || named.some((one) => liesIn(pointer, one))) return pointer
  throw new UserError(
    `${file} lies in the store ${JSON.stringify(pointer)}, which nobody named here: nothing was asked of it. If it is yours, set MODELYARD_STORE to it.`,
  )
}

/** As URLs, so that `..` leads out of no prefix. */
function liesIn(pointer: string, store: string): boolean {
  if (!URL.canParse(pointer) || !URL.canParse(store)) return false
  const folder = (url: string) => new URL(url).href.replace(/\/?$/, '/')
  return folder(pointer).startsWith(folder(store))
}
