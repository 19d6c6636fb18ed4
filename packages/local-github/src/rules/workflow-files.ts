import { listRefs } from '../git/git.ts'
import { listFolder } from '../git/tree.ts'
import type { Principal } from '../http/auth.ts'
import type { Repository } from '../store/entities.ts'

const FOLDER = '.github/workflows'

/**
 * The first workflow file that a job's token would bring to a ref although no branch has it so, or none of the given
 * commits: no `permissions:` key grants that. Undefined where there is none, or somebody else asks.
 */
export async function foreignWorkflow(
  repo: Repository,
  by: Principal,
  commit: string,
  among?: readonly string[],
): Promise<string | undefined> {
  if (by.kind !== 'job') return undefined
  const wanted = await workflowsAt(repo, commit)
  if (wanted.length === 0) return undefined
  const known = new Set<string>()
  for (const sha of among ?? (await listRefs(repo.gitDir, 'refs/heads/')).map((ref) => ref.sha))
    for (const entry of await workflowsAt(repo, sha)) known.add(entry)
  const foreign = wanted.find((entry) => !known.has(entry))
  return foreign?.slice(foreign.indexOf('\t') + 1)
}

/** How git, and a merge, are told. */
export const workflowRefusal = (path: string) =>
  `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`

/** `<mode> <sha>\t<path>` of each file. */
async function workflowsAt(repo: Repository, commit: string): Promise<string[]> {
  const entries = await listFolder(repo.gitDir, commit, FOLDER, true)
  return entries.filter(({ type }) => type !== 'tree').map(({ mode, sha, path }) => `${mode} ${sha}\t${path}`)
}
