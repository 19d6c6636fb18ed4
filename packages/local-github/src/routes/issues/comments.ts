import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor, may } from '../../http/auth.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { BOTH, demandBody, issueOf } from '../../issues/find.ts'
import { timeOf } from '../../issues/list.ts'
import { emitActivity } from '../../scheduler/issue-events.ts'
import { commentShape, issueShape } from '../../shapes/issues.ts'
import type { Comment, Repository } from '../../store/entities.ts'
import { demandUnlocked } from './issues.ts'
import { addReactionRoutes, writable } from './reactions.ts'

/** Comments on issues and pull requests. */
export function addCommentRoutes(app: App, hub: Hub): void {
  const { comments, issues, reactions } = hub.store
  const all = '/repos/:owner/:repo/issues/comments'

  app.get(all, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const { sort = 'created', direction = 'asc' } = c.req.query()
    const own = since(
      c,
      comments.filter((row) => row.repo === repo.id),
    )
    if (sort === 'updated') own.sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
    if (direction === 'desc') own.reverse()
    return c.json(page(c, own).map((comment) => commentShape(hub, repo, comment)))
  })

  app.get(`${all}/:id`, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(commentShape(hub, repo, commentOf(repo, c)))
  })

  app.patch(`${all}/:id`, async (c) => {
    const repo = writable(hub, c, BOTH)
    const comment = own(repo, c)
    const { body } = await bodyOf<{ body: string }>(c)
    const before = comment.body
    comments.update(comment, { body: demandBody('IssueComment', body), updatedAt: hub.clock.now() })
    await emit(c, repo, comment, 'edited', { changes: { body: { from: before } } })
    return c.json(commentShape(hub, repo, comment))
  })

  app.delete(`${all}/:id`, async (c) => {
    const repo = writable(hub, c, BOTH)
    const comment = own(repo, c)
    comments.delete(comment.id)
    for (const row of reactions.filter((each) => each.kind === 'comment' && each.subject === comment.id))
      reactions.delete(row.id)
    await emit(c, repo, comment, 'deleted')
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/issues/:number/comments', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const { id } = issueOf(hub, repo, c)
    const shown = page(
      c,
      since(
        c,
        comments.filter((row) => row.issue === id),
      ),
    )
    return c.json(shown.map((comment) => commentShape(hub, repo, comment)))
  })

  app.post('/repos/:owner/:repo/issues/:number/comments', async (c) => {
    const repo = writable(hub, c, BOTH)
    const issue = issueOf(hub, repo, c)
    demandUnlocked(hub, repo, c, issue, 'comment')
    const { body } = await bodyOf<{ body: string }>(c)
    const at = hub.clock.now()
    const comment = comments.insert({
      repo: repo.id,
      issue: issue.id,
      user: actor(c.get('by')),
      body: demandBody('IssueComment', body),
      createdAt: at,
      updatedAt: at,
    })
    issues.update(issue, { updatedAt: at })
    await emit(c, repo, comment, 'created')
    const shape = commentShape(hub, repo, comment)
    return c.json(shape, 201, { location: shape.url })
  })

  addReactionRoutes(app, hub, {
    path: `${all}/:id`,
    kind: 'comment',
    scope: BOTH,
    subject: (repo, c) => commentOf(repo, c).id,
    check: (repo, c) => demandUnlocked(hub, repo, c, issues.get(commentOf(repo, c).issue)!, 'react'),
  })

  function commentOf(repo: Repository, c: Ctx): Comment {
    const comment = comments.get(numberParam(c, 'id'))
    if (comment?.repo !== repo.id) throw notFound()
    return comment
  }

  /** A comment that the asker may change: an own one, or anybody's for who can write. */
  function own(repo: Repository, c: Ctx): Comment {
    const comment = commentOf(repo, c)
    const by = c.get('by')
    if (comment.user !== actor(by) && !may(hub, by, repo, 'write'))
      throw new ApiError(403, 'Must have admin rights to Repository.')
    return comment
  }

  function since(c: Ctx, rows: Comment[]): Comment[] {
    const time = timeOf(c.req.query('since'))
    return time ? rows.filter((row) => new Date(row.updatedAt) >= time) : rows
  }

  async function emit(c: Ctx, repo: Repository, comment: Comment, action: string, details = {}): Promise<void> {
    const issue = issueShape(hub, repo, issues.get(comment.issue)!)
    const payload = { issue, comment: commentShape(hub, repo, comment), ...details }
    await emitActivity(hub, repo, c.get('by'), { name: 'issue_comment', action, payload })
  }
}
