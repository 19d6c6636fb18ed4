import { randomBytes } from 'node:crypto'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import type { Hub } from '../../hub.ts'
import { labelsShape, READ_ONLY_LABELS, runnerShape } from '../../shapes/runners.ts'
import { formatTime } from '../../store/clock.ts'
import type { Repository, SelfHostedRunner } from '../../store/entities.ts'

const HOUR = 3600 * 1000
/** The one group that a repository's runners are in. */
const DEFAULT_GROUP = 1

/** Self-hosted runners, as far as the API knows of them: they can be announced and labelled, and nothing runs there. */
export function addRunnerRoutes(app: App, hub: Hub): void {
  const { runners } = hub.store
  const path = '/repos/:owner/:repo/actions/runners'
  const adminOf = (c: Ctx) => repoOf(hub, c, 'administration', 'admin')

  const runnerOf = (repo: Repository, c: Ctx): SelfHostedRunner => {
    const runner = runners.get(numberParam(c, 'runner'))
    if (runner?.repo !== repo.id) throw notFound()
    return runner
  }

  app.get(path, (c) => {
    const repo = adminOf(c)
    const name = c.req.query('name')
    const rows = runners.filter((row) => row.repo === repo.id && (!name || row.name === name))
    return c.json({ total_count: rows.length, runners: page(c, rows).map(runnerShape) })
  })

  // Those that an organization shares among its repositories: here it has none.
  app.get('/orgs/:org/actions/runners', (c) => {
    demandMember(hub, c, organizationOf(hub, c), 'owner', 'Must have admin rights to Organization.')
    return c.json({ total_count: 0, runners: [] })
  })

  app.post(`${path}/generate-jitconfig`, async (c) => {
    const repo = adminOf(c)
    const body = await bodyOf<{ name: string; runner_group_id: number; labels: string[]; work_folder: string }>(c)
    const { name = '', runner_group_id: group, labels = [], work_folder: folder = '_work' } = body
    if (group !== DEFAULT_GROUP) throw notFound()
    if (runners.find((row) => row.repo === repo.id && row.name === name))
      throw new ApiError(409, `Already exists - A runner with the name ${name} already exists.`)
    const runner = runners.insert({ repo: repo.id, name, group, labels: distinct(labels) })
    // One file of the runner application, as it packs all of them.
    const settings = JSON.stringify({ AgentId: runner.id, AgentName: name, Ephemeral: true, WorkFolder: folder })
    const files = { '.runner': Buffer.from(settings).toString('base64') }
    const encoded = Buffer.from(JSON.stringify(files)).toString('base64')
    return c.json({ runner: runnerShape(runner), encoded_jit_config: encoded }, 201)
  })

  for (const kind of ['registration-token', 'remove-token']) {
    app.post(`${path}/${kind}`, (c) => {
      adminOf(c)
      const token = randomBytes(16).toString('hex').toUpperCase()
      return c.json({ token, expires_at: formatTime(new Date(hub.clock.time().getTime() + HOUR)) }, 201)
    })
  }

  app.get(`${path}/:runner`, (c) => c.json(runnerShape(runnerOf(adminOf(c), c))))

  app.delete(`${path}/:runner`, (c) => {
    runners.delete(runnerOf(adminOf(c), c).id)
    return c.body(null, 204)
  })

  app.get(`${path}/:runner/labels`, (c) => c.json(labelsShape(runnerOf(adminOf(c), c))))

  /** The labels that the runner itself brought stay, whatever is set. */
  const relabel = async (c: Ctx, choose: (custom: string[], given: string[]) => string[]) => {
    const runner = runnerOf(adminOf(c), c)
    const { labels = [] } = await bodyOf<{ labels: string[] }>(c)
    const own = runner.labels.filter(isReadOnly)
    const custom = runner.labels.filter((label) => !isReadOnly(label))
    runners.update(runner, { labels: distinct([...own, ...choose(custom, labels)]) })
    return c.json(labelsShape(runner))
  }

  app.post(`${path}/:runner/labels`, (c) => relabel(c, (custom, given) => [...custom, ...given]))
  app.put(`${path}/:runner/labels`, (c) => relabel(c, (_custom, given) => given))
  app.delete(`${path}/:runner/labels`, (c) => relabel(c, () => []))

  app.delete(`${path}/:runner/labels/:name`, (c) => {
    const runner = runnerOf(adminOf(c), c)
    const name = c.req.param('name').toLowerCase()
    if (!runner.labels.some((label) => label.toLowerCase() === name)) throw notFound()
    if (isReadOnly(name)) throw unprocessable(`Cannot remove the read-only label ${name}.`)
    runners.update(runner, { labels: runner.labels.filter((label) => label.toLowerCase() !== name) })
    return c.json(labelsShape(runner))
  })
}

const isReadOnly = (label: string) => READ_ONLY_LABELS.includes(label.toLowerCase())

/** Case makes no difference between labels. */
function distinct(labels: readonly string[]): string[] {
  return [...new Map(labels.map((label) => [label.toLowerCase(), label])).values()]
}
