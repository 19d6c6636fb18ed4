import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Surroundings } from '../../src/index.ts'

/** A repository with a model's folder in it, and a cache; nothing of GitHub. */
export async function makeSurroundings(given: Partial<Surroundings> = {}): Promise<Surroundings> {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-sources-'))
  const [folder, scratch] = [join(root, 'model'), join(root, '.modelyard/fetched')]
  await Promise.all([folder, scratch].map((each) => mkdir(each, { recursive: true })))
  const connect = () => {
    throw new Error('GitHub is not asked')
  }
  return { root, folder, scratch, env: {}, cache: undefined, connect, run: undefined, tell: () => {}, ...given }
}

/** All files below a folder, in their order. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
