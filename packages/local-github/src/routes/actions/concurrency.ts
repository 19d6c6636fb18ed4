import { type App, type Ctx, repoOf } from '../../http/app.ts'
import { notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { lineOf } from '../../scheduler/concurrency.ts'
import { repoApi, repoHtml } from '../../shapes/common.ts'
import type { Lease, Repository } from '../../store/entities.ts'
import { runOf } from './find.ts'

const PAGE = 30
const LARGEST_PAGE = 100

/** Who holds the concurrency groups of a repository, and who waits for them. */
export function addConcurrencyRoutes(app: App, hub: Hub): void {
  const { leases, runs, jobs } = hub.store
  const groupUrl = (repo: Repository, group: string) =>
    `${repoApi(hub, repo)}/actions/concurrency_groups/${encodeURIComponent(group)}`

  function member(repo: Repository, { run, job, acquiredAt }: Lease) {
    const api = `${repoApi(hub, repo)}/actions`
    const html = `${repoHtml(hub, repo)}/actions/runs/${run}`
    return {
      run_id: run,
      run_name: runs.get(run)!.name,
      run_url: `${api}/runs/${run}`,
      run_html_url: html,
      ...(job === null
        ? {}
        : {
            job_id: job,
            job_name: jobs.get(job)!.name,
            job_url: `${api}/jobs/${job}`,
            job_html_url: `${html}/job/${job}`,
          }),
      status: acquiredAt === null ? 'pending' : 'in_progress',
    }
  }

  app.get('/repos/:owner/:repo/actions/concurrency_groups', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const active = byName(leases.filter((row) => row.repo === repo.id && row.releasedAt === null))
    const groups = active.map(([group, rows]) => ({
      group_name: group,
      group_url: groupUrl(repo, group),
      last_acquired_at: rows.find(({ acquiredAt }) => acquiredAt !== null)?.acquiredAt ?? null,
    }))
    return c.json({ total_count: groups.length, concurrency_groups: cursorPage(c, groups) })
  })

  app.get('/repos/:owner/:repo/actions/concurrency_groups/:group', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const line = lineOf(hub, repo.id, c.req.param('group'))
    if (line.length === 0) throw notFound()
    const { ahead_of_run: run, ahead_of_job: job } = c.req.query()
    const isAsked = (row: Lease) =>
      run === undefined ? row.job === Number(job) : row.job === null && row.run === Number(run)
    const place = run === undefined && job === undefined ? line.length - 1 : line.findIndex(isAsked)
    if (place < 0) throw unprocessable('The workflow run or job is not in this concurrency group.')
    const members = line.slice(0, place + 1).map((row) => member(repo, row))
    const group = line[0]!.group
    return c.json({
      ...{ group_name: group, group_url: groupUrl(repo, group) },
      ...{ total_count: members.length, group_members: members },
    })
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/concurrency_groups', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    const groups = byName(leases.filter((row) => row.run === run.id)).map(([group, rows]) => {
      const line = lineOf(hub, repo.id, group)
      const own = rows.filter(({ releasedAt }) => releasedAt === null)
      const url = groupUrl(repo, group)
      const members = own.map((row) => {
        const query = row.job === null ? `ahead_of_run=${row.run}` : `ahead_of_job=${row.job}`
        return { ...member(repo, row), position: line.indexOf(row), position_url: `${url}?${query}` }
      })
      return { group_name: group, group_url: url, group_members: members }
    })
    return c.json({ total_count: groups.length, concurrency_groups: cursorPage(c, groups) })
  })
}

/** By the name of their group, whose case makes no difference. */
function byName(rows: readonly Lease[]): [group: string, rows: Lease[]][] {
  const groups = Map.groupBy(rows, ({ group }) => group.toLowerCase())
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => [own[0]!.group, own])
}

/** What follows the cursor `after`, or goes before `before`; the next cursor is in `Link`. */
function cursorPage<T extends { group_name: string }>(c: Ctx, items: readonly T[]): T[] {
  const size = Math.min(Math.max(Number(c.req.query('per_page')) || PAGE, 1), LARGEST_PAGE)
  const { after, before } = c.req.query()
  const place = (cursor: string) => items.findIndex(({ group_name }) => cursorOf(group_name) === cursor)
  const end = before === undefined ? items.length : place(before)
  const start = after === undefined ? Math.max(before === undefined ? 0 : end - size, 0) : place(after) + 1
  if (end < 0 || (after !== undefined && start === 0)) throw unprocessable('Invalid cursor')
  const rows = items.slice(start, Math.min(start + size, end))
  if (start + rows.length < items.length && rows.length > 0) {
    const url = new URL(c.req.url)
    url.searchParams.delete('before')
    url.searchParams.set('after', cursorOf(rows.at(-1)!.group_name))
    c.header('link', `<${url}>; rel="next"`)
  }
  return rows
}

const cursorOf = (name: string) => Buffer.from(name).toString('base64url')
