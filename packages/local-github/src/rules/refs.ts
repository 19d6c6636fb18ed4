import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'

/** A change of a ref that somebody asks for; ZERO_SHA where there was, or will be, none. */
export interface RefChange {
  ref: string
  before: string
  after: string
}

/** Refuses a change of a ref over REST that rules, an immutable release or a job's token do not allow. */
export async function demandRefChange(
  _hub: Hub,
  _repo: Repository,
  _by: Principal,
  _change: RefChange,
): Promise<void> {}
