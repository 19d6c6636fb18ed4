import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { holds, same } from './look.ts'
import type { Tell } from './narrator.ts'
import { registryNow, tagsOf, versionFile } from './registry.ts'
import { jobsOf, promote, type Run, waitForRun } from './runs.ts'
import { MODEL, type World } from './world.ts'

/** Promotes a version to staging, which asks nobody. */
export async function promoteToStaging(
  world: World,
  { say, claim }: Tell,
  version: string,
  tag: string,
): Promise<void> {
  const run = await promote(world, 'staging', version)
  say(`Ada promotes ${version} to staging`)
  await claim(`${tag} is made, and staging is ${version}`, async () => {
    same(run.conclusion, 'success')
    holds((await tagsOf(world)).includes(tag), 'the tag is not there')
    same((await registryNow(world)).stages.staging?.current, version)
  })
}

/** Promotes a version to production: the job waits for Rita, who approves; then it is live, and read back. */
export async function promoteToProduction(
  world: World,
  tell: Tell,
  step: { version: string; tag: string; replaces: string | null },
): Promise<void> {
  const { say, claim } = tell
  const before = await tagsOf(world)
  const waiting = await promote(world, 'production', step.version)
  say(`Ada promotes ${step.version} to production`)
  const title = `${MODEL} ${step.version} → production (${step.replaces === null ? 'the first there' : `replaces ${step.replaces}`})`
  await claim(`the job «${title}» waits for Rita, and nothing has moved`, async () => {
    same(waiting.status, 'waiting')
    holds(
      title in (await jobsOf(world.ada, waiting)),
      `no job is called so: ${Object.keys(await jobsOf(world.ada, waiting)).join(', ')}`,
    )
    const pending = await pendingOf(world, waiting)
    same(
      pending.map(({ environment, reviewers }) => [
        environment.name,
        reviewers?.map(({ reviewer }) => (reviewer as { login: string }).login),
      ]),
      [['production', ['rita']]],
    )
    same(await tagsOf(world), before)
  })

  await approve(world, waiting)
  say('Rita approves, with one request to the API')
  const run = await waitForRun(world, { workflow: 'promote.yml', event: 'workflow_dispatch', since: waiting.id - 1 })
  await claim(`${step.tag} is made, and production is ${step.version}`, async () => {
    same(run.conclusion, 'success')
    same(await tagsOf(world), [...before, step.tag].sort())
    same((await registryNow(world)).stages.production?.current, step.version)
  })
  await claim('the file that production serves has the digest that was judged', async () => {
    same(await servedDigest(world), (await versionFile(world, step.version)).digests.model)
  })
  await claim('the deployment on GitHub is a success only now, and the only one that is active', async () => {
    same(await deploymentsOf(world), [
      { version: step.version, states: ['success', 'in_progress'] },
      ...(step.replaces ? [{ version: step.replaces, states: ['inactive', 'success', 'in_progress'] }] : []),
    ])
  })
  await claim('the approval is Rita’s, for that run', async () => {
    const { data } = await world.ada.github.octokit.rest.actions.getReviewsForRun({
      ...at(world.ada.github),
      run_id: run.id,
    })
    same(
      data.map(({ state, user }) => [state, user.login]),
      [['approved', 'rita']],
    )
  })
}

async function pendingOf({ rita }: World, run: Run) {
  return (await rita.github.octokit.rest.actions.getPendingDeploymentsForRun({ ...at(rita.github), run_id: run.id }))
    .data
}

async function approve(world: World, run: Run): Promise<void> {
  const pending = await pendingOf(world, run)
  await world.rita.github.octokit.rest.actions.reviewPendingDeploymentsForRun({
    ...at(world.rita.github),
    run_id: run.id,
    environment_ids: pending.map(({ environment }) => environment.id!),
    state: 'approved',
    comment: 'The report is convincing.',
  })
}

/** SHA-256 of the model file that production's current.json points to. */
export async function servedDigest({ serving }: World): Promise<string> {
  const folder = join(serving, 'production')
  const { file } = JSON.parse(await readFile(join(folder, 'current.json'), 'utf8')) as { file: string }
  return createHash('sha256')
    .update(await readFile(join(folder, file)))
    .digest('hex')
}

/** The deployments to production, newest first, with the states that they went through, newest first. */
export async function deploymentsOf({ ada }: World): Promise<Array<{ version: string; states: string[] }>> {
  const { octokit } = ada.github
  const { data } = await octokit.rest.repos.listDeployments({ ...at(ada.github), environment: 'production' })
  return Promise.all(
    data.map(async ({ id, payload }) => {
      const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({
        ...at(ada.github),
        deployment_id: id,
      })
      const { version } = (typeof payload === 'string' ? JSON.parse(payload) : payload) as { version: string }
      return { version, states: statuses.map(({ state }) => state) }
    }),
  )
}
