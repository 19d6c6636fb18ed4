import { git, listRefs } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Repository } from '../store/entities.ts'

const FOLDER = '.github/workflows'

/**
 * The first workflow file that a job's token would bring to a ref although no branch has it so: no `permissions:` key
 * grants that. Undefined where there is none, or somebody else asks.
 */
export async function foreignWorkflow(repo: Repository, by: Principal, commit: string): Promise<string | undefined> {
  if (by.kind !== 'job') return undefined
  const wanted = await workflowsAt(repo, commit)
  if (wanted.length === 0) return undefined
  const branches = await listRefs(repo.gitDir, 'refs/heads/')
  const known = new Set<string>()
  for (const { sha } of branches) for (const entry of await workflowsAt(repo, sha)) known.add(entry)
  const foreign = wanted.find((entry) => !known.has(entry))
  return foreign?.slice(foreign.indexOf('\t') + 1)
}

/** `<mode> blob <sha>\t<path>` of each file. */
async function workflowsAt(repo: Repository, commit: string): Promise<string[]> {
  const text = await git(repo.gitDir, ['ls-tree', '-r', '-z', commit, '--', FOLDER])
  return text.split('\0').filter(Boolean)
}
