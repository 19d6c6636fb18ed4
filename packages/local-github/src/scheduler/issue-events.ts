import { resolve } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import type { GitHubEvent } from './events.ts'

export interface Activity {
  /** `issues`, `issue_comment`, `label`, `milestone`, … */
  name: string
  /** `opened`, `created`, … */
  action: string
  payload: Record<string, unknown>
}

/** Announces what is about no branch: its runs are of the default one. Nothing where that has no commit. */
export async function emitActivity(hub: Hub, repo: Repository, by: Principal, activity: Activity): Promise<void> {
  const ref = `refs/heads/${repo.defaultBranch}`
  const sha = await resolve(repo.gitDir, ref)
  if (!sha) return
  const { defaultBranch: headBranch } = repo
  const event: GitHubEvent = { ...activity, repo, by, ref, sha, headSha: sha, headBranch }
  await hub.emit(event)
}
