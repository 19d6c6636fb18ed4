import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

// Jobs do what their first step says, see the stand-in for act.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act })
const { octokit, owner, repo, github, git, write, push } = fixture
const at = { owner, repo }
const { repos } = octokit

const steps = `runs-on: ubuntu-latest, steps: [{ run: 'true' }]`
await write(
  '.github/workflows/deploy.yml',
  `on: { workflow_dispatch: { inputs: { to: {} } } }\njobs: { a: { environment: '\${{ inputs.to }}', ${steps} } }\n`,
)
// Every event makes a run whose name says which; nothing is run.
const name = 'run-name: ${{ github.event_name }} ${{ github.event.deployment.environment }} [${{ github.ref }}]'
await write(
  '.github/workflows/heard.yml',
  `on: [deployment, deployment_status]\n${name}\njobs: { a: { if: false, ${steps} } }\n`,
)
const sha = await push('Workflows')

const create = async (more: object = {}) => {
  const given = { ...at, ref: 'main', auto_merge: false, required_contexts: [], environment: 'staging', ...more }
  const { data } = await repos.createDeployment(given)
  return data as Extract<typeof data, { id: number }>
}
const say = (deployment_id: number, state: 'success' | 'inactive' | 'failure', more: object = {}) =>
  repos.createDeploymentStatus({ ...at, deployment_id, state, ...more })
const statesOf = async (deployment_id: number) =>
  (await repos.listDeploymentStatuses({ ...at, deployment_id })).data.map(({ state }) => state)

async function heard(about: string): Promise<string[]> {
  const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 100 })
  return data.workflow_runs.map(({ display_title }) => display_title).filter((title) => title.includes(about))
}

/** How a job of this ref with this environment ends. */
async function deployTo(to: string, ref: string): Promise<string | null> {
  await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'deploy.yml', ref, inputs: { to } })
  await github.idle()
  const [run] = (await octokit.actions.listWorkflowRuns({ ...at, workflow_id: 'deploy.yml' })).data.workflow_runs
  return run!.status === 'completed' ? run!.conclusion : run!.status
}

const environment = (environment_name: string, more: object = {}) =>
  repos.createOrUpdateEnvironment({ ...at, environment_name, ...more })
const custom = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } }
const allow = (environment_name: string, name: string, type: 'branch' | 'tag' = 'branch') =>
  repos.createDeploymentBranchPolicy({ ...at, environment_name, name, type })

it('deployments/auto-merge', async () => {
  await git('push', '-q', 'origin', `${sha}:refs/heads/behind`)
  await write('more.txt', 'more')
  await push('More')
  const { status, data } = await repos.createDeployment({ ...at, ref: 'behind', environment: 'merged' })
  expect([status, data]).toEqual([202, { message: 'Auto-merged main into behind on deployment.' }])
  expect((await repos.listDeployments({ ...at, environment: 'merged' })).data).toEqual([])
  expect((await repos.compareCommits({ ...at, base: 'main', head: 'behind' })).data.behind_by).toBe(0)
  expect((await repos.createDeployment({ ...at, ref: 'behind', environment: 'merged' })).status).toBe(201)
})

it('deployments/every-context-green', async () => {
  const head = (await repos.createOrUpdateFileContents({ ...at, path: 'a', message: 'a', content: '' })).data.commit
    .sha!
  await repos.createCommitStatus({ ...at, sha: head, context: 'slow', state: 'pending' })
  expect(await refusal(repos.createDeployment({ ...at, ref: 'main' }))).toMatchObject({
    status: 409,
    body: {
      message: 'Conflict: Commit status checks failed for main.',
      errors: [{ contexts: [{ context: 'slow', state: 'pending' }], field: 'required_contexts', code: 'invalid' }],
    },
  })
  await repos.createCommitStatus({ ...at, sha: head, context: 'slow', state: 'success' })
  expect((await repos.createDeployment({ ...at, ref: 'main' })).status).toBe(201)
})

it('deployments/named-contexts', async () => {
  const required = { ...at, ref: 'main', required_contexts: ['never-sent'] }
  expect(await refusal(repos.createDeployment(required))).toMatchObject({ status: 409 })
})

