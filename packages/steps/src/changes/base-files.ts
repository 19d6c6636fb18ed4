import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Model, parseModelFile, UserError } from '@modelyard/spec'
import { git } from '../source.ts'

/** A file of a commit, by its path from the repository's root. */
interface Kept {
  path: string
  object: string
}

/** Git LFS keeps a small text in place of a file. */
const LARGEST_POINTER = 1024
const POINTER = 'version https://git-lfs.github.com/spec/'

/**
 * Writes the training data of a model as a commit has them into a folder, and answers with what its model file says of
 * them. Throws a `UserError` where the commit does not have the model, or git does not keep its data.
 */
export async function writeFilesOf(
  root: string,
  model: Model,
  { commit, branch, folder }: { commit: string; branch: string; folder: string },
): Promise<Model> {
  const place = relative(root, model.folder).replaceAll(sep, '/')
  const listed = await listFiles(root, commit, place)
  const file = posix.join(place, basename(model.file))
  const described = listed.find(({ path }) => path === file)
  if (!described) throw new UserError(`${branch} has no ${file}, so it has no data of ${model.name}.`)
  const then = parseModelFile(await git(root, 'cat-file', 'blob', described.object), `${file} of ${branch}`)
  const wanted = [then.data.train].flat().map((pattern) => posix.join(place, pattern))
  const kept = listed.filter(({ path }) => wanted.some((each) => path === each || posix.matchesGlob(path, each)))
  if (kept.length === 0) throw new UserError(`Git does not keep the training data of ${branch} (${wanted.join(', ')}).`)
  for (const each of kept) {
    const path = join(folder, posix.relative(place, each.path))
    await mkdir(dirname(path), { recursive: true })
    if (await isPointer(root, each))
      throw new UserError(`Git keeps only pointers of the training data of ${branch} (Git LFS: ${each.path}).`)
    await write(root, each, path)
  }
  return { ...then, folder }
}

/** The plain files of a folder in a commit; links are none. */
async function listFiles(root: string, commit: string, place: string): Promise<Kept[]> {
  const said = await git(root, 'ls-tree', '-r', '-z', commit, '--', place === '' ? '.' : place)
  return said.split('\0').flatMap((line) => {
    const [, object, path] = /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? []
    return object === undefined ? [] : [{ object, path: path! }]
  })
}

async function isPointer(root: string, { object }: Kept): Promise<boolean> {
  if (Number(await git(root, 'cat-file', '-s', object)) > LARGEST_POINTER) return false
  return (await git(root, 'cat-file', 'blob', object)).startsWith(POINTER)
}

/** Streams a file out of git, whatever its size. */
async function write(root: string, { object }: Kept, path: string): Promise<void> {
  const child = spawn('git', ['-c', `safe.directory=${root}`, 'cat-file', 'blob', object], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  await pipeline(child.stdout, createWriteStream(path))
  const [code] = await ended
  if (code !== 0) throw new UserError(`git cannot read ${object}: this checkout does not have all of its files.`)
}
