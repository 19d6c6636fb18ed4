import { lstat } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import { ensureInside, UserError } from '@modelyard/spec'
import type { Wanted } from './remote.ts'

/**
 * The file that a thing of some name becomes, in the model's folder. Throws a `UserError` for a name that leads
 * elsewhere or into the folders of git and of Modelyard: whoever fills a bucket must
 * not write what git runs, or a record.
 */
export function targetOf({ from, to }: Pick<Wanted, 'from' | 'to'>, name: string): string {
  const target = to.endsWith('/') ? to + name : to
  const isForbidden = target.split('/').some((part) => ['..', '.git', '.modelyard'].includes(part.toLowerCase()))
  if (isForbidden || target.endsWith('/') || /[\\\p{Cc}]/u.test(target)) {
    throw new UserError(
      `${JSON.stringify(name)} of ${sayFrom(from)} cannot become a file of ${to}: its name leads elsewhere. Name a file in data.fetch's "to", or let prepare fetch it.`,
    )
  }
  return posix.normalize(target)
}

/** Where a target lies. Throws a `UserError` where it is a folder or a link, or lies behind a link out of the repository. */
export async function pathOf({ root, folder }: { root: string; folder: string }, to: string): Promise<string> {
  const path = join(folder, to)
  await ensureInside(root, relative(root, path).replaceAll(sep, '/'))
  const found = await lstat(path).catch(() => undefined)
  if (!found || found.isFile()) return path
  const mend = found.isDirectory() ? `write ${to}/ to put files into it` : 'remove it'
  throw new UserError(
    `data.fetch writes the file ${to}, which is ${found.isDirectory() ? 'a folder' : 'a link'}: ${mend}.`,
  )
}

/** Throws a `UserError` where two things become one file. */
export function refuseTwice(files: ReadonlyArray<{ from: string; to: string }>): void {
  const first = new Map<string, string>()
  for (const { from, to } of files) {
    if (first.has(to))
      throw new UserError(`data.fetch writes ${to} twice: of ${first.get(to)} and of ${from}. Name two files in "to".`)
    first.set(to, from)
  }
}

/** An address without its login and its query, which may be secret. */
export function sayFrom(from: string): string {
  return from.replace(/^(https:\/\/)(?:[^/]*@)?([^?#]*).*$/s, '$1$2')
}
