import type { Stats } from 'node:fs'
import { lstat, mkdir, readdir, realpath, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { UserError } from './user-error.ts'

/** The folder of what Modelyard itself keeps in a repository. */
const OWN = '.modelyard'

/**
 * Throws a `UserError` where a symbolic link on the way to `path`, a file's path in the repository at `root`, leads out
 * of it: whoever wrote the repository must not choose where on this machine is written. The file need not be there yet.
 */
export async function ensureInside(root: string, path: string): Promise<void> {
  const top = await realpath(root)
  for (const folder of prefixes(path).slice(0, -1)) {
    const place = join(root, folder)
    if (!(await look(place))) return
    // A link that leads to nothing yet has no real path, and may lead anywhere.
    const real = await realpath(place).catch(() => undefined)
    const inside = real === undefined ? '..' : relative(top, real)
    if (isOutside(inside))
      throw new UserError(
        `${folder} leads out of this repository by a symbolic link, so ${path} is not written: remove the link.`,
      )
  }
}

/**
 * Throws a `UserError` where a file, by its path from a folder, leads out of that by a symbolic link: what is read is
 * told in records and logs. The file need not be there.
 */
export async function refuseOutside(folder: string, path: string): Promise<void> {
  const real = await realpath(join(folder, path)).catch(() => undefined)
  if (real === undefined || !isOutside(relative(await realpath(folder), real))) return
  throw new UserError(`${path} is a link that leads out of the repository. Put the file itself there.`)
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path)
}

/**
 * Makes `.modelyard`, or a folder below it, and answers with its path; git ignores all that is in it. Throws a
 * `UserError` where one of these folders, or a thing in the last, is a symbolic link: what is written would go elsewhere.
 */
export async function makeOwnFolder(root: string, name: string = OWN): Promise<string> {
  const ignore = `${OWN}/.gitignore`
  for (const each of [...prefixes(name), ignore]) await refuseLink(root, each)
  const folder = join(root, name)
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder)) await refuseLink(root, `${name}/${entry}`)
  // This flag makes the file or fails: it follows no link that came meanwhile.
  await writeFile(join(root, ignore), '*\n', { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })
  return folder
}

async function refuseLink(root: string, path: string): Promise<void> {
  if ((await look(join(root, path)))?.isSymbolicLink())
    throw new UserError(`${path} is a symbolic link, and Modelyard writes there itself: remove the link.`)
}

function look(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined)
}

/** `a/b/c` as `a`, `a/b` and `a/b/c`. */
function prefixes(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