it('deployments/skipped-is-not-green', async () => {
  await git('checkout', '-q', '-B', 'skipping', 'origin/main')
  await write(
    '.github/workflows/skip.yml',
    `on: { push: { branches: [skipping] } }\njobs: { not-now: { if: false, ${steps} } }\n`,
  )
  await push('Skip', 'skipping')
  await github.idle()
  const deployment = { ...at, ref: 'skipping', auto_merge: false }
  const errors = [{ contexts: [{ context: 'not-now', state: 'failure' }] }]
  expect(await refusal(repos.createDeployment(deployment))).toMatchObject({ status: 409, body: { errors } })
  await git('checkout', '-q', 'main')
})

it('deployments/production-by-name', async () => {
  expect((await create({ environment: 'production' })).production_environment).toBe(true)
  expect((await create({ environment: 'Production' })).production_environment).toBe(false)
  expect((await create({ environment: 'eu', production_environment: true })).production_environment).toBe(true)
})

it('deployments/auto-inactive', async () => {
  const ids = [(await create()).id, (await create()).id]
  for (const id of ids) await say(id, 'success')
  expect(await statesOf(ids[0]!)).toEqual(['inactive', 'success'])
  const third = await create()
  await say(third.id, 'success', { auto_inactive: false })
  expect(await statesOf(ids[1]!)).toEqual(['success'])
})

it('deployments/production-stays-active', async () => {
  const ids = [(await create({ environment: 'production' })).id, (await create({ environment: 'production' })).id]
  for (const id of ids) await say(id, 'success')
  expect(await statesOf(ids[0]!)).toEqual(['success'])
})

it('deployments/transient-stays-active', async () => {
  const transient = { environment: 'pr-1', transient_environment: true }
  const ids = [(await create(transient)).id, (await create(transient)).id]
  for (const id of ids) await say(id, 'success')
  expect(await statesOf(ids[0]!)).toEqual(['success'])
})

it('deployments/description-140', async () => {
  const { id } = await create()
  expect(await refusal(say(id, 'success', { description: 'x'.repeat(141) }))).toMatchObject({ status: 422 })
  expect((await say(id, 'success', { description: 'x'.repeat(140) })).status).toBe(201)
})

it('deployments/environment-of-status', async () => {
  const { id } = await create({ environment: 'one' })
  await say(id, 'failure', { environment: 'two' })
  expect((await say(id, 'success')).data.environment).toBe('two')
})

it('deployments/active-not-deleted', async () => {
  const [first, second] = [await create({ environment: 'kept' }), await create({ environment: 'kept' })]
  await say(second.id, 'success')
  const errors = ['We cannot delete an active deployment unless it is the only deployment in a given environment.']
  const remove = (deployment_id: number) => repos.deleteDeployment({ ...at, deployment_id })
  expect(await refusal(remove(second.id))).toMatchObject({ status: 422, body: { errors } })
  await remove(first.id)
  expect((await remove(second.id)).status).toBe(204)
})

it('deployments/makes-environment', async () => {
  await create({ environment: 'brand-new' })
  expect((await repos.getEnvironment({ ...at, environment_name: 'brand-new' })).data.protection_rules).toEqual([])
})

it('deployments/events', async () => {
  const { id } = await create({ environment: 'told' })
  await say(id, 'success')
  expect(await heard('told')).toEqual(['deployment_status told [refs/heads/main]', 'deployment told [refs/heads/main]'])
})

it('deployments/inactive-is-no-event', async () => {
  const { id } = await create({ environment: 'ended' })
  await say(id, 'inactive')
  expect(await heard('ended')).toEqual(['deployment ended [refs/heads/main]'])
})

it('deployments/commit-has-no-ref', async () => {
  await create({ environment: 'at-commit', ref: sha })
  expect(await heard('at-commit')).toEqual(['deployment at-commit []'])
})

it('environments/six-reviewers', async () => {
  const ids = await Promise.all(
    ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'].map(async (username) => {
      await github.createUser(username)
      return (await octokit.users.getByUsername({ username })).data.id
    }),
  )
  const reviewers = ids.map((id) => ({ type: 'User', id }))
  expect(await refusal(environment('reviewed', { reviewers }))).toMatchObject({ status: 422 })
  expect((await environment('reviewed', { reviewers: reviewers.slice(1) })).status).toBe(200)
})

