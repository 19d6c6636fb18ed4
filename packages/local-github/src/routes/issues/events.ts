import { type App, numberParam, page, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { BOTH, issueOf } from '../../issues/find.ts'
import { eventWithIssue, issueEventShape } from '../../shapes/issue-events.ts'

/** The history of issues and pull requests. */
export function addIssueEventRoutes(app: App, hub: Hub): void {
  const { issueEvents } = hub.store

  app.get('/repos/:owner/:repo/issues/events', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const own = issueEvents.filter((row) => row.repo === repo.id).reverse()
    return c.json(page(c, own).map((row) => eventWithIssue(hub, repo, row)))
  })

  app.get('/repos/:owner/:repo/issues/events/:id', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const event = issueEvents.get(numberParam(c, 'id'))
    if (event?.repo !== repo.id) throw notFound()
    return c.json(eventWithIssue(hub, repo, event))
  })

  app.get('/repos/:owner/:repo/issues/:number/events', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const { id } = issueOf(hub, repo, c)
    const own = issueEvents.filter((row) => row.issue === id)
    return c.json(page(c, own).map((row) => issueEventShape(hub, repo, row)))
  })
}
