import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor, may } from '../../http/auth.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { REACTIONS, reactionShape } from '../../shapes/reactions.ts'
import type { ReactionContent, ReactionSubject, Repository } from '../../store/entities.ts'

interface ReactionRoutes {
  /** Of what is reacted to, with its parameter: `/repos/:owner/:repo/releases/:id`. */
  path: string
  kind: ReactionSubject
  /** The permission of a job's token, as `repoOf` takes it. */
  scope: string
  /** What it takes to list them, where that is less. */
  readScope?: string
  /** The id of what the path names, which must be the repository's; 404 where there is none. */
  subject: (repo: Repository, c: Ctx) => number
  /** Refuses what may not be reacted to, e.g. a locked conversation. */
  check?: (repo: Repository, c: Ctx) => void
}

/** Lists, adds and removes reactions to one kind of thing. Who can read it can react. */
export function addReactionRoutes(app: App, hub: Hub, routes: ReactionRoutes): void {
  const { path, kind, scope, readScope = scope, subject, check } = routes
  const { reactions } = hub.store

  app.get(`${path}/reactions`, (c) => {
    const id = subject(repoOf(hub, c, readScope, 'read'), c)
    const content = c.req.query('content')
    const own = reactions.filter(
      (row) => row.kind === kind && row.subject === id && (content === undefined || row.content === content),
    )
    return c.json(page(c, own).map((row) => reactionShape(hub, row)))
  })

  app.post(`${path}/reactions`, async (c) => {
    const repo = writable(hub, c, scope)
    const id = subject(repo, c)
    check?.(repo, c)
    const user = actor(c.get('by'))
    const { content } = await bodyOf<{ content: ReactionContent }>(c)
    if (content === undefined || !REACTIONS.includes(content)) throw invalid('Reaction', 'invalid', 'content')
    // The same reaction of the same person is there once.
    const same = reactions.find(
      (row) => row.kind === kind && row.subject === id && row.user === user && row.content === content,
    )
    if (same) return c.json(reactionShape(hub, same), 200)
    const row = reactions.insert({ kind, subject: id, user, content, createdAt: hub.clock.now() })
    return c.json(reactionShape(hub, row), 201)
  })

  app.delete(`${path}/reactions/:reaction_id`, (c) => {
    const repo = writable(hub, c, scope)
    const id = subject(repo, c)
    const reaction = reactions.get(numberParam(c, 'reaction_id'))
    if (reaction?.kind !== kind || reaction.subject !== id) throw notFound()
    const by = c.get('by')
    if (reaction.user !== actor(by) && !may(hub, by, repo, 'admin')) throw new ApiError(403, 'Forbidden')
    reactions.delete(reaction.id)
    return c.body(null, 204)
  })
}

/** The repository of the path for who may speak in it: a job with the permission to write, any person who can read. */
export function writable(hub: Hub, c: Ctx, scope: string): Repository {
  const by = c.get('by')
  const repo = repoOf(hub, c, scope, by.kind === 'job' ? 'write' : 'read')
  actor(by)
  demandActive(repo)
  return repo
}

export function demandActive({ settings }: Repository): void {
  if (settings.archived) throw new ApiError(403, 'Repository was archived so is read-only.')
}
