import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { statusShape } from '../../shapes/checks.ts'
import { minimalRepository, repoApi } from '../../shapes/common.ts'
import type { Repository, Status } from '../../store/entities.ts'
import { commitOf } from '../commits/commits.ts'

const STATES = ['error', 'failure', 'pending', 'success']
const MAX_DESCRIPTION = 140
const MAX_STATUSES = 1000

/** Statuses of commits, one after the other for each context. */
export function addStatusRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/commits/:ref{.+}/statuses', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'read')
    const sha = await commitOf(repo, c.req.param('ref'))
    return c.json(page(c, statusesOf(repo, sha)).map((row) => statusShape(hub, repo, row)))
  })

  app.get('/repos/:owner/:repo/commits/:ref{.+}/status', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'read')
    const sha = await commitOf(repo, c.req.param('ref'))
    const all = statusesOf(repo, sha)
    const latest = all
      .filter((row, index) => all.findIndex(({ context }) => context === row.context) === index)
      .reverse()
    const url = `${repoApi(hub, repo)}/commits/${sha}`
    return c.json({
      state: combine(latest),
      statuses: page(c, latest).map((row) => {
        const { creator: _creator, ...simple } = statusShape(hub, repo, row)
        return simple
      }),
      sha,
      total_count: latest.length,
      repository: minimalRepository(hub, repo),
      commit_url: url,
      url: `${url}/status`,
    })
  })

  app.post('/repos/:owner/:repo/statuses/:sha', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'write')
    const body = await bodyOf<{ state: Status['state']; target_url: string; description: string; context: string }>(c)
    const { state, context = 'default', description = null, target_url: targetUrl = null } = body
    const sha = await commitOf(repo, c.req.param('sha'), () =>
      unprocessable(`No commit found for SHA: ${c.req.param('sha')}`),
    )
    if (!STATES.includes(state ?? '')) throw invalid('Status', 'invalid', 'state')
    if ([...(description ?? '')].length > MAX_DESCRIPTION) {
      throw invalid(
        'Status',
        'custom',
        'description',
        `description is too long (maximum is ${MAX_DESCRIPTION} characters)`,
      )
    }
    if (statusesOf(repo, sha).filter((row) => row.context === context).length >= MAX_STATUSES) {
      throw invalid('Status', 'custom', 'base', 'This SHA and context has reached the maximum number of statuses.')
    }
    const row = hub.store.statuses.insert({
      repo: repo.id,
      sha,
      state: state!,
      context,
      description,
      targetUrl,
      user: actor(c.get('by')),
      createdAt: hub.clock.now(),
    })
    return c.json(statusShape(hub, repo, row), 201)
  })

  /** The newest first. */
  const statusesOf = (repo: Repository, sha: string) =>
    hub.store.statuses.filter((row) => row.repo === repo.id && row.sha === sha).reverse()
}

/** One bad context makes all bad, one that waits, or none at all, makes all wait. */
function combine(latest: readonly Status[]): 'failure' | 'pending' | 'success' {
  const states = latest.map(({ state }) => state)
  if (states.includes('failure') || states.includes('error')) return 'failure'
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success'
}
