import { findObject } from '../../git/objects.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor, demand, demandToken, may } from '../../http/auth.ts'
import { notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { checkBody } from '../../issues/find.ts'
import { association } from '../../shapes/association.ts'
import { nodeId, repoApi, repoHtml, simpleUser } from '../../shapes/common.ts'
import { reactionRollup } from '../../shapes/reactions.ts'
import type { CommitComment, Repository } from '../../store/entities.ts'
import { addReactionRoutes, demandActive, writable } from '../issues/reactions.ts'
import { commitOf } from './commits.ts'

const SCOPE = 'contents'

interface GivenComment {
  body: string
  path?: string
  position?: number
  line?: number
}

/** Comments on commits, or on a line of what they changed. */
export function addCommitCommentRoutes(app: App, hub: Hub): void {
  const { commitComments } = hub.store

  addReactionRoutes(app, hub, {
    path: '/repos/:owner/:repo/comments/:id',
    kind: 'commit_comment',
    scope: SCOPE,
    readScope: 'metadata',
    subject: (repo, c) => commentOf(repo, c).id,
  })

  app.get('/repos/:owner/:repo/comments', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const own = commitComments.filter((row) => row.repo === repo.id)
    return c.json(page(c, own).map((row) => show(repo, row)))
  })

  app.get('/repos/:owner/:repo/comments/:id', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    return c.json(show(repo, commentOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/comments/:id', async (c) => {
    const { repo, comment } = ownComment(c)
    const { body = '' } = await bodyOf<{ body: string }>(c)
    checkBody('CommitComment', body)
    return c.json(show(repo, commitComments.update(comment, { body, updatedAt: hub.clock.now() })))
  })

  app.delete('/repos/:owner/:repo/comments/:id', (c) => {
    commitComments.delete(ownComment(c).comment.id)
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/commits/:sha/comments', async (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const sha = await commitOf(repo, c.req.param('sha'))
    const own = commitComments.filter((row) => row.repo === repo.id && row.commit === sha)
    return c.json(page(c, own).map((row) => show(repo, row)))
  })

  app.post('/repos/:owner/:repo/commits/:sha/comments', async (c) => {
    const repo = commentable(c)
    const name = c.req.param('sha')
    const commit = await commitOf(repo, name, () => unprocessable(`No commit found for SHA: ${name}`))
    const { body = '', path = null, position = null, line = null } = await bodyOf<GivenComment>(c)
    checkBody('CommitComment', body)
    if (path !== null && (await findObject(repo.gitDir, `${commit}:${path}`))?.type !== 'blob') {
      throw unprocessable(`No file ${path} in ${commit}`)
    }
    const at = hub.clock.now()
    const row = { repo: repo.id, commit, path, position, line, user: actor(c.get('by')), body }
    return c.json(show(repo, commitComments.insert({ ...row, createdAt: at, updatedAt: at })), 201)
  })

  /** Who reads the contents may speak about them. */
  function commentable(c: Ctx): Repository {
    const repo = repoOf(hub, c, SCOPE, 'read')
    demandToken(c.get('by'), repo, SCOPE)
    demandActive(repo)
    return repo
  }

  function commentOf(repo: Repository, c: Ctx): CommitComment {
    const comment = commitComments.get(numberParam(c, 'id'))
    if (comment?.repo !== repo.id) throw notFound()
    return comment
  }

  /** One that the asker wrote, or may change because of a role. */
  function ownComment(c: Ctx) {
    const repo = writable(hub, c, SCOPE)
    const comment = commentOf(repo, c)
    const by = c.get('by')
    if (comment.user !== actor(by) && !may(hub, by, repo, 'write')) demand(hub, by, repo, SCOPE, 'write')
    return { repo, comment }
  }

  function show(repo: Repository, comment: CommitComment) {
    const { id, commit, path, position, line, user, body } = comment
    const url = `${repoApi(hub, repo)}/comments/${id}`
    return {
      url,
      html_url: `${repoHtml(hub, repo)}/commit/${commit}#commitcomment-${id}`,
      id,
      node_id: nodeId('CommitComment', id),
      user: simpleUser(hub, user),
      position,
      line,
      path,
      commit_id: commit,
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      author_association: association(hub.store, repo, user),
      body,
      reactions: reactionRollup(hub, 'commit_comment', id, url),
    }
  }
}
