import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { git, resolve } from '../git/git.ts'
import type { Store } from '../store/store.ts'
import { findRepository } from '../store/store.ts'
import type { Hosted } from './actions.ts'

const execute = promisify(execFile)

/** Unpacks hosted repositories by commit into a folder, each commit once. */
export function hostedActions(store: Store, folder: string): Hosted {
  const unpacked = new Map<string, Promise<string>>()
  return async (repository, ref) => {
    const repo = findRepository(store, repository)
    const commit = repo && (await resolve(repo.gitDir, ref))
    if (!commit) return undefined
    const known = unpacked.get(commit) ?? unpack(repo.gitDir, commit, join(folder, commit))
    unpacked.set(commit, known)
    return known
  }
}

/** The folder appears when it is complete: a job that is killed meanwhile leaves nothing that another would use. */
async function unpack(gitDir: string, commit: string, folder: string): Promise<string> {
  if (existsSync(folder)) return folder
  const beside = `${folder}.${randomUUID()}`
  await mkdir(beside, { recursive: true })
  await git(gitDir, ['archive', '--format=tar', `--output=${beside}.tar`, commit])
  await execute('tar', ['-xf', `${beside}.tar`, '-C', beside])
  await rm(`${beside}.tar`)
  await rename(beside, folder)
  return folder
}
