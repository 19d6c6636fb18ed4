import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { actor, type Principal } from '../../http/auth.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { findEnvironment, isReviewer } from '../../rules/environments.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import { deploymentShape } from '../../shapes/deployments.ts'
import { approvalShape, pendingDeploymentShape } from '../../shapes/environments.ts'
import type { Environment, Job, Run } from '../../store/entities.ts'
import { runOf } from './find.ts'

interface Verdict {
  environment_name: string
  state: 'approved' | 'rejected'
  comment: string
}

const MOST_REPORTS = 10
const REJECTED_BY_RULE = 'The deployment was rejected by a deployment protection rule.'

/** The review box of a run that waits for an environment. */
export function addApprovalRoutes(app: App, hub: Hub, scheduler: Scheduler): void {
  const { jobs, environments, approvals, deployments, customProtectionRules } = hub.store

  const waiting = (run: Run): { environment: Environment; job: Job }[] =>
    jobs
      .filter((row) => row.run === run.id && row.status === 'waiting')
      .flatMap((job) => {
        const environment = environments.find((row) => row.repo === run.repo && row.name === job.environment)
        return environment ? [{ environment, job }] : []
      })

  function mayReview(by: Principal, environment: Environment, run: Run): boolean {
    if (by.kind !== 'user' || !isReviewer(hub, environment, by.login)) return false
    return !(environment.preventSelfReview && by.login === run.triggeringActor)
  }

  app.get('/repos/:owner/:repo/actions/runs/:run/pending_deployments', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    const pending = waiting(run).filter(
      ({ environment }, index, all) => all.findIndex((other) => other.environment === environment) === index,
    )
    return c.json(
      pending.map(({ environment, job }) =>
        pendingDeploymentShape(
          hub,
          repo,
          environment,
          mayReview(c.get('by'), environment, run),
          job.waitingSince ?? job.createdAt,
        ),
      ),
    )
  })

  app.post('/repos/:owner/:repo/actions/runs/:run/pending_deployments', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const by = c.get('by')
    const login = actor(by)
    if (by.kind !== 'user') throw new ApiError(403, 'Resource not accessible by integration')
    const run = runOf(hub, repo, c)
    const body = await bodyOf<{ environment_ids: number[]; state: 'approved' | 'rejected'; comment: string }>(c)
    const { environment_ids: ids = [], state = 'rejected', comment = '' } = body
    const chosen = waiting(run).filter(({ environment }) => ids.includes(environment.id))
    if (chosen.length === 0)
      throw unprocessable('There are no pending deployment requests to approve or reject for these environments.')
    for (const { environment } of chosen) {
      if (!mayReview(by, environment, run))
        throw new ApiError(403, `${login} may not review deployments to ${environment.name}.`)
    }
    for (const name of new Set(chosen.map(({ environment }) => environment.name))) {
      approvals.insert({ run: run.id, attempt: run.attempt, environment: name, state, comment, user: login })
      if (state === 'rejected')
        scheduler.reject(run, name, `The deployment to ${name} was rejected by ${login}. ${comment}`.trim())
    }
    scheduler.pump()
    const rows = chosen.flatMap(({ job }) => (job.deployment === null ? [] : [deployments.get(job.deployment)!]))
    return c.json(rows.map((row) => deploymentShape(hub, repo, row)))
  })

  // Only an app may say this, about its own rule. Apps have no tokens here: who may write deployments speaks for them.
  app.post('/repos/:owner/:repo/actions/runs/:run/deployment_protection_rule', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const run = runOf(hub, repo, c)
    const { environment_name: name = '', state = 'pending', comment = '' } = await bodyOf<Verdict>(c)
    const environment = findEnvironment(hub, repo, name)
    if (!environment || !waiting(run).some((each) => each.environment === environment)) throw notFound()
    const rules = customProtectionRules.filter((row) => row.environment === environment.id)
    if (rules.length === 0) throw notFound()
    const about = { run: run.id, attempt: run.attempt, environment: environment.name }
    for (const { app } of rules) {
      const reports = approvals.filter(
        (row) =>
          row.run === run.id && row.environment === environment.name && row.app === app && row.state === 'pending',
      )
      if (state === 'pending' && reports.length >= MOST_REPORTS)
        throw unprocessable(`A deployment protection rule can be reported on ${MOST_REPORTS} times.`)
      approvals.insert({ ...about, app, state, comment, user: actor(c.get('by')) })
    }
    if (state === 'rejected') scheduler.reject(run, environment.name, REJECTED_BY_RULE)
    scheduler.pump()
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/approvals', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    return c.json(approvals.filter((row) => row.run === run.id).map((row) => approvalShape(hub, repo, row)))
  })
}
