import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { may } from '../../http/auth.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { assignable, isAssignable, MAX_ASSIGNEES } from '../../issues/assignees.ts'
import { type Change, setAssignees } from '../../issues/changes.ts'
import { BOTH, issueOf } from '../../issues/find.ts'
import { simpleUser } from '../../shapes/common.ts'
import { fullIssue } from '../../shapes/issues.ts'
import { getUser } from '../../store/accounts.ts'
import { writable } from './reactions.ts'

type Named = string | { login: string }

/** Who is, and who can be, assigned to issues and pull requests. */
export function addAssigneeRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/issues/:number/assignees'

  app.get('/repos/:owner/:repo/assignees', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    return c.json(page(c, assignable(hub, repo)).map((login) => simpleUser(hub, login)))
  })

  app.get('/repos/:owner/:repo/assignees/:assignee', (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const user = getUser(hub, c.req.param('assignee'))
    if (!user || !isAssignable(hub, repo, user.login)) throw notFound()
    return c.body(null, 204)
  })

  app.get(`${path}/:assignee`, (c) => {
    const repo = repoOf(hub, c, BOTH, 'read')
    const user = getUser(hub, c.req.param('assignee'))
    if (!user || !isAssignable(hub, repo, user.login, issueOf(hub, repo, c))) throw notFound()
    return c.body(null, 204)
  })

  app.post(path, async (c) => {
    const change = changeOf(c)
    const { repo, issue } = change
    // Who cannot be assigned is left out, and so is everybody where the asker may assign nobody.
    const logins = (await namedIn(c))
      .map((name) => getUser(hub, name)?.login)
      .filter((login) => login !== undefined && isAssignable(hub, repo, login, issue)) as string[]
    const wanted = [...new Set([...issue.assignees, ...logins])].slice(0, MAX_ASSIGNEES)
    if (mayAssign(c, change)) await setAssignees(change, wanted)
    return c.json(fullIssue(hub, repo, issue), 201)
  })

  app.delete(path, async (c) => {
    const change = changeOf(c)
    const { repo, issue } = change
    const names = (await namedIn(c)).map((name) => name.toLowerCase())
    const wanted = issue.assignees.filter((login) => !names.includes(login.toLowerCase()))
    if (mayAssign(c, change)) await setAssignees(change, wanted)
    return c.json(fullIssue(hub, repo, issue))
  })

  function changeOf(c: Ctx): Change {
    const repo = writable(hub, c, BOTH)
    return { hub, repo, by: c.get('by'), issue: issueOf(hub, repo, c) }
  }

  const mayAssign = (c: Ctx, { repo }: Change) => may(hub, c.get('by'), repo, 'triage')
}

async function namedIn(c: Ctx): Promise<string[]> {
  const { assignees = [] } = await bodyOf<{ assignees: readonly Named[] }>(c)
  return assignees.map((each) => (typeof each === 'string' ? each : each.login))
}
