import { existsSync } from 'node:fs'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hub } from '../hub.ts'
import { addDefaultLabels } from '../issues/labels.ts'
import { ensureAccount } from '../store/accounts.ts'
import type { Repository, RepositorySettings } from '../store/entities.ts'
import { membershipOf } from '../store/roles.ts'
import { git } from './git.ts'

/** What `git init --bare` writes. */
const INITIAL_CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
`

const SERVING_CONFIG = `[http]
\treceivepack = true
[receive]
\thideRefs = refs/pull
\t# What comes as a pack stays one: to serve it again costs nothing.
\tunpackLimit = 1
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[gc]
\tauto = 0
`

/** How a repository is set up unless somebody says otherwise. */
export const DEFAULT_SETTINGS: RepositorySettings = {
  description: null,
  homepage: null,
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_discussions: false,
  is_template: false,
  archived: false,
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  allow_update_branch: false,
  allow_forking: true,
  delete_branch_on_merge: false,
  web_commit_signoff_required: false,
  squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
  squash_merge_commit_message: 'COMMIT_MESSAGES',
  merge_commit_title: 'MERGE_MESSAGE',
  merge_commit_message: 'PR_TITLE',
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
    /** Of a fork: it gets no more than its parent's default branch. */
    defaultBranchOnly?: boolean
    settings?: Partial<RepositorySettings>
  },
): Promise<Repository> {
  const match = /^([\w-][\w.-]*)\/([\w.-]+)$/.exec(fullName)
  if (!match || match[2] === '.' || match[2] === '..')
    throw new Error(`${fullName} is not a repository's name: owner/name.`)
  const [, owner, name] = match as unknown as [string, string, string]
  const gitDir = freeFolder(join(hub.store.root, owner, name))
  const { parent } = options
  if (parent) {
    const only = options.defaultBranchOnly ? ['--single-branch', `--branch=${parent.defaultBranch}`, '--no-tags'] : []
    await git(hub.store.root, ['clone', '-q', '--bare', ...only, parent.gitDir, gitDir])
  }
  if (!parent) await initialize(gitDir)
  await appendFile(join(gitDir, 'config'), SERVING_CONFIG)
  const account = ensureAccount(hub, owner, options.owner)
  const role = (login: string) => (login === options.owner ? ('admin' as const) : ('write' as const))
  // Who owns an organization may everything already.
  const others = [...new Set([...(options.collaborators ?? []), options.owner])].filter(
    (login) => login !== account.login && membershipOf(hub.store, account.login, login)?.role !== 'admin',
  )
  const at = hub.clock.now()
  const repo = hub.store.repositories.insert({
    owner: account.login,
    name,
    private: options.private ?? false,
    collaborators: others.map((login) => ({ login, role: role(login) })),
    defaultBranch: parent?.defaultBranch ?? 'main',
    gitDir,
    ...(parent ? { parent: parent.id } : {}),
    branchesOnly: options.branchesOnly ?? false,
    immutableReleases: false,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    topics: [],
    formerNames: [],
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
  })
  addDefaultLabels(hub, repo.id)
  return repo
}

/** What git needs to take a folder for a bare repository: files, as to start git takes longer than to write them. */
async function initialize(gitDir: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    await mkdir(join(gitDir, folder), { recursive: true })
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/main\n')
  await writeFile(join(gitDir, 'config'), INITIAL_CONFIG)
}

/** One that was renamed keeps its folder, which a new one of the old name must not share. */
function freeFolder(path: string): string {
  for (let suffix = ''; ; suffix += '_') if (!existsSync(`${path}${suffix}.git`)) return `${path}${suffix}.git`
}
