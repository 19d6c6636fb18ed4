import { resolve } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { ACTIONS_APP } from '../../rules/contexts.ts'
import { annotationShape, checkRunShape } from '../../shapes/checks.ts'
import type { Annotation, CheckAction, CheckRun, Repository } from '../../store/entities.ts'
import { ensureSuite } from './suites.ts'

const SHA = /^[0-9a-f]{40}$/
const MAX_SAME_NAME = 1000
const MAX_BYTES = 65_535

interface GivenCheck {
  name: string
  head_sha: string
  status: CheckRun['status']
  conclusion: CheckRun['conclusion']
  started_at: string
  completed_at: string
  external_id: string
  details_url: string
  actions: CheckAction[]
  output: { title: string; summary: string; text?: string; annotations?: Partial<Annotation>[] }
}

export function addCheckRoutes(app: App, hub: Hub): void {
  const { checkRuns, checkSuites } = hub.store

  app.post('/repos/:owner/:repo/check-runs', async (c) => {
    const repo = repoOfApp(hub, c)
    const body = await bodyOf<GivenCheck>(c)
    if (typeof body.name !== 'string' || body.name === '') throw invalid('CheckRun', 'missing_field', 'name')
    const headSha = SHA.test(body.head_sha ?? '') ? await resolve(repo.gitDir, body.head_sha!) : undefined
    if (!headSha) throw invalid('CheckRun', 'invalid', 'head_sha')
    const check = checkRuns.insert({
      repo: repo.id,
      suite: (await ensureSuite(hub, repo, headSha)).id,
      headSha,
      name: body.name,
      status: 'queued',
      conclusion: null,
      startedAt: body.started_at ?? hub.clock.now(),
      completedAt: null,
      externalId: '',
      detailsUrl: null,
      title: null,
      summary: null,
      text: null,
      annotations: [],
    })
    try {
      checkRuns.update(check, changesOf(hub, check, body))
    } catch (error) {
      checkRuns.delete(check.id)
      throw error
    }
    forgetOldest(check)
    return c.json(checkRunShape(hub, repo, check), 201)
  })

  app.get('/repos/:owner/:repo/check-runs/:id', (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    return c.json(checkRunShape(hub, repo, checkOf(repo, numberParam(c, 'id'))))
  })

  app.patch('/repos/:owner/:repo/check-runs/:id', async (c) => {
    const repo = repoOfApp(hub, c)
    const check = checkOf(repo, numberParam(c, 'id'))
    checkRuns.update(check, changesOf(hub, check, await bodyOf<GivenCheck>(c)))
    const suite = checkSuites.get(check.suite ?? 0)
    if (suite) checkSuites.update(suite, { rerequested: false, updatedAt: hub.clock.now() })
    return c.json(checkRunShape(hub, repo, check))
  })

  app.get('/repos/:owner/:repo/check-runs/:id/annotations', (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    return c.json(page(c, annotationShape(hub, repo, checkOf(repo, numberParam(c, 'id')))))
  })

  app.get('/repos/:owner/:repo/commits/:ref{.+}/check-runs', async (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    const sha = await resolve(repo.gitDir, c.req.param('ref'))
    if (!sha) throw notFound()
    const latest = wantedRuns(
      c,
      checkRuns.filter((row) => row.repo === repo.id && row.headSha === sha),
    )
    return c.json({
      total_count: latest.length,
      check_runs: page(c, latest).map((row) => checkRunShape(hub, repo, row)),
    })
  })

  function checkOf(repo: Repository, id: number): CheckRun {
    const check = checkRuns.get(id)
    if (check?.repo !== repo.id) throw notFound()
    return check
  }

  /** Of one name a suite keeps the newest thousand. */
  function forgetOldest({ suite, name }: CheckRun): void {
    const same = checkRuns.filter((row) => row.suite === suite && row.name === name)
    for (const row of same.slice(0, -MAX_SAME_NAME)) checkRuns.delete(row.id)
  }
}

/** The repository of the path for an app, of which a job's token is one: they alone write checks. */
export function repoOfApp(hub: Hub, c: Ctx): Repository {
  const isPerson = c.get('by').kind === 'user'
  const repo = repoOf(hub, c, 'checks', isPerson ? 'read' : 'write')
  if (isPerson) throw new ApiError(403, 'You must authenticate via a GitHub App.')
  return repo
}

/** The newest check run of each name. */
export function latestOf(rows: readonly CheckRun[]): CheckRun[] {
  const last = new Map(rows.map((row) => [row.name, row]))
  return rows.filter((row) => last.get(row.name) === row)
}

/** Of check runs those that were asked for: by name, status, app, and the newest of each name unless all are. */
export function wantedRuns(c: Ctx, rows: readonly CheckRun[]): CheckRun[] {
  const { check_name: name, status, app_id: appId, filter } = c.req.query()
  const all = filter === 'all' ? [...rows] : latestOf(rows)
  return all.filter(
    (row) =>
      (!name || row.name === name) && (!status || row.status === status) && (!appId || Number(appId) === ACTIONS_APP),
  )
}

/** What a request changes about a check run. */
function changesOf(hub: Hub, check: CheckRun, body: Partial<GivenCheck>): Partial<CheckRun> {
  const { output } = body
  const given = output?.annotations ?? []
  for (const field of ['summary', 'text'] as const) {
    if (Buffer.byteLength(output?.[field] ?? '') > MAX_BYTES) {
      throw invalid('CheckRun', 'custom', field, `${field} exceeds a maximum bytesize of ${MAX_BYTES}`)
    }
  }
  if (body.status === 'completed' && !body.conclusion) throw invalid('CheckRun', 'missing_field', 'conclusion')
  const completed = body.conclusion && {
    status: 'completed' as const,
    conclusion: body.conclusion,
    completedAt: body.completed_at ?? hub.clock.now(),
  }
  return {
    ...stated({
      name: body.name,
      externalId: body.external_id,
      detailsUrl: body.details_url,
      status: body.status,
      actions: body.actions,
    }),
    ...completed,
    ...(output && {
      title: output.title,
      summary: output.summary,
      text: output.text ?? check.text,
      annotations: [...check.annotations, ...given.map(toAnnotation)],
    }),
  }
}

function toAnnotation(given: Partial<Annotation>): Annotation {
  const { path, start_line, end_line, annotation_level, message } = given
  if (!path || !start_line || !end_line || !annotation_level || !message)
    throw invalid('CheckRun', 'invalid', 'annotations')
  return {
    path,
    start_line,
    end_line,
    start_column: given.start_column ?? null,
    end_column: given.end_column ?? null,
    annotation_level,
    title: given.title ?? null,
    message,
    raw_details: given.raw_details ?? null,
  }
}
