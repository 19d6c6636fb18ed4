import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { access, may } from '../../http/auth.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'
import { collaboratorShape, invitationShape, permissionsOf, toRole } from '../../shapes/people.ts'
import { getUser } from '../../store/accounts.ts'
import type { Repository } from '../../store/entities.ts'
import { giveRole, membershipOf, roleOf } from '../../store/roles.ts'

/** What older answers know of: a role between two of these is the lower one. */
const LEGACY = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
} as const

/** Who may do what with a repository, and who was asked to join it. */
export function addCollaboratorRoutes(app: App, hub: Hub): void {
  const { invitations, issues, users } = hub.store
  const path = '/repos/:owner/:repo/collaborators'

  app.get(path, (c) => {
    const repo = pushedRepoOf(c, 'view repository collaborators')
    const { affiliation = 'all', permission } = c.req.query()
    const wanted = permission === undefined ? undefined : toRole(permission)
    const direct = new Set(repo.collaborators.map(({ login }) => login))
    const isOutside = (login: string) => direct.has(login) && !membershipOf(hub.store, repo.owner, login)
    const people = users
      .filter(({ type }) => type === 'User')
      .map(({ login }) => ({ login, role: roleOf(hub.store, repo, login) }))
      .filter(({ login, role }) => {
        if (role === 'none' || (wanted && role !== wanted)) return false
        if (affiliation === 'outside') return isOutside(login)
        return affiliation !== 'direct' || direct.has(login) || login === repo.owner
      })
    return c.json(page(c, people).map(({ login, role }) => collaboratorShape(hub, login, role)))
  })

  app.get(`${path}/:login`, (c) => {
    const repo = pushedRepoOf(c, 'view repository collaborators')
    const user = getUser(hub, c.req.param('login'))
    if (!user || roleOf(hub.store, repo, user.login) === 'none') throw notFound()
    return c.body(null, 204)
  })

  app.get(`${path}/:login/permission`, (c) => {
    const repo = pushedRepoOf(c, 'view collaborator permission')
    const user = getUser(hub, c.req.param('login'))
    if (!user) throw new ApiError(404, `${c.req.param('login')} is not a user`)
    const role = access(hub, { kind: 'user', login: user.login }, repo)
    const shown = { ...simpleUser(hub, user.login), permissions: permissionsOf(role), role_name: role }
    return c.json({ permission: LEGACY[role], role_name: role, user: shown })
  })

  app.put(`${path}/:login`, async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const { login, type } = accountOf(hub, c)
    const { permission = 'push' } = await bodyOf<{ permission: string }>(c)
    const role = toRole(permission)
    if (!role || type !== 'User') throw invalid('Repository', 'invalid', role ? 'user' : 'permission')
    if (login === repo.owner)
      throw invalid('Repository', 'custom', 'collaborator', 'Repository owner cannot be a collaborator')
    const isOne = repo.collaborators.some((each) => each.login === login)
    // A person's own repository knows one kind of collaborator.
    const given = getUser(hub, repo.owner)?.type === 'Organization' ? role : 'write'
    if (isOne || membershipOf(hub.store, repo.owner, login)) {
      giveRole(hub.store, repo, login, given)
      return c.body(null, 204)
    }
    const known = invitations.find((row) => row.repo === repo.id && row.invitee === login)
    const invited = known
      ? invitations.update(known, { role: given })
      : invitations.insert({
          repo: repo.id,
          invitee: login,
          inviter: personOf(c),
          role: given,
          createdAt: hub.clock.now(),
        })
    return c.json(invitationShape(hub, repo, invited), 201)
  })

  app.delete(`${path}/:login`, (c) => {
    const { login } = accountOf(hub, c)
    const isSelf = c.get('by').kind === 'user' && personOf(c) === login
    const repo = repoOf(hub, c, 'administration', isSelf ? 'read' : 'admin')
    giveRole(hub.store, repo, login, undefined)
    for (const { id } of invitations.filter((row) => row.repo === repo.id && row.inviter === login))
      invitations.delete(id)
    for (const issue of issues.filter((row) => row.repo === repo.id && row.assignees.includes(login)))
      issues.update(issue, { assignees: issue.assignees.filter((each) => each !== login) })
    return c.body(null, 204)
  })

  /** A workflow's token may read this of its repository; a person has to be able to push. */
  function pushedRepoOf(c: Ctx, what: string): Repository {
    const repo = repoOf(hub, c, 'metadata', 'read')
    if (!may(hub, c.get('by'), repo, 'write')) throw new ApiError(403, `Must have push access to ${what}.`)
    return repo
  }
}
