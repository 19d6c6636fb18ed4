import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { BOTH } from '../../issues/find.ts'
import { emitActivity } from '../../scheduler/issue-events.ts'
import { labelShape, milestoneShape } from '../../shapes/labels.ts'
import { formatTime } from '../../store/clock.ts'
import type { Milestone, Repository } from '../../store/entities.ts'

interface Asked {
  title: string
  state: 'open' | 'closed'
  description: string | null
  due_on: string | null
}

export function addMilestoneRoutes(app: App, hub: Hub): void {
  const { milestones, issues, labels } = hub.store
  const path = '/repos/:owner/:repo/milestones'

  app.get(path, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const { state = 'open', sort = 'due_on', direction = 'asc' } = c.req.query()
    const shapes = milestones
      .filter((row) => row.repo === repo.id && (state === 'all' || row.state === state))
      .map((row) => milestoneShape(hub, repo, row))
    // What is due at no time comes last.
    const due = ({ due_on }: (typeof shapes)[number]) => due_on ?? '9999'
    const done = ({ open_issues: open, closed_issues: closed }: (typeof shapes)[number]) =>
      closed / (open + closed || 1)
    shapes.sort((a, b) =>
      sort === 'completeness' ? done(a) - done(b) : due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : 0,
    )
    return c.json(page(c, direction === 'desc' ? shapes.reverse() : shapes))
  })

  app.post(path, async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const { title = '', state = 'open', description = null, due_on = null } = await bodyOf<Asked>(c)
    checkTitle(repo, title)
    const own = milestones.filter((row) => row.repo === repo.id)
    const at = hub.clock.now()
    const milestone = milestones.insert({
      repo: repo.id,
      number: Math.max(0, ...own.map((row) => row.number)) + 1,
      title,
      description,
      state,
      dueOn: dayOf(due_on),
      creator: actor(c.get('by')),
      createdAt: at,
      updatedAt: at,
      closedAt: state === 'closed' ? at : null,
    })
    await emit(c, repo, milestone, 'created')
    const shape = milestoneShape(hub, repo, milestone)
    return c.json(shape, 201, { location: shape.url })
  })

  app.get(`${path}/:number`, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(milestoneShape(hub, repo, milestoneOf(repo, c)))
  })

  app.patch(`${path}/:number`, async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const milestone = milestoneOf(repo, c)
    const before = { ...milestone }
    const { title, state, description, due_on } = await bodyOf<Asked>(c)
    if (title !== undefined && title !== milestone.title) checkTitle(repo, title)
    const at = hub.clock.now()
    milestones.update(milestone, {
      ...stated({ title, description, state, dueOn: due_on === undefined ? undefined : dayOf(due_on) }),
      ...(state !== undefined && state !== before.state && { closedAt: state === 'closed' ? at : null }),
      updatedAt: at,
    })
    const changes = Object.fromEntries(
      (
        [
          ['title', 'title'],
          ['description', 'description'],
          ['dueOn', 'due_on'],
        ] as const
      )
        .filter(([key]) => milestone[key] !== before[key])
        .map(([key, name]) => [name, { from: before[key] ?? '' }]),
    )
    if (Object.keys(changes).length > 0) await emit(c, repo, milestone, 'edited', { changes })
    if (milestone.state !== before.state)
      await emit(c, repo, milestone, milestone.state === 'open' ? 'opened' : 'closed')
    return c.json(milestoneShape(hub, repo, milestone))
  })

  app.delete(`${path}/:number`, async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const milestone = milestoneOf(repo, c)
    for (const issue of issues.filter((row) => row.milestone === milestone.id))
      issues.update(issue, { milestone: null })
    milestones.delete(milestone.id)
    await emit(c, repo, milestone, 'deleted')
    return c.body(null, 204)
  })

  app.get(`${path}/:number/labels`, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const { id } = milestoneOf(repo, c)
    const used = new Set(issues.filter((row) => row.milestone === id).flatMap((row) => row.labels))
    return c.json(page(c, [...used]).map((each) => labelShape(hub, repo, labels.get(each)!)))
  })

  function milestoneOf(repo: Repository, c: Ctx): Milestone {
    const number = numberParam(c, 'number')
    const milestone = milestones.find((row) => row.repo === repo.id && row.number === number)
    if (!milestone) throw notFound()
    return milestone
  }

  function checkTitle(repo: Repository, title: string): void {
    if (title.trim() === '') throw invalid('Milestone', 'missing_field', 'title')
    const same = milestones.find((row) => row.repo === repo.id && row.title === title)
    if (same) throw invalid('Milestone', 'already_exists', 'title')
  }

  async function emit(c: Ctx, repo: Repository, row: Milestone, action: string, details = {}): Promise<void> {
    const payload = { milestone: milestoneShape(hub, repo, row), ...details }
    await emitActivity(hub, repo, c.get('by'), { name: 'milestone', action, payload })
  }
}

/** GitHub keeps of a due date what a time says, to the second. */
function dayOf(text: string | null): string | null {
  if (text === null) return null
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw invalid('Milestone', 'invalid', 'due_on')
  return formatTime(time)
}
