import type { Principal } from '../http/auth.ts'
import { actor } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { closePull, reopenPull } from '../pulls/lifecycle.ts'
import { simpleUser } from '../shapes/common.ts'
import { labelShape, milestoneShape } from '../shapes/labels.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Issue, LockReason, Repository } from '../store/entities.ts'
import { emitIssue, record } from './history.ts'

/** Somebody changes an issue or a pull request: the row, its history, and what workflows hear of it. */
export interface Change {
  hub: Hub
  repo: Repository
  by: Principal
  issue: Issue
}

export async function setLabels({ hub, repo, by, issue }: Change, wanted: readonly number[]): Promise<void> {
  const { labels } = issue
  const added = wanted.filter((id) => !labels.includes(id))
  const removed = labels.filter((id) => !wanted.includes(id))
  if (added.length + removed.length === 0) return
  hub.store.issues.update(issue, { labels: [...wanted], updatedAt: hub.clock.now() })
  for (const [action, ids] of [['labeled', added] as const, ['unlabeled', removed] as const]) {
    for (const id of ids) {
      const row = hub.store.labels.get(id)!
      record(hub, by, issue, action, { label: { name: row.name, color: row.color } })
      await emitIssue(hub, repo, by, issue, action, { label: labelShape(hub, repo, row) })
    }
  }
}

export async function setAssignees({ hub, repo, by, issue }: Change, wanted: readonly string[]): Promise<void> {
  const { assignees } = issue
  const added = wanted.filter((login) => !assignees.includes(login))
  const removed = assignees.filter((login) => !wanted.includes(login))
  if (added.length + removed.length === 0) return
  hub.store.issues.update(issue, { assignees: [...wanted], updatedAt: hub.clock.now() })
  for (const [action, logins] of [['assigned', added] as const, ['unassigned', removed] as const]) {
    for (const assignee of logins) {
      record(hub, by, issue, action, { assignee })
      await emitIssue(hub, repo, by, issue, action, { assignee: simpleUser(hub, assignee) })
    }
  }
}

export async function setMilestone({ hub, repo, by, issue }: Change, wanted: number | null): Promise<void> {
  const before = issue.milestone
  if (before === wanted) return
  hub.store.issues.update(issue, { milestone: wanted, updatedAt: hub.clock.now() })
  for (const [action, id] of [['demilestoned', before] as const, ['milestoned', wanted] as const]) {
    const row = id === null ? undefined : hub.store.milestones.get(id)
    if (!row) continue
    record(hub, by, issue, action, { milestone: row.title })
    await emitIssue(hub, repo, by, issue, action, { milestone: milestoneShape(hub, repo, row) })
  }
}

/** A new title or text; undefined: as it was. */
export async function edit(
  { hub, repo, by, issue }: Change,
  wanted: { title?: string | undefined; body?: string | null | undefined },
): Promise<void> {
  const { title = issue.title, body = issue.body } = wanted
  const before = { title: issue.title, body: issue.body }
  const changes = {
    ...(title !== before.title && { title: { from: before.title } }),
    ...(body !== before.body && { body: { from: before.body ?? '' } }),
  }
  if (Object.keys(changes).length === 0) return
  hub.store.issues.update(issue, { title, body, updatedAt: hub.clock.now() })
  if (title !== before.title) record(hub, by, issue, 'renamed', { rename: { from: before.title, to: title } })
  await emitIssue(hub, repo, by, issue, 'edited', { changes })
}

/** Closes or reopens; `commit` is the one whose message asked for it. */
export async function setState(
  change: Change,
  state: Issue['state'],
  reason?: Issue['stateReason'],
  commit: string | null = null,
): Promise<void> {
  const { hub, repo, by, issue } = change
  if (issue.pull) {
    if (state === issue.state) return
    return state === 'closed' ? closePull(hub, repo, by, issue as Pull) : reopenPull(hub, repo, by, issue as Pull)
  }
  const at = hub.clock.now()
  if (state === 'closed') {
    const stateReason = reason ?? 'completed'
    if (issue.state === 'closed' && issue.stateReason === stateReason) return
    hub.store.issues.update(issue, { state, stateReason, closedAt: at, closedBy: actor(by), updatedAt: at })
    record(hub, by, issue, 'closed', {}, commit)
    await emitIssue(hub, repo, by, issue, 'closed')
  } else if (issue.state === 'closed') {
    hub.store.issues.update(issue, { state, stateReason: 'reopened', closedAt: null, closedBy: null, updatedAt: at })
    record(hub, by, issue, 'reopened')
    await emitIssue(hub, repo, by, issue, 'reopened')
  }
}

export async function setLock(
  { hub, repo, by, issue }: Change,
  locked: boolean,
  reason: LockReason | null,
): Promise<void> {
  if (issue.locked === locked && issue.lockReason === reason) return
  hub.store.issues.update(issue, { locked, lockReason: reason, updatedAt: hub.clock.now() })
  record(hub, by, issue, locked ? 'locked' : 'unlocked', locked ? { lockReason: reason } : {})
  await emitIssue(hub, repo, by, issue, locked ? 'locked' : 'unlocked')
}
