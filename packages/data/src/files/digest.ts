import { glob, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, posix, relative, sep } from 'node:path'
import { canonicalJson, type FileDigest, fileDigest, sha256, UserError } from '@modelyard/spec'

/**
 * The files that paths and globs name, each once, with size and SHA-256, in the order of their names. Names are
 * relative to `root`, with `/`. Throws a `UserError` for a path without a file, a glob that finds none, and what leads
 * out of `root`, by its name or through a link.
 */
export async function digestFiles(root: string, patterns: string | readonly string[]): Promise<FileDigest[]> {
  const names = new Set<string>()
  for (const pattern of [patterns].flat()) {
    for (const name of await find(root, pattern)) names.add(name)
  }
  const files: FileDigest[] = []
  const home = await realpath(root)
  for (const name of [...names].sort(byCodeUnits)) files.push({ name, ...(await digest(home, name)) })
  return files
}

/** The digest of a dataset: SHA-256 over the canonical JSON of its files' names and digests, in the order of names. */
export function datasetDigest(files: readonly FileDigest[]): string {
  const content = files.map(({ name, sha256 }) => ({ name, sha256 }))
  return sha256(canonicalJson(content.sort((a, b) => byCodeUnits(a.name, b.name))))
}

async function find(root: string, pattern: string): Promise<string[]> {
  if (leadsOut(pattern)) {
    throw new UserError(`${pattern} leads out of the repository. Name files by a path inside it.`)
  }
  const found: string[] = []
  if (!isGlob(pattern)) {
    found.push(posix.normalize(pattern.replaceAll('\\', '/')))
  } else {
    for await (const entry of glob(pattern, { cwd: root })) {
      if ((await stat(join(root, entry))).isFile()) found.push(entry.replaceAll(sep, '/'))
    }
    if (found.length === 0) {
      throw new UserError(`No file matches ${pattern}. Check the pattern, or run what writes them first.`)
    }
  }
  return found
}

async function digest(root: string, name: string) {
  try {
    const path = await realpath(join(root, name))
    if (leadsOut(relative(root, path))) {
      throw new UserError(`${name} is a link that leads out of the repository. Put the file itself there.`)
    }
    return await fileDigest(path)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    const what =
      code === 'ENOENT'
        ? `There is no file ${name}`
        : code === 'EISDIR'
          ? `${name} is a folder; name its files, as in ${name.replace(/\/$/, '')}/*.parquet`
          : `The file ${name} cannot be read (${code})`
    throw new UserError(`${what}. Check the path, or run what writes it first.`, { cause })
  }
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || path.split(/[\\/]/).includes('..')
}

function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern)
}

/** The same order on every machine, whatever its language. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
