import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, write, push } = fixture
const at = { owner, repo }
const { repos } = octokit
const eve = await fixture.as('eve')
const deploy = async (body: object = {}) => {
  const { data } = await repos.createDeployment({
    ...at,
    ref: 'main',
    auto_merge: false,
    required_contexts: [],
    ...body,
  })
  return data as Extract<typeof data, { id: number }>
}

describe('a deployment', () => {
  it('is found by what it is, and carries what it was given', async () => {
    const payload = { version: 'v1.0.0' }
    const made = await deploy({ environment: 'staging', task: 'deploy:model', payload, description: 'Try' })
    expect(made).toMatchObject({ payload, environment: 'staging', original_environment: 'staging', ref: 'main' })
    expect(made).toMatchObject({ production_environment: false, transient_environment: false, task: 'deploy:model' })
    const { data } = await repos.getDeployment({ ...at, deployment_id: made.id })
    expect(data).toEqual(made)
    const found = { ...at, environment: 'staging', task: 'deploy:model', sha: made.sha, ref: 'main' }
    expect((await eve.repos.listDeployments(found)).data.map(({ id }) => id)).toEqual([made.id])
    expect((await repos.listDeployments({ ...at, environment: 'none' })).data).toEqual([])
    expect(await refusal(eve.repos.createDeployment({ ...at, ref: 'main' }))).toMatchObject({ status: 403 })
    expect(await refusal(repos.createDeployment({ ...at, ref: '--all' }))).toMatchObject({
      status: 422,
      body: { message: 'No ref found for: --all' },
    })
  })

  it('has statuses, of which the last says where it is', async () => {
    const deployment_id = (await deploy({ environment: 'qa' })).id
    const one = { ...at, deployment_id }
    const log_url = 'https://example.com/log'
    const first = await repos.createDeploymentStatus({ ...one, state: 'in_progress', log_url, environment: 'qa-2' })
    expect(first.data).toMatchObject({ target_url: log_url, log_url, environment: 'qa-2', creator: { login: 'ann' } })
    expect(first.headers.location).toBe(first.data.url)
    await repos.createDeploymentStatus({ ...one, state: 'success', environment_url: 'https://example.com' })
    const { data } = await repos.listDeploymentStatuses(one)
    expect(data.map(({ state, environment }) => [state, environment])).toEqual([
      ['success', 'qa-2'],
      ['in_progress', 'qa-2'],
    ])
    const status = await repos.getDeploymentStatus({ ...one, status_id: first.data.id })
    expect(status.data).toEqual(first.data)
    expect((await repos.getDeployment(one)).data).toMatchObject({ environment: 'qa-2', original_environment: 'qa' })
    expect(await refusal(repos.getDeploymentStatus({ ...one, status_id: deployment_id }))).toMatchObject({
      status: 404,
    })
  })

  it('is deleted with its statuses', async () => {
    const deployment_id = (await deploy({ environment: 'gone' })).id
    await repos.createDeploymentStatus({ ...at, deployment_id, state: 'success' })
    await repos.deleteDeployment({ ...at, deployment_id })
    expect(await refusal(repos.getDeployment({ ...at, deployment_id }))).toMatchObject({ status: 404 })
  })

  it('ends at a conflict with the default branch', async () => {
    await git('checkout', '-q', '-b', 'clash')
    await write('README.md', '# theirs\n')
    await push('Theirs', 'clash')
    await git('checkout', '-q', 'main')
    await write('README.md', '# ours\n')
    await push('Ours')
    expect(await refusal(repos.createDeployment({ ...at, ref: 'clash' }))).toMatchObject({
      status: 409,
      body: { message: 'Conflict merging main into clash.' },
    })
  })
})

describe('an environment', () => {
  const production = { ...at, environment_name: 'production' }

  it('has rules, reviewers and a timer', async () => {
    const bob = (await octokit.users.getByUsername({ username: 'bob' })).data.id
    const reviewers = [{ type: 'User' as const, id: bob }]
    const { data } = await repos.createOrUpdateEnvironment({ ...production, reviewers, wait_timer: 30 })
    expect(data.protection_rules).toMatchObject([
      { type: 'wait_timer', wait_timer: 30 },
      {
        type: 'required_reviewers',
        prevent_self_review: false,
        reviewers: [{ type: 'User', reviewer: { login: 'bob' } }],
      },
    ])
    expect((await eve.repos.getEnvironment(production)).data).toEqual(data)
    const all = (await repos.getAllEnvironments(at)).data
    expect(all.environments?.map(({ name }) => name)).toContain('production')
    const { data: bare } = await repos.createOrUpdateEnvironment(production)
    expect(bare).toMatchObject({ id: data.id, protection_rules: [], deployment_branch_policy: null })
  })

  it('has patterns of branches and tags', async () => {
    const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true }
    await repos.createOrUpdateEnvironment({ ...production, deployment_branch_policy })
    const { data: branch } = await repos.createDeploymentBranchPolicy({ ...production, name: 'release/*' })
    const { data: tag } = await repos.createDeploymentBranchPolicy({ ...production, name: 'v*', type: 'tag' })
    expect([branch.type, tag.type]).toEqual(['branch', 'tag'])
    expect((await repos.createDeploymentBranchPolicy({ ...production, name: 'v*', type: 'tag' })).status).toBe(303)
    const one = { ...production, branch_policy_id: branch.id! }
    expect((await repos.updateDeploymentBranchPolicy({ ...one, name: 'main' })).data.name).toBe('main')
    expect((await repos.getDeploymentBranchPolicy(one)).data).toMatchObject({ name: 'main', type: 'branch' })
    const list = await repos.listDeploymentBranchPolicies(production)
    expect(list.data.branch_policies.map(({ name }) => name)).toEqual(['main', 'v*'])
    await repos.deleteDeploymentBranchPolicy(one)
    expect((await repos.listDeploymentBranchPolicies(production)).data.total_count).toBe(1)
    expect(await refusal(repos.getDeploymentBranchPolicy(one))).toMatchObject({ status: 404 })
  })

  it('has apps that guard it', async () => {
    const { data: rule } = await repos.createDeploymentProtectionRule({ ...production, integration_id: 42 })
    expect(rule).toMatchObject({ enabled: true, app: { id: 42 } })
    const list = await repos.getAllDeploymentProtectionRules(production)
    expect(list.data.custom_deployment_protection_rules).toEqual([rule])
    const one = { ...production, protection_rule_id: rule.id }
    expect((await repos.getCustomDeploymentProtectionRule(one)).data).toEqual(rule)
    const apps = await repos.listCustomDeploymentRuleIntegrations(production)
    expect(apps.data.available_custom_deployment_protection_rule_integrations?.map(({ id }) => id)).toEqual([42])
    await repos.disableDeploymentProtectionRule(one)
    expect((await repos.getAllDeploymentProtectionRules(production)).data.total_count).toBe(0)
  })

  it('is the administrators’, and goes with all that is its own', async () => {
    const bob = await fixture.as('bob')
    for (const who of [bob, eve]) {
      expect(await refusal(who.repos.createOrUpdateEnvironment(production))).toMatchObject({ status: 403 })
      expect(await refusal(who.repos.deleteAnEnvironment(production))).toMatchObject({ status: 403 })
    }
    await octokit.actions.createEnvironmentVariable({ ...production, name: 'HOST', value: 'a' })
    await repos.deleteAnEnvironment(production)
    await repos.createOrUpdateEnvironment(production)
    expect((await octokit.actions.listEnvironmentVariables(production)).data.total_count).toBe(0)
  })
})
