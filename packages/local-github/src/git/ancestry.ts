import { readCommit } from './commits.ts'
import { GitError, git, resolve, tryGit } from './git.ts'
import { gitOnce } from './remembered.ts'

/** How many commits are read before git is asked after all: it starts as long as it takes to read these. */
const NEAR = 50

/** Whether a commit is, or comes before, another. */
export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const [sought, tip] = await Promise.all([resolve(gitDir, ancestor), resolve(gitDir, descendant)])
  if (!sought || !tip) return false
  const seen = new Set([tip])
  // A set grows while it is gone through.
  for (const sha of seen) {
    if (seen.has(sought)) return true
    if (seen.size > NEAR) return (await tryGit(gitDir, ['merge-base', '--is-ancestor', sought, tip])) !== undefined
    for (const parent of (await readCommit(gitDir, sha)).parents) seen.add(parent)
  }
  return false
}

/** The ids of the commits that come with `tip` to what holds `base`, oldest first, and the newest of many only. */
export async function commitsSince(gitDir: string, base: string, tip: string, most: number): Promise<string[]> {
  const line: string[] = []
  for (let at: string | undefined = tip; at && line.length <= most; ) {
    if (at === base) return line
    line.unshift(at)
    const { parents } = await readCommit(gitDir, at)
    at = parents.length === 1 ? parents[0] : undefined
  }
  // No line of a few commits leads from one to the other.
  const args = ['rev-list', '--reverse', `--max-count=${most}`, `${base}..${tip}`]
  return (await git(gitDir, args)).split('\n').filter(Boolean)
}

/** Where the histories of two commits part; undefined where they have nothing in common. */
export async function findMergeBase(gitDir: string, one: string, other: string): Promise<string | undefined> {
  try {
    return await gitOnce(gitDir, ['merge-base', one, other])
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}
