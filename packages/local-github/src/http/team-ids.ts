import type { Hono } from 'hono'
import type { Hub } from '../hub.ts'
import { notFound } from './errors.ts'

/** `/organizations/<id>/team/<id>/…`, as teams name themselves, is `/orgs/<login>/teams/<slug>/…`. */
export function addTeamIdRoutes(root: Hono, hub: Hub): void {
  for (const rest of ['', '/*']) {
    root.all(`/api/v3/organizations/:org{[0-9]+}/team/:team{[0-9]+}${rest}`, (c) => {
      const organization = hub.store.users.get(Number(c.req.param('org')))
      const team = hub.store.teams.get(Number(c.req.param('team')))
      if (!team || team.organization !== organization?.login) return c.json(notFound().body, 404)
      const url = new URL(c.req.url)
      url.pathname = url.pathname.replace(
        /organizations\/\d+\/team\/\d+/,
        `orgs/${team.organization}/teams/${team.slug}`,
      )
      return root.fetch(new Request(url, c.req.raw))
    })
  }
}
