import { type App, page } from '../../http/app.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'
import { publicUser } from '../../shapes/people.ts'
import { getUser } from '../../store/accounts.ts'

/** Accounts, as everybody sees them. */
export function addUserRoutes(app: App, hub: Hub): void {
  app.get('/user', (c) => c.json(publicUser(hub, getUser(hub, personOf(c))!)))

  app.get('/users', (c) => {
    const since = Number(c.req.query('since')) || 0
    const accounts = hub.store.users.filter(({ id, type }) => id > since && type !== 'Bot').sort((a, b) => a.id - b.id)
    const shown = page(c, accounts)
    // The only list that goes on from the last one shown instead of a page's number.
    c.header('link', undefined)
    const last = shown.at(-1)
    if (last && last !== accounts.at(-1)) {
      const next = new URL(c.req.url)
      next.searchParams.set('since', String(last.id))
      c.header('link', `<${next}>; rel="next", <${hub.urls.api}/users{?since}>; rel="first"`)
    }
    return c.json(shown.map(({ login }) => simpleUser(hub, login)))
  })

  app.get('/users/:login', (c) => c.json(publicUser(hub, accountOf(hub, c))))
}
