import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github } = fixture
const { at, runsOf, jobsOf, pushWorkflows, outcomes, logOf, setSecret } = createStory(fixture)

const DEPLOY = `name: deploy
on: push
permissions: { id-token: write }
jobs:
  plan: { runs-on: ubuntu-latest, steps: [{ run: 'echo "[\${{ vars.PLACE }}][\${{ secrets.KEY }}]"' }] }
  staging:
    needs: plan
    runs-on: ubuntu-latest
    environment: { name: staging, url: 'https://staging.example.com' }
    steps: [{ run: 'echo "[\${{ vars.PLACE }}]"' }]
  production:
    needs: staging
    name: model v1 → production
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: test "\${{ vars.PLACE }}" = production && test "\${{ secrets.KEY }}" = the-key
      - run: |
          curl -s -f -H "authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL" | cut -d. -f2
  silent:
    needs: staging
    runs-on: ubuntu-latest
    environment: { name: production, deployment: false }
    steps: [{ run: 'true' }]
`

it('an environment holds its jobs for a reviewer, has variables and secrets of its own, and keeps a history', async () => {
  const bob = await fixture.as('bob')
  const { data: reviewer } = await bob.users.getAuthenticated()
  const { data: environment } = await octokit.repos.createOrUpdateEnvironment({
    ...{ ...at, environment_name: 'production' },
    ...{ reviewers: [{ type: 'User', id: reviewer.id }], prevent_self_review: true },
  })
  await octokit.actions.createRepoVariable({ ...at, name: 'PLACE', value: 'anywhere' })
  await octokit.actions.createEnvironmentVariable({
    ...{ ...at, environment_name: 'production', name: 'PLACE', value: 'production' },
  })
  await setSecret('KEY', 'the-key', 'production')
  const sha = await pushWorkflows({ 'deploy.yml': DEPLOY })
  const before = await outcomes('deploy')
  expect(before.run.status).toBe('waiting')
  expect(before.jobs.map(({ name, status, conclusion }) => [name, status, conclusion])).toEqual([
    ['plan', 'completed', 'success'],
    ['staging', 'completed', 'success'],
    ['model v1 → production', 'waiting', null],
    ['silent', 'waiting', null],
  ])
  expect(await logOf(before.jobs[0]!.id)).toContain('[anywhere][]')

  const run_id = before.run.id
  const review = { ...at, run_id, environment_ids: [environment.id], state: 'approved' as const, comment: 'go' }
  await bob.actions.reviewPendingDeploymentsForRun(review)
  const { run, jobs, conclusions } = await outcomes('deploy')
  expect(conclusions['model v1 → production']).toBe('success')
  expect(run.conclusion).toBe('success')
  const [claims] = /[\w-]{200,}/.exec(await logOf(jobs[2]!.id))!
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    sub: 'repo:acme/model:environment:production',
    environment: 'production',
  })

  const { data: deployments } = await octokit.repos.listDeployments({ ...at, sha })
  expect(deployments.map(({ environment: name }) => name)).toEqual(['production', 'staging'])
  const states = await Promise.all(
    deployments.map(async ({ id: deployment_id }) => {
      const { data } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id })
      return data.map(({ state, environment_url }) => [state, environment_url])
    }),
  )
  expect(states[0]!.map(([state]) => state)).toEqual(['success', 'in_progress', 'pending'])
  expect(states[1]![0]).toEqual(['success', 'https://staging.example.com'])
}, 30_000)

it('a rejected job fails, with the run, and its deployment too', async () => {
  const { data: environments } = await octokit.repos.getAllEnvironments(at)
  const production = environments.environments!.find(({ name }) => name === 'production')!
  await pushWorkflows({ 'deploy.yml': DEPLOY })
  await github.idle()
  const [run] = await runsOf('deploy')
  const bob = await fixture.as('bob')
  const review = { ...at, run_id: run!.id, environment_ids: [production.id], comment: 'no' }
  await bob.actions.reviewPendingDeploymentsForRun({ ...review, state: 'rejected' })
  await github.idle()
  const jobs = await jobsOf(run!.id)
  expect(jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'failure', 'failure'])
  const [deployment] = (await octokit.repos.listDeployments({ ...at, environment: 'production' })).data
  const { data: statuses } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: deployment!.id })
  expect(statuses[0]!.state).toBe('failure')
}, 30_000)