it('environments/reviewers-see-repository', async () => {
  const reviewers = [{ type: 'User', id: 987654 }]
  expect(await refusal(environment('strangers', { reviewers }))).toMatchObject({ status: 422 })
})

it('environments/timer-of-30-days', async () => {
  expect(await refusal(environment('slow', { wait_timer: 43_201 }))).toMatchObject({ status: 422 })
  expect((await environment('slow', { wait_timer: 43_200 })).status).toBe(200)
})

it('environments/one-policy', async () => {
  for (const both of [true, false]) {
    const deployment_branch_policy = { protected_branches: both, custom_branch_policies: both }
    expect(await refusal(environment('both', { deployment_branch_policy }))).toMatchObject({ status: 422 })
  }
})

it('environments/name-without-case', async () => {
  const { data } = await environment('Mixed')
  expect((await repos.getEnvironment({ ...at, environment_name: 'mIXED' })).data.id).toBe(data.id)
  expect((await environment('mixed')).data.name).toBe('Mixed')
})

it('environments/name-of-255', async () => {
  expect(await refusal(environment('x'.repeat(256)))).toMatchObject({ status: 422 })
  expect((await environment('x'.repeat(255))).status).toBe(200)
})

it('environments/patterns-need-custom', async () => {
  await environment('closed')
  expect(await refusal(allow('closed', 'main'))).toMatchObject({ status: 404 })
})

it('environments/star-stops-at-slash', async () => {
  await environment('starred', custom)
  await allow('starred', 'release/*')
  for (const branch of ['release/1', 'release/2/1']) await git('push', '-q', 'origin', `${sha}:refs/heads/${branch}`)
  expect(await deployTo('starred', 'release/1')).toBe('success')
  expect(await deployTo('starred', 'release/2/1')).toBe('failure')
})

it('environments/tags-apart', async () => {
  await environment('tagged', custom)
  await allow('tagged', 'v*')
  await octokit.git.createRef({ ...at, ref: 'refs/tags/v1', sha })
  expect(await deployTo('tagged', 'v1')).toBe('failure')
  await allow('tagged', 'v*', 'tag')
  expect(await deployTo('tagged', 'v1')).toBe('success')
})

it('environments/nothing-protected', async () => {
  const deployment_branch_policy = { protected_branches: true, custom_branch_policies: false }
  await environment('guarded', { deployment_branch_policy })
  expect(await deployTo('guarded', 'main')).toBe('success')
  const none = {
    required_status_checks: null,
    enforce_admins: null,
    required_pull_request_reviews: null,
    restrictions: null,
  }
  await repos.updateBranchProtection({ ...at, branch: 'behind', ...none })
  expect(await deployTo('guarded', 'main')).toBe('failure')
})

it('environments/six-rules', async () => {
  await environment('apps')
  const enable = (integration_id: number) =>
    repos.createDeploymentProtectionRule({ ...at, environment_name: 'apps', integration_id })
  for (const app of [1, 2, 3, 4, 5, 6]) await enable(app)
  expect(await refusal(enable(7))).toMatchObject({ status: 422 })
})

it('environments/team-reviews', async () => {
  const org = 'acme'
  await octokit.teams.create({ org, name: 'Reviewers' })
  const team = (await octokit.teams.getByName({ org, team_slug: 'reviewers' })).data
  await octokit.teams.addOrUpdateRepoPermissionsInOrg({ org, team_slug: 'reviewers', ...at, permission: 'pull' })
  await environment('by-team', { reviewers: [{ type: 'Team', id: team.id }] })
  expect(await deployTo('by-team', 'main')).toBe('waiting')
  const [run] = (await octokit.actions.listWorkflowRuns({ ...at, workflow_id: 'deploy.yml' })).data.workflow_runs
  const pending = async () =>
    (await octokit.actions.getPendingDeploymentsForRun({ ...at, run_id: run!.id })).data[0]!.current_user_can_approve
  expect(await pending()).toBe(true)
  await octokit.teams.removeMembershipForUserInOrg({ org, team_slug: 'reviewers', username: 'ann' })
  expect(await pending()).toBe(false)
})
