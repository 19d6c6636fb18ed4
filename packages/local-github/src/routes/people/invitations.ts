import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import { personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { invitationShape } from '../../shapes/people.ts'
import type { Invitation, Repository, Role } from '../../store/entities.ts'
import { giveRole } from '../../store/roles.ts'

/** Who was asked to join a repository: as its administrators see it, and as the invited do. */
export function addInvitationRoutes(app: App, hub: Hub): void {
  const { repositories, invitations } = hub.store
  const path = '/repos/:owner/:repo/invitations'

  app.get(path, (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const open = invitations.filter((row) => row.repo === repo.id)
    return c.json(page(c, open).map((row) => invitationShape(hub, repo, row)))
  })

  app.patch(`${path}/:id`, async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const invitation = invitationTo(repo, c)
    const { permissions: role = invitation.role } = await bodyOf<{ permissions: Role }>(c)
    return c.json(invitationShape(hub, repo, invitations.update(invitation, { role })))
  })

  app.delete(`${path}/:id`, (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    invitations.delete(invitationTo(repo, c).id)
    return c.body(null, 204)
  })

  app.get('/user/repository_invitations', (c) => {
    const login = personOf(c)
    const own = invitations.filter(({ invitee }) => invitee === login)
    return c.json(page(c, own).map((row) => invitationShape(hub, repositories.get(row.repo)!, row)))
  })

  app.patch('/user/repository_invitations/:id', (c) => {
    const { id, repo, invitee, role } = ownInvitation(c)
    giveRole(hub.store, repositories.get(repo)!, invitee, role)
    invitations.delete(id)
    return c.body(null, 204)
  })

  app.delete('/user/repository_invitations/:id', (c) => {
    invitations.delete(ownInvitation(c).id)
    return c.body(null, 204)
  })

  function invitationTo(repo: Repository, c: Ctx): Invitation {
    const invitation = invitations.get(numberParam(c, 'id'))
    if (invitation?.repo !== repo.id) throw notFound()
    return invitation
  }

  function ownInvitation(c: Ctx): Invitation {
    const login = personOf(c)
    const invitation = invitations.get(numberParam(c, 'id'))
    if (invitation?.invitee !== login) throw notFound()
    return invitation
  }
}
