import { execFile } from 'node:child_process'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, extname, join, posix, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '@modelyard/spec'

const run = promisify(execFile)

/** A repository as it was found: plain facts, which all that follows is decided from. Paths have forward slashes. */
export interface Survey {
  /** The model's folder, relative to the repository's root; '' where it is the root. */
  folder: string
  /** What the folder or the repository is called, for the model's name. */
  called: string
  /** Files of the model's folder, relative to it, sorted: tracked ones, and untracked ones that git does not ignore. */
  files: string[]
  /** Those of `files` that hold data, and data that DVC keeps out of git and that are here. */
  data: string[]
  /** The texts of scripts, notebooks, pipelines and settings, by path as in `files`. */
  texts: ReadonlyMap<string, string>
  /** The workflows of the repository, by file name. */
  workflows: ReadonlyMap<string, string>
}

/** Longer files are read no further: a script or a workflow of this size is something else. */
const MOST_BYTES = 2_000_000
const MOST_TEXTS = 2000

const TEXTS = /\.(?:py|ipynb|ya?ml|toml)$|(?:^|\/)(?:requirements\.txt|MLproject)$/
const DATA = /\.(?:csv|parquet|pq|jsonl|ndjson)(?:\.gz)?$/i

/**
 * Looks at a folder of a git repository, '' for all of it, which others know as `repository`. Throws a `UserError` where
 * there is none.
 */
export async function survey(root: string, folder: string, repository = basename(root)): Promise<Survey> {
  const here = join(root, folder)
  const files = await listFiles(here)
  const texts = new Map<string, string>()
  for (const file of files.filter((each) => TEXTS.test(each)).slice(0, MOST_TEXTS)) {
    const text = await readText(join(here, file))
    if (text !== undefined) texts.set(file, text)
  }
  return {
    folder,
    called: folder === '' ? repository : basename(folder),
    files,
    data: await findData(here, files),
    texts,
    workflows: await readWorkflows(root),
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const list = async (...options: string[]) =>
    run('git', ['ls-files', '-z', ...options], { cwd: folder, maxBuffer: 2 ** 28 }).then(({ stdout }) =>
      stdout.split('\0').filter(Boolean),
    )
  try {
    const [there, deleted] = await Promise.all([list('--cached', '--others', '--exclude-standard'), list('--deleted')])
    const gone = new Set(deleted)
    return [...new Set(there)].filter((file) => !gone.has(file)).sort()
  } catch (cause) {
    throw new UserError(
      'This is no git repository. Run `git init` first: Modelyard keeps versions, and what they came from, in git.',
      { cause },
    )
  }
}

/** Data files of git, and those beside a .dvc file, which git ignores. */
async function findData(folder: string, files: string[]): Promise<string[]> {
  const pointed = files.filter((file) => file.endsWith('.dvc')).map((file) => file.slice(0, -'.dvc'.length))
  const found = [...files, ...pointed].filter((file) => DATA.test(file))
  const there = await Promise.all(
    [...new Set(found)].map(async (file) =>
      (await stat(join(folder, file)).catch(() => undefined))?.size ? [file] : [],
    ),
  )
  return there.flat().sort()
}

async function readWorkflows(root: string): Promise<Map<string, string>> {
  const folder = join(root, '.github/workflows')
  const names = await readdir(folder).catch(() => [])
  const found = new Map<string, string>()
  for (const name of names.filter((each) => ['.yml', '.yaml'].includes(extname(each))).sort())
    found.set(name, (await readText(join(folder, name))) ?? '')
  return found
}

/** A text, or undefined where it is none or too long. */
async function readText(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    if (size > MOST_BYTES) return undefined
    const text = await file.readFile('utf8')
    return text.includes('\0') ? undefined : text
  } finally {
    await file.close()
  }
}

/** A path of this machine as one of the repository. */
export function repositoryPath(root: string, path: string): string {
  return posix.normalize(relative(root, path).split(sep).join('/')).replace(/^\.$/, '')
}
