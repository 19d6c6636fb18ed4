import { readCommit } from '../../git/commits.ts'
import { listRefs, resolve } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { may } from '../../http/auth.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { ACTIONS_APP } from '../../rules/contexts.ts'
import { checkRunShape, checkSuiteShape, type Suite, suiteIdOf } from '../../shapes/checks.ts'
import { minimalRepository } from '../../shapes/common.ts'
import type { CheckRun, CheckSuite, Repository, Run } from '../../store/entities.ts'
import { commitOf } from '../commits/commits.ts'
import { latestOf, repoOfApp, wantedRuns } from './checks.ts'

/** Check suites: of each commit one for the app, and one for each workflow run. */
export function addCheckSuiteRoutes(app: App, hub: Hub): void {
  const { checkRuns, checkSuites, runs } = hub.store

  app.post('/repos/:owner/:repo/check-suites', async (c) => {
    const repo = repoOfApp(hub, c)
    const { head_sha: sha = '' } = await bodyOf<{ head_sha: string }>(c)
    const headSha = /^[0-9a-f]{40}$/.test(sha) ? await resolve(repo.gitDir, sha) : undefined
    if (!headSha) throw invalid('CheckSuite', 'invalid', 'head_sha')
    const known = checkSuites.find((row) => row.repo === repo.id && row.headSha === headSha)
    const row = known ?? (await ensureSuite(hub, repo, headSha))
    return c.json(await show(repo, row), known ? 200 : 201)
  })

  app.patch('/repos/:owner/:repo/check-suites/preferences', async (c) => {
    const repo = repoOf(hub, c, 'checks', 'write')
    if (!may(hub, c.get('by'), repo, 'admin')) throw notFound()
    const { auto_trigger_checks: given } = await bodyOf<{
      auto_trigger_checks: Array<{ app_id: number; setting: boolean }>
    }>(c)
    if (given) hub.store.repositories.update(repo, { autoTriggerChecks: given })
    return c.json({
      preferences: { auto_trigger_checks: repo.autoTriggerChecks ?? [{ app_id: ACTIONS_APP, setting: true }] },
      repository: minimalRepository(hub, repo),
    })
  })

  app.get('/repos/:owner/:repo/check-suites/:id', async (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    return c.json(await show(repo, suiteOf(repo, c)))
  })

  app.get('/repos/:owner/:repo/check-suites/:id/check-runs', (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    const wanted = wantedRuns(c, runsOf(suiteOf(repo, c)))
    return c.json({
      total_count: wanted.length,
      check_runs: page(c, wanted).map((row) => checkRunShape(hub, repo, row)),
    })
  })

  app.post('/repos/:owner/:repo/check-suites/:id/rerequest', (c) => {
    const repo = repoOfApp(hub, c)
    rerequest(suiteOf(repo, c))
    return c.json({}, 201)
  })

  app.post('/repos/:owner/:repo/check-runs/:id/rerequest', (c) => {
    const repo = repoOfApp(hub, c)
    const check = checkRuns.get(numberParam(c, 'id'))
    if (check?.repo !== repo.id) throw notFound()
    // The check run itself stays as it is: its app decides.
    rerequest(checkSuites.get(suiteIdOf(hub.store, check)))
    return c.json({}, 201)
  })

  app.get('/repos/:owner/:repo/commits/:ref{.+}/check-suites', async (c) => {
    const repo = repoOf(hub, c, 'checks', 'read')
    const sha = await commitOf(repo, c.req.param('ref'))
    const { app_id: appId, check_name: name } = c.req.query()
    const isOf = (row: CheckSuite | Run) => row.repo === repo.id && row.headSha === sha
    const all = [...runs.filter(isOf), ...checkSuites.filter(isOf)].filter(
      (row) => (!appId || Number(appId) === ACTIONS_APP) && (!name || runsOf(row).some((check) => check.name === name)),
    )
    const check_suites = await Promise.all(page(c, all).map((row) => show(repo, row)))
    return c.json({ total_count: all.length, check_suites })
  })

  function suiteOf(repo: Repository, c: Ctx): CheckSuite | Run {
    const id = numberParam(c, 'id')
    const row = checkSuites.get(id) ?? runs.get(id)
    if (row?.repo !== repo.id) throw notFound()
    return row
  }

  /** Jobs are run again through the API of Actions. */
  function rerequest(row: CheckSuite | Run | undefined): void {
    if (!row || 'attempt' in row) throw new ApiError(403, 'This check suite is not rerequestable')
    checkSuites.update(row, { rerequested: true, updatedAt: hub.clock.now() })
  }

  const runsOf = (row: CheckSuite | Run) =>
    checkRuns.filter((check) => check.repo === row.repo && suiteIdOf(hub.store, check) === row.id)

  async function show(repo: Repository, row: CheckSuite | Run) {
    return checkSuiteShape(hub, repo, stateOf(row, latestOf(runsOf(row))), await readCommit(repo.gitDir, row.headSha))
  }
}

/** The commit's suite, made where there is none yet. */
export async function ensureSuite(hub: Hub, repo: Repository, headSha: string): Promise<CheckSuite> {
  const { checkSuites } = hub.store
  const known = checkSuites.find((row) => row.repo === repo.id && row.headSha === headSha)
  if (known) return known
  const head = (await listRefs(repo.gitDir, 'refs/heads/')).find(({ sha }) => sha === headSha)
  const at = hub.clock.now()
  const headBranch = head?.ref.slice('refs/heads/'.length) ?? null
  return checkSuites.insert({ repo: repo.id, headSha, headBranch, rerequested: false, createdAt: at, updatedAt: at })
}

/** From the worst to what is as good as a success. */
const CONCLUSIONS = ['failure', 'timed_out', 'action_required', 'cancelled', 'success', 'neutral', 'skipped'] as const

/** A suite has ended when all that is in it has; one without check runs waits for its app. */
function stateOf(row: CheckSuite | Run, latest: CheckRun[]): Suite {
  if ('attempt' in row) return { row, latest, status: row.status, conclusion: row.conclusion }
  if (row.rerequested || latest.every(({ status }) => status === 'queued')) {
    return { row, latest, status: 'queued', conclusion: null }
  }
  if (latest.some(({ status }) => status !== 'completed'))
    return { row, latest, status: 'in_progress', conclusion: null }
  const conclusion = CONCLUSIONS.find((each) => latest.some((check) => check.conclusion === each)) ?? 'neutral'
  return { row, latest, status: 'completed', conclusion }
}
