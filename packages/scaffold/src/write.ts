import { link, mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ensureInside, makeOwnFolder, UserError } from '@modelyard/spec'
import type { NewFile } from './propose.ts'

/**
 * Writes all files or none, in their order, and never over one that is there. Each is made elsewhere and linked into its
 * place, so that it is there whole or not at all, even after a kill. Where one fails, those before it are taken back,
 * with the folders that were made for them. Throws a `UserError`, too, where a symbolic link leads out of `root`.
 */
export async function writeFiles(root: string, files: readonly NewFile[]): Promise<void> {
  for (const { path } of files) await ensureInside(root, path)
  const drafts = await mkdtemp(join(await makeOwnFolder(root), 'init-'))
  const undo: Array<() => Promise<void>> = []
  let current = ''
  try {
    for (const [index, { path, content }] of files.entries()) {
      current = path
      const target = join(root, path)
      const made = await mkdir(dirname(target), { recursive: true })
      if (made !== undefined) undo.push(() => removeEmpty(dirname(target), dirname(made)))
      const draft = join(drafts, String(index))
      await writeFile(draft, content)
      await link(draft, target)
      undo.push(() => rm(target))
    }
  } catch (cause) {
    for (const each of undo.reverse()) await each()
    const { code, message } = cause as NodeJS.ErrnoException
    throw new UserError(
      code === 'EEXIST' || code === 'ENOTDIR'
        ? `${current} is there already and is not overwritten: nothing was written. Run init again.`
        : `${current} cannot be written (${code ?? message}): nothing was written. Mend that and run init again.`,
      { cause },
    )
  } finally {
    await rm(drafts, { recursive: true, force: true })
  }
}

/** Removes a folder and those above it, below `end`, as far as they are empty. */
async function removeEmpty(folder: string, end: string): Promise<void> {
  if (folder === end) return
  const gone = await rmdir(folder).then(
    () => true,
    () => false,
  )
  if (gone) await removeEmpty(dirname(folder), end)
}
