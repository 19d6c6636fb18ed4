import { type App, bodyOf, type Ctx, numberParam, repoOf } from '../../http/app.ts'
import { actor, type Principal } from '../../http/auth.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { isReviewer } from '../../rules/environments.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import { approvalShape, pendingDeploymentShape } from '../../shapes/environments.ts'
import { deploymentShape } from '../../shapes/publish.ts'
import type { Environment, Job, Repository, Run } from '../../store/entities.ts'

/** The review box of a run that waits for an environment. */
export function addApprovalRoutes(app: App, hub: Hub, scheduler: Scheduler): void {
  const { runs, jobs, environments, approvals, deployments } = hub.store

  const runOf = (repo: Repository, c: Ctx): Run => {
    const run = runs.get(numberParam(c, 'id'))
    if (run?.repo !== repo.id) throw notFound()
    return run
  }

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

  app.get('/repos/:owner/:repo/actions/runs/:id/pending_deployments', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(repo, c)
    const pending = waiting(run).filter(
      ({ environment }, index, all) => all.findIndex((other) => other.environment === environment) === index,
    )
    return c.json(
      pending.map(({ environment, job }) =>
        pendingDeploymentShape(hub, repo, environment, mayReview(c.get('by'), environment, run), job.createdAt),
      ),
    )
  })

  app.post('/repos/:owner/:repo/actions/runs/:id/pending_deployments', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const run = runOf(repo, c)
    const by = c.get('by')
    const body = await bodyOf<{ environment_ids: number[]; state: 'approved' | 'rejected'; comment: string }>(c)
    if (
      !Array.isArray(body.environment_ids) ||
      (body.state !== 'approved' && body.state !== 'rejected') ||
      typeof body.comment !== 'string'
    ) {
      throw unprocessable('Invalid request.\n\n"environment_ids", "state" and "comment" are needed.')
    }
    const chosen = waiting(run).filter(({ environment }) => body.environment_ids!.includes(environment.id))
    if (chosen.length === 0)
      throw unprocessable('There are no pending deployment requests to approve or reject for these environments.')
    for (const { environment } of chosen) {
      if (!mayReview(by, environment, run))
        throw new ApiError(403, `${actor(by)} may not review deployments to ${environment.name}.`)
    }
    for (const name of new Set(chosen.map(({ environment }) => environment.name))) {
      const { state, comment } = { state: body.state, comment: body.comment }
      approvals.insert({ run: run.id, attempt: run.attempt, environment: name, state, comment, user: actor(by) })
      if (state === 'rejected')
        scheduler.reject(run, name, `The deployment to ${name} was rejected by ${actor(by)}. ${comment}`.trim())
    }
    scheduler.pump()
    const rows = chosen.flatMap(({ job }) => (job.deployment === null ? [] : [deployments.get(job.deployment)!]))
    return c.json(rows.map((row) => deploymentShape(hub, repo, row)))
  })

  app.get('/repos/:owner/:repo/actions/runs/:id/approvals', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(repo, c)
    return c.json(approvals.filter((row) => row.run === run.id).map((row) => approvalShape(hub, repo, row)))
  })
}
