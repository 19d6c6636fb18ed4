import { type App, bodyOf, type Ctx, page } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'
import { membershipShape, organizationShape, ownedOrganizationShape } from '../../shapes/people.ts'
import type { Membership, User } from '../../store/entities.ts'
import { membershipOf } from '../../store/roles.ts'

const NOT_AN_OWNER = 'You must be an admin to add or update an organization membership.'

/** Organizations and who belongs to them. */
export function addOrganizationRoutes(app: App, hub: Hub): void {
  const { memberships } = hub.store
  const found = (organization: User, login: string) =>
    memberships.find((row) => row.organization === organization.login && row.user.toLowerCase() === login.toLowerCase())
  const isMember = (c: Ctx, organization: User) => {
    const by = c.get('by')
    return by.kind === 'user' && membershipOf(hub.store, organization.login, by.login) !== undefined
  }

  app.get('/orgs/:org', (c) => {
    const organization = organizationOf(hub, c)
    const by = c.get('by')
    const isOwner = by.kind === 'user' && membershipOf(hub.store, organization.login, by.login)?.role === 'admin'
    return c.json(isOwner ? ownedOrganizationShape(hub, organization) : organizationShape(hub, organization))
  })

  app.get('/orgs/:org/members', (c) => {
    const organization = organizationOf(hub, c)
    const { role = 'all' } = c.req.query()
    // Nobody makes the membership public here, so that others see none.
    const rows = memberships.filter(
      (row) =>
        row.organization === organization.login && row.state === 'active' && (role === 'all' || row.role === role),
    )
    const shown = isMember(c, organization) ? rows : []
    return c.json(page(c, shown).map(({ user }) => simpleUser(hub, user)))
  })

  app.get('/orgs/:org/members/:login', (c) => {
    const organization = organizationOf(hub, c)
    const login = c.req.param('login')
    if (!isMember(c, organization))
      return c.redirect(`${hub.urls.api}/orgs/${organization.login}/public_members/${encodeURIComponent(login)}`, 302)
    if (found(organization, login)?.state !== 'active') throw notFound()
    return c.body(null, 204)
  })

  app.get('/orgs/:org/memberships/:login', (c) => {
    const organization = organizationOf(hub, c)
    const login = c.req.param('login')
    const refusal = `You must be a member of ${organization.login} to see membership information for ${login}.`
    demandMember(hub, c, organization, 'member', refusal)
    const membership = found(organization, login)
    if (!membership) throw notFound()
    return c.json(membershipShape(hub, organization, membership))
  })

  app.put('/orgs/:org/memberships/:login', async (c) => {
    const organization = organizationOf(hub, c)
    demandMember(hub, c, organization, 'owner', NOT_AN_OWNER)
    const { login } = accountOf(hub, c)
    const { role = 'member' } = await bodyOf<Pick<Membership, 'role'>>(c)
    const known = found(organization, login)
    if (known) {
      if (role === 'member') demandAnotherOwner(known)
      return c.json(membershipShape(hub, organization, memberships.update(known, { role })))
    }
    const invited = memberships.insert({ organization: organization.login, user: login, role, state: 'pending' })
    return c.json(membershipShape(hub, organization, invited))
  })

  app.delete('/orgs/:org/memberships/:login', (c) => {
    const organization = organizationOf(hub, c)
    demandMember(hub, c, organization, 'owner', NOT_AN_OWNER)
    const membership = found(organization, c.req.param('login'))
    if (!membership) throw notFound()
    demandAnotherOwner(membership)
    leave(membership)
    return c.body(null, 204)
  })

  app.get('/user/memberships/orgs/:org', (c) => {
    const organization = organizationOf(hub, c)
    const membership = found(organization, personOf(c))
    if (!membership) throw notFound()
    return c.json(membershipShape(hub, organization, membership))
  })

  app.patch('/user/memberships/orgs/:org', (c) => {
    const organization = organizationOf(hub, c)
    const membership = found(organization, personOf(c))
    if (!membership) throw notFound()
    return c.json(membershipShape(hub, organization, memberships.update(membership, { state: 'active' })))
  })

  /** Somebody has to own an organization. */
  function demandAnotherOwner({ id, organization, role }: Membership): void {
    const isOwner = (row: Membership) => row.organization === organization && row.role === 'admin' && row.id !== id
    if (role === 'admin' && !memberships.find((row) => isOwner(row) && row.state === 'active'))
      throw new ApiError(403, 'Cannot remove the last owner')
  }

  /** Who leaves an organization leaves its teams and repositories. */
  function leave({ id, organization, user }: Membership): void {
    memberships.delete(id)
    for (const team of hub.store.teams.filter((row) => row.organization === organization))
      hub.store.teams.update(team, { members: team.members.filter(({ login }) => login !== user) })
    for (const repo of hub.store.repositories.filter((row) => row.owner === organization))
      hub.store.repositories.update(repo, { collaborators: repo.collaborators.filter(({ login }) => login !== user) })
  }
}
