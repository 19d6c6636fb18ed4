import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { actor, may } from '../../http/auth.ts'
import { ApiError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { demandAssignees } from '../../issues/assignees.ts'
import { type Change, edit, setAssignees, setLabels, setLock, setMilestone, setState } from '../../issues/changes.ts'
import { BOTH, checkBody, checkTitle, issueOf, nextNumber } from '../../issues/find.ts'
import { emitIssue } from '../../issues/history.ts'
import { insertIssue } from '../../issues/insert.ts'
import { useLabels } from '../../issues/labels.ts'
import { listIssues } from '../../issues/list.ts'
import { fullIssue, issueShape } from '../../shapes/issues.ts'
import type { Issue, LockReason, Repository } from '../../store/entities.ts'
import { addReactionRoutes, writable } from './reactions.ts'

interface Asked {
  title: string | number
  body: string | null
  state: Issue['state']
  state_reason: Issue['stateReason']
  labels: ReadonlyArray<string | { name?: string }>
  assignee: string | null
  assignees: ReadonlyArray<string | { login: string }>
  milestone: string | number | null
}

const LOCK_REASONS: readonly string[] = ['off-topic', 'too heated', 'resolved', 'spam']

export function addIssueRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/issues/:number'

  app.get('/repos/:owner/:repo/issues', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(page(c, listIssues(hub, repo, c.req.query())).map((issue) => issueShape(hub, repo, issue)))
  })

  app.post('/repos/:owner/:repo/issues', async (c) => {
    const repo = writable(hub, c, 'issues')
    const asked = await bodyOf<Asked>(c)
    demandIssues(repo)
    const title = titleOf(asked)
    if (title === undefined) throw invalid('Issue', 'missing_field', 'title')
    checkBody('Issue', asked.body)
    const by = c.get('by')
    // Of who may not triage, GitHub takes the words alone.
    const wanted = may(hub, by, repo, 'triage') ? readWanted(repo, asked) : {}
    const words = { title, body: asked.body ?? null }
    const issue = insertIssue(hub, { repo: repo.id, number: nextNumber(hub, repo), ...words, user: actor(by) })
    await emitIssue(hub, repo, by, issue, 'opened')
    await apply({ hub, repo, by, issue }, wanted)
    const shape = fullIssue(hub, repo, issue)
    return c.json(shape, 201, { location: shape.url })
  })

  app.get(path, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(fullIssue(hub, repo, shown(repo, c)))
  })

  app.patch(path, async (c) => {
    const repo = writable(hub, c, BOTH)
    const issue = shown(repo, c)
    const by = c.get('by')
    const asked = await bodyOf<Asked>(c)
    const mayTriage = may(hub, by, repo, 'triage')
    if (!mayTriage && issue.user !== actor(by)) throw new ApiError(403, 'Must have admin rights to Repository.')
    const title = titleOf(asked)
    if (asked.title !== undefined && title === undefined) throw invalid('Issue', 'missing_field', 'title')
    checkBody('Issue', asked.body)
    const wanted = mayTriage ? readWanted(repo, asked, issue) : {}
    const change = { hub, repo, by, issue }
    await edit(change, { title, body: asked.body })
    await apply(change, wanted)
    if (asked.state !== undefined) await setState(change, asked.state, asked.state_reason)
    return c.json(fullIssue(hub, repo, issue))
  })

  app.put(`${path}/lock`, async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const issue = shown(repo, c)
    const { lock_reason: reason = null } = await bodyOf<{ lock_reason: LockReason | null }>(c)
    if (reason !== null && !LOCK_REASONS.includes(reason)) throw invalid('Issue', 'invalid', 'lock_reason')
    await setLock({ hub, repo, by: c.get('by'), issue }, true, reason)
    return c.body(null, 204)
  })

  app.delete(`${path}/lock`, async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    await setLock({ hub, repo, by: c.get('by'), issue: shown(repo, c) }, false, null)
    return c.body(null, 204)
  })

  addReactionRoutes(app, hub, {
    path,
    kind: 'issue',
    scope: BOTH,
    subject: (repo, c) => shown(repo, c).id,
    check: (repo, c) => demandUnlocked(hub, repo, c, shown(repo, c), 'react'),
  })

  /** Where issues are switched off there are pull requests only. */
  function shown(repo: Repository, c: Ctx): Issue {
    const issue = issueOf(hub, repo, c)
    if (!issue.pull) demandIssues(repo)
    return issue
  }

  /** What is asked of labels, people and milestone, by id; undefined: nothing. */
  function readWanted(repo: Repository, asked: Partial<Asked>, issue?: Issue) {
    const { labels, assignee, assignees, milestone } = asked
    const logins = assignees?.map((each) => (typeof each === 'string' ? each : each.login))
    const single = assignee === undefined ? undefined : assignee === null ? [] : [assignee]
    const people = logins ?? single
    return {
      assignees: people && demandAssignees(hub, repo, people, issue),
      milestone: milestone === undefined ? undefined : milestoneOf(repo, milestone),
      labels:
        labels &&
        useLabels(
          hub,
          repo,
          labels.map((each) => (typeof each === 'string' ? each : (each.name ?? ''))),
        ),
    }
  }

  function milestoneOf(repo: Repository, number: string | number | null): number | null {
    if (number === null) return null
    const found = hub.store.milestones.find((row) => row.repo === repo.id && row.number === Number(number))
    if (!found) throw invalid('Issue', 'invalid', 'milestone')
    return found.id
  }

  async function apply(change: Change, wanted: Partial<ReturnType<typeof readWanted>>): Promise<void> {
    if (wanted.labels) await setLabels(change, wanted.labels)
    if (wanted.assignees) await setAssignees(change, wanted.assignees)
    if (wanted.milestone !== undefined) await setMilestone(change, wanted.milestone)
  }
}

function titleOf({ title }: Partial<Asked>): string | undefined {
  const text = title === undefined ? '' : String(title)
  checkTitle(text)
  return text.trim() === '' ? undefined : text
}

function demandIssues({ settings }: Repository): void {
  if (!settings.has_issues) throw new ApiError(410, 'Issues are disabled for this repo')
}

/** In a locked conversation only those may speak who can write. */
export function demandUnlocked(hub: Hub, repo: Repository, c: Ctx, issue: Issue, what: 'comment' | 'react'): void {
  if (!issue.locked || may(hub, c.get('by'), repo, 'write')) return
  const verb = what === 'comment' ? 'create comment' : 'create reaction'
  throw new ApiError(403, `Unable to ${verb} because issue is locked.`, {
    docs: 'https://docs.github.com/articles/locking-conversations/',
  })
}
