import { join } from 'node:path'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { git } from './git.ts'

const SETTINGS = {
  'http.receivepack': 'true',
  'receive.hideRefs': 'refs/pull',
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
  'gc.auto': '0',
  // What comes as a pack stays one: to serve it again costs nothing.
  'receive.unpackLimit': '1',
}

/** A new bare repository under the store's root, set up as GitHub serves its own. */
export async function createBareRepository(
  hub: Hub,
  fullName: string,
  options: {
    owner: string
    collaborators?: string[]
    private?: boolean
    branchesOnly?: boolean
    parent?: Repository
  },
): Promise<Repository> {
  const match = /^([\w-][\w.-]*)\/([\w.-]+)$/.exec(fullName)
  if (!match || match[2] === '.' || match[2] === '..')
    throw new Error(`${fullName} is not a repository's name: owner/name.`)
  const [, owner, name] = match as unknown as [string, string, string]
  const gitDir = join(hub.store.root, owner, `${name}.git`)
  const { parent } = options
  if (parent) await git(hub.store.root, ['clone', '-q', '--bare', parent.gitDir, gitDir])
  else await git(hub.store.root, ['init', '-q', '--bare', '-b', 'main', gitDir])
  for (const [key, value] of Object.entries(SETTINGS)) await git(gitDir, ['config', key, value])
  // The one who owns it under another account's name (an organization) may do what that account may.
  const collaborators = [...new Set([...(options.collaborators ?? []), options.owner])].filter(
    (login) => login !== owner,
  )
  return hub.store.repositories.insert({
    owner,
    name,
    private: options.private ?? false,
    admins: [options.owner],
    collaborators,
    defaultBranch: parent?.defaultBranch ?? 'main',
    gitDir,
    ...(parent ? { parent: parent.id } : {}),
    branchesOnly: options.branchesOnly ?? false,
    immutableReleases: false,
    labels: ['bug', 'documentation', 'enhancement'],
    createdAt: hub.clock.now(),
    pushedAt: hub.clock.now(),
  })
}
