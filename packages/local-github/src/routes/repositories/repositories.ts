import { createBareRepository } from '../../git/repositories.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { access, actor } from '../../http/auth.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'
import { fullRepository } from '../../shapes/repositories.ts'
import { getUser } from '../../store/accounts.ts'
import { findRepository, fullName } from '../../store/store.ts'

export function addRepositoryRoutes(app: App, hub: Hub): void {
  app.get('/', (c) =>
    c.json({ current_user_url: `${hub.urls.api}/user`, rate_limit_url: `${hub.urls.api}/rate_limit` }),
  )

  app.get('/user', (c) => c.json(publicUser(actor(c.get('by')))))

  app.get('/users/:login', (c) => {
    const user = getUser(hub, c.req.param('login'))
    if (!user) throw notFound()
    return c.json(publicUser(user.login))
  })

  app.get('/repos/:owner/:repo', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    return c.json(fullRepository(hub, repo, access(hub, c.get('by'), repo)))
  })

  app.post('/repos/:owner/:repo/forks', async (c) => {
    const parent = repoOf(hub, c, 'contents', 'read')
    const login = actor(c.get('by'))
    const { name = parent.name } = await bodyOf<{ name: string }>(c)
    const known = findRepository(hub.store, `${login}/${name}`)
    const fork =
      known ?? (await createBareRepository(hub, `${login}/${name}`, { owner: login, private: parent.private, parent }))
    return c.json(fullRepository(hub, fork, 'admin'), 202)
  })

  app.get('/repos/:owner/:repo/collaborators/:login/permission', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const user = getUser(hub, c.req.param('login'))
    if (!user) throw notFound()
    const permission = access(hub, { kind: 'user', login: user.login }, repo)
    const rank = ['none', 'read', 'write', 'admin'].indexOf(permission)
    const permissions = { admin: rank > 2, maintain: rank > 2, push: rank > 1, triage: rank > 1, pull: rank > 0 }
    return c.json({
      permission,
      role_name: permission,
      user: { ...simpleUser(hub, user.login), permissions, role_name: permission },
    })
  })

  function publicUser(login: string) {
    const repos = hub.store.repositories.filter((repo) => repo.owner === login && !repo.private)
    const at = repos[0]?.createdAt ?? '2026-01-01T00:00:00Z'
    return {
      ...simpleUser(hub, login),
      name: login,
      company: null,
      blog: '',
      location: null,
      email: null,
      hireable: null,
      bio: null,
      public_repos: repos.map(fullName).length,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: at,
      updated_at: at,
    }
  }
}
