import { randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { gitBytes, resolve } from '../../git/git.ts'
import { type App, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { findRepository } from '../../store/store.ts'

/** How long an address of a private archive leads somewhere. */
const LIFETIME = 5 * 60_000

const FORMATS = { tarball: 'tar.gz', zipball: 'zip' } as const

/** Archives of a commit: the API leads to an address elsewhere, which needs no token of the API. */
export function addArchiveRoutes(app: App, root: Hono, hub: Hub): void {
  const tokens = new Map<string, { repo: number; until: number }>()

  for (const [kind, format] of Object.entries(FORMATS)) {
    app.get(`/repos/:owner/:repo/${kind}/:ref{.+}?`, (c) => {
      const repo = repoOf(hub, c, 'contents', 'read')
      const ref = c.req.param('ref') ?? repo.defaultBranch
      const url = new URL(`${hub.urls.server}/_services/codeload/${repo.owner}/${repo.name}/${format}/`)
      url.pathname += ref.split('/').map(encodeURIComponent).join('/')
      if (repo.private) {
        const token = randomBytes(16).toString('hex')
        tokens.set(token, { repo: repo.id, until: hub.clock.time().getTime() + LIFETIME })
        url.searchParams.set('token', token)
      }
      return c.redirect(String(url), 302)
    })
  }

  root.get('/_services/codeload/:owner/:repo/:format{tar\\.gz|zip}/:ref{.+}', async (c) => {
    const repo = findRepository(hub.store, `${c.req.param('owner')}/${c.req.param('repo')}`)
    const token = tokens.get(c.req.query('token') ?? '')
    const isOpen = token?.repo === repo?.id && (token?.until ?? 0) > hub.clock.time().getTime()
    const commit = repo && (!repo.private || isOpen) ? await resolve(repo.gitDir, c.req.param('ref')) : undefined
    if (!repo || !commit) return c.json(notFound().body, 404)
    const format = c.req.param('format')
    const folder = `${repo.owner}-${repo.name}-${commit.slice(0, 7)}`
    const bytes = await gitBytes(repo.gitDir, ['archive', `--format=${format}`, `--prefix=${folder}/`, commit])
    return c.body(bytes as never, 200, {
      'content-type': format === 'zip' ? 'application/zip' : 'application/x-gzip',
      'content-disposition': `attachment; filename=${folder}.${format}`,
    })
  })
}
