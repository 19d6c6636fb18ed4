import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { followBranch } from '../pulls/lifecycle.ts'
import { pushEvent } from '../scheduler/events.ts'
import { refEvent } from '../scheduler/publish-events.ts'
import type { Repository } from '../store/entities.ts'
import { isAncestor } from './ancestry.ts'
import { type Ref, ZERO_SHA } from './git.ts'
import { journaled } from './journal.ts'
import { tryUpdateRef, updateRef } from './ref-updates.ts'

export interface RefUpdate {
  ref: string
  /** ZERO_SHA where there was, or is, none. */
  before: string
  after: string
}

type RefState = Pick<Ref, 'ref' | 'sha'>

/** GitHub sends no events for the tags of a push that brings, or deletes, more than this. */
const MAX_TAG_EVENTS = 3

/** What changed between two listings of a repository's refs. */
export function diffRefs(before: readonly RefState[], after: readonly RefState[]): RefUpdate[] {
  const old = new Map(before.map(({ ref, sha }) => [ref, sha]))
  const current = new Map(after.map(({ ref, sha }) => [ref, sha]))
  return [...new Set([...old.keys(), ...current.keys()])]
    .map((ref) => ({ ref, before: old.get(ref) ?? ZERO_SHA, after: current.get(ref) ?? ZERO_SHA }))
    .filter((update) => update.before !== update.after)
}

/** Changes a ref that is where `before` says, and announces it; rejects with GitError. */
export function changeRef(hub: Hub, repo: Repository, by: Principal, update: RefUpdate): Promise<void> {
  return journaled(hub, repo, { by, before: [stateBefore(update)] }, async () => {
    await updateRef(repo.gitDir, update.ref, update.after, update.before)
    await announce(hub, repo, by, [update])
  })
}

/** The same as an answer: whether git did it. */
export function tryChangeRef(hub: Hub, repo: Repository, by: Principal, update: RefUpdate): Promise<boolean> {
  return journaled(hub, repo, { by, before: [stateBefore(update)] }, async () => {
    const isDone = await tryUpdateRef(repo.gitDir, update.ref, update.after, update.before)
    if (isDone) await announce(hub, repo, by, [update])
    return isDone
  })
}

export const stateBefore = ({ ref, before }: RefUpdate): RefState => ({ ref, sha: before })

/** After refs have changed: pull requests follow their branches, and workflows hear of it. */
export async function announce(hub: Hub, repo: Repository, by: Principal, updates: RefUpdate[]): Promise<void> {
  if (updates.length === 0) return
  hub.store.repositories.update(repo, { pushedAt: hub.clock.now() })
  const actor = by.kind === 'anonymous' ? '' : by.login
  const name = `${repo.owner}/${repo.name}`
  for (const update of updates) hub.log({ kind: 'git', repository: name, actor, ...update })
  const tags = updates.filter(({ ref }) => ref.startsWith('refs/tags/'))
  for (const update of updates) {
    const isBranch = update.ref.startsWith('refs/heads/')
    if (isBranch) await followBranch(hub, repo, by, update)
    if (!isBranch && !(tags.includes(update) && tags.length <= MAX_TAG_EVENTS)) continue
    const forced =
      update.before !== ZERO_SHA &&
      update.after !== ZERO_SHA &&
      !(await isAncestor(repo.gitDir, update.before, update.after))
    for (const event of [await refEvent(repo, by, update), await pushEvent(hub, repo, by, { ...update, forced })])
      if (event) await hub.emit(event)
  }
}
