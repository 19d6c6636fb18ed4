import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { commentShape, issueShape, label } from '../../shapes/pulls.ts'
import type { Comment, Issue, Repository } from '../../store/entities.ts'

export const MAX_BODY = 65_536

/** GitHub's limit on what people write: 65,536 characters. */
export function checkBody(resource: string, body: unknown): void {
  if (typeof body === 'string' && body.length > MAX_BODY) {
    throw invalid(resource, 'custom', 'body', `body is too long (maximum is ${MAX_BODY} characters)`)
  }
}

/** Issues and pull requests are numbered together. */
export function nextNumber(hub: Hub, repo: Repository): number {
  return hub.store.issues.filter((row) => row.repo === repo.id).length + 1
}

export function addIssueRoutes(app: App, hub: Hub): void {
  const { issues, comments } = hub.store
  const BOTH = 'issues|pull-requests'

  function issueOf(repo: Repository, c: Ctx): Issue {
    const number = numberParam(c, 'number')
    const issue = issues.find((row) => row.repo === repo.id && row.number === number)
    if (!issue) throw notFound()
    return issue
  }

  app.get('/repos/:owner/:repo/issues', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const state = c.req.query('state') ?? 'open'
    const labels = c.req.query('labels')?.split(',') ?? []
    const wanted = issues.filter(
      (row) =>
        row.repo === repo.id &&
        (state === 'all' || row.state === state) &&
        labels.every((name) => row.labels.includes(name)),
    )
    return c.json(page(c, wanted.reverse()).map((issue) => issueShape(hub, repo, issue)))
  })

  app.post('/repos/:owner/:repo/issues', async (c) => {
    const repo = repoOf(hub, c, 'issues', 'write')
    const { title, body, labels = [], assignees = [] } = await bodyOf<Issue & { labels: string[] }>(c)
    if (typeof title !== 'string' || title === '') throw invalid('Issue', 'missing_field', 'title')
    checkBody('Issue', body)
    const at = hub.clock.now()
    const issue = issues.insert({
      repo: repo.id,
      number: nextNumber(hub, repo),
      title,
      body: body ?? null,
      state: 'open',
      user: actor(c.get('by')),
      labels: useLabels(repo, labels),
      assignees,
      createdAt: at,
      updatedAt: at,
      closedAt: null,
    })
    return c.json(fullIssue(repo, issue), 201)
  })

  app.get('/repos/:owner/:repo/issues/comments/:id', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(commentShape(hub, repo, commentOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/issues/comments/:id', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const comment = commentOf(repo, c)
    const { body } = await bodyOf<{ body: string }>(c)
    if (typeof body !== 'string' || body === '') throw invalid('IssueComment', 'missing_field', 'body')
    checkBody('IssueComment', body)
    comments.update(comment, { body: body!, updatedAt: hub.clock.now() })
    return c.json(commentShape(hub, repo, comment))
  })

  app.delete('/repos/:owner/:repo/issues/comments/:id', (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    comments.delete(commentOf(repo, c).id)
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/issues/:number', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(fullIssue(repo, issueOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/issues/:number', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const issue = issueOf(repo, c)
    const { title, body, state, labels, assignees } = await bodyOf<Issue>(c)
    checkBody('Issue', body)
    const at = hub.clock.now()
    issues.update(issue, {
      ...stated({ title, body, assignees, state, labels: labels && useLabels(repo, labels) }),
      ...(state !== undefined && { closedAt: state === 'closed' ? at : null }),
      updatedAt: at,
    })
    return c.json(fullIssue(repo, issue))
  })

  app.get('/repos/:owner/:repo/issues/:number/comments', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const issue = issueOf(repo, c)
    const own = comments.filter((row) => row.issue === issue.id)
    return c.json(page(c, own).map((comment) => commentShape(hub, repo, comment)))
  })

  app.post('/repos/:owner/:repo/issues/:number/comments', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const issue = issueOf(repo, c)
    const { body } = await bodyOf<{ body: string }>(c)
    if (typeof body !== 'string' || body === '') throw invalid('IssueComment', 'missing_field', 'body')
    checkBody('IssueComment', body)
    const at = hub.clock.now()
    const row = { repo: repo.id, issue: issue.id, user: actor(c.get('by')), body, createdAt: at, updatedAt: at }
    return c.json(commentShape(hub, repo, comments.insert(row)), 201)
  })

  app.get('/repos/:owner/:repo/labels', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(page(c, repo.labels).map((name) => label(hub, repo, name)))
  })

  app.post('/repos/:owner/:repo/labels', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const { name } = await bodyOf<{ name: string }>(c)
    if (typeof name !== 'string' || name === '') throw invalid('Label', 'missing_field', 'name')
    if (repo.labels.includes(name)) throw invalid('Label', 'already_exists', 'name')
    hub.store.repositories.update(repo, { labels: [...repo.labels, name] })
    return c.json(label(hub, repo, name), 201)
  })

  app.get('/repos/:owner/:repo/issues/:number/labels', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(page(c, issueOf(repo, c).labels).map((name) => label(hub, repo, name)))
  })

  app.post('/repos/:owner/:repo/issues/:number/labels', async (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const issue = issueOf(repo, c)
    const { labels = [] } = await bodyOf<{ labels: string[] }>(c)
    issues.update(issue, { labels: useLabels(repo, [...issue.labels, ...labels]) })
    return c.json(issue.labels.map((name) => label(hub, repo, name)))
  })

  app.delete('/repos/:owner/:repo/issues/:number/labels/:name', (c) => {
    const repo = repoOf(hub, c, BOTH, 'write')
    const issue = issueOf(repo, c)
    const name = c.req.param('name')
    if (!issue.labels.includes(name)) throw notFound()
    issues.update(issue, { labels: issue.labels.filter((other) => other !== name) })
    return c.json(issue.labels.map((each) => label(hub, repo, each)))
  })

  function commentOf(repo: Repository, c: Ctx): Comment {
    const comment = comments.get(numberParam(c, 'id'))
    if (comment?.repo !== repo.id) throw notFound()
    return comment
  }

  function fullIssue(repo: Repository, issue: Issue) {
    return { ...issueShape(hub, repo, issue), closed_by: null }
  }

  // A label that is named first on an issue is made by it.
  function useLabels(repo: Repository, names: readonly string[]): string[] {
    const unique = [...new Set(names.map(String))]
    hub.store.repositories.update(repo, { labels: [...new Set([...repo.labels, ...unique])] })
    return unique
  }
}
