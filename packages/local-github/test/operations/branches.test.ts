import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, push, write } = fixture
const at = { owner, repo }
const main = { ...at, branch: 'main' }
const { repos } = octokit

const OPEN = {
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: null,
  restrictions: null,
}

describe('branches', () => {
  it('are listed and shown with what protects them', async () => {
    await git('push', '-q', 'origin', 'HEAD:refs/heads/free')
    await repos.updateBranchProtection({ ...main, ...OPEN, required_status_checks: { strict: true, contexts: ['ci'] } })
    const { data: held } = await repos.listBranches({ ...at, protected: true })
    expect(held).toMatchObject([{ name: 'main', protection: { required_status_checks: { contexts: ['ci'] } } }])
    expect((await repos.listBranches(at)).data.map(({ name }) => name)).toEqual(['free', 'main'])
    const { data } = await repos.getBranch(main)
    expect(data).toMatchObject({ name: 'main', protected: true, commit: { commit: { message: 'First' } } })
    expect((await repos.getBranch({ ...at, branch: 'free' })).data.protection.enabled).toBe(false)
    expect((await refusal(repos.getBranch({ ...at, branch: 'none' }))).body).toMatchObject({
      message: 'Branch not found',
    })
    await repos.deleteBranchProtection(main)
    expect((await refusal(repos.getBranchProtection(main))).body).toMatchObject({ message: 'Branch not protected' })
  })

  it('are merged into one another: 201, 204 where nothing is to do, 409 where they conflict', async () => {
    await write('b.txt', 'b')
    const head = await push('B', 'topic')
    const { data } = await repos.merge({ ...at, base: 'main', head: 'topic', commit_message: 'Both' })
    expect(data).toMatchObject({ commit: { message: 'Both', verification: { verified: true } } })
    expect(data.parents.map(({ sha }) => sha)).toContain(head)
    expect((await repos.merge({ ...at, base: 'main', head: 'topic' })).status).toBe(204)
    await git('checkout', '-q', '-b', 'other', 'HEAD~1')
    await write('b.txt', 'other')
    await push('Other', 'other')
    expect(await refusal(repos.merge({ ...at, base: 'main', head: 'other' }))).toMatchObject({
      status: 409,
      body: { message: 'Merge conflict' },
    })
    expect((await refusal(repos.merge({ ...at, base: 'none', head: 'other' }))).body).toMatchObject({
      message: 'Base does not exist',
    })
  })

  it('are renamed with what hangs on them', async () => {
    await write('c.txt', 'c')
    await push('C', 'base')
    await write('d.txt', 'd')
    await push('D', 'change')
    const { data: pull } = await octokit.pulls.create({ ...at, title: 'Change', head: 'change', base: 'base' })
    await repos.updateBranchProtection({ ...at, branch: 'base', ...OPEN, allow_deletions: true })
    const { data } = await repos.renameBranch({ ...at, branch: 'base', new_name: 'release/next' })
    expect(data).toMatchObject({ name: 'release/next', protected: true })
    const after = await octokit.pulls.get({ ...at, pull_number: pull.number })
    expect(after.data).toMatchObject({ state: 'open', base: { ref: 'release/next' } })
    const bad = repos.renameBranch({ ...at, branch: 'release/next', new_name: 'a..b' })
    expect((await refusal(bad)).status).toBe(422)
  })
})

describe('protection', () => {
  const status = { ...main, context: 'ci' }

  it('is laid on a branch as a whole and read again', async () => {
    const { data: put } = await repos.updateBranchProtection({
      ...main,
      required_status_checks: { strict: false, contexts: [], checks: [{ context: 'gate', app_id: 15368 }] },
      enforce_admins: true,
      required_pull_request_reviews: {
        required_approving_review_count: 2,
        require_code_owner_reviews: true,
        dismissal_restrictions: { users: ['ann'], teams: [] },
        bypass_pull_request_allowances: { users: ['bob'] },
      },
      restrictions: { users: ['bob', 'nobody'], teams: [], apps: ['github-actions'] },
      required_linear_history: true,
      allow_fork_syncing: true,
    })
    const { data } = await repos.getBranchProtection(main)
    expect(data).toEqual(put)
    expect(data).toMatchObject({
      required_status_checks: { contexts: ['gate'], checks: [{ context: 'gate', app_id: 15368 }] },
      enforce_admins: { enabled: true },
      required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
      restrictions: { users: [{ login: 'bob' }], apps: [{ slug: 'github-actions' }] },
      required_linear_history: { enabled: true },
      allow_force_pushes: { enabled: false },
    })
    const bob = await fixture.as('bob')
    expect((await refusal(bob.repos.getBranchProtection(main))).status).toBe(404)
  })

  it('holds administrators, and signatures, or does not', async () => {
    await repos.deleteAdminBranchProtection(main)
    expect((await repos.getAdminBranchProtection(main)).data.enabled).toBe(false)
    expect((await repos.setAdminBranchProtection(main)).data.enabled).toBe(true)
    expect((await repos.getCommitSignatureProtection(main)).data.enabled).toBe(false)
    expect((await repos.createCommitSignatureProtection(main)).data.enabled).toBe(true)
    await repos.deleteCommitSignatureProtection(main)
    expect((await repos.getBranchProtection(main)).data.required_signatures?.enabled).toBe(false)
  })

  it('requires checks by name', async () => {
    await repos.updateStatusCheckProtection({ ...main, strict: true, checks: [{ context: 'ci', app_id: 15368 }] })
    expect((await repos.addStatusCheckContexts({ ...main, contexts: ['lint', 'ci'] })).data).toEqual(['ci', 'lint'])
    expect((await repos.getStatusChecksProtection(main)).data).toMatchObject({
      strict: true,
      checks: [
        { context: 'ci', app_id: 15368 },
        { context: 'lint', app_id: null },
      ],
    })
    expect((await repos.removeStatusCheckContexts({ ...main, contexts: ['ci'] })).data).toEqual(['lint'])
    expect((await repos.setStatusCheckContexts({ ...main, contexts: ['build'] })).data).toEqual(['build'])
    expect((await repos.getAllStatusCheckContexts(main)).data).toEqual(['build'])
    await repos.removeStatusCheckProtection(main)
    expect((await refusal(repos.getStatusChecksProtection(main))).body).toMatchObject({
      message: 'Required status checks not enabled',
    })
    expect(status.context).toBe('ci')
  })

  it('requires reviews', async () => {
    const change = { ...main, dismiss_stale_reviews: true, required_approving_review_count: 1 }
    const { data } = await repos.updatePullRequestReviewProtection(change)
    expect(data).toMatchObject({ dismiss_stale_reviews: true, require_code_owner_reviews: true })
    expect((await repos.getPullRequestReviewProtection(main)).data).toEqual(data)
    const most = repos.updatePullRequestReviewProtection({ ...main, required_approving_review_count: 7 })
    expect((await refusal(most)).status).toBe(422)
    await repos.deletePullRequestReviewProtection(main)
    expect((await refusal(repos.getPullRequestReviewProtection(main))).status).toBe(404)
  })

  it('says who may push: people, teams and apps', async () => {
    await octokit.teams.create({ org: owner, name: 'Flight ML' })
    const logins = (rows: Array<{ login?: string }>) => rows.map(({ login }) => login)
    expect(logins((await repos.getUsersWithAccessToProtectedBranch(main)).data)).toEqual(['bob'])
    expect(logins((await repos.addUserAccessRestrictions({ ...main, users: ['ann'] })).data)).toEqual(['bob', 'ann'])
    expect(logins((await repos.removeUserAccessRestrictions({ ...main, users: ['bob'] })).data)).toEqual(['ann'])
    expect(logins((await repos.setUserAccessRestrictions({ ...main, users: ['bob'] })).data)).toEqual(['bob'])
    const slugs = (rows: Array<{ slug?: string }>) => rows.map(({ slug }) => slug)
    expect(slugs((await repos.addTeamAccessRestrictions({ ...main, teams: ['flight-ml'] })).data)).toEqual([
      'flight-ml',
    ])
    expect(slugs((await repos.getTeamsWithAccessToProtectedBranch(main)).data)).toEqual(['flight-ml'])
    expect((await repos.removeTeamAccessRestrictions({ ...main, teams: ['flight-ml'] })).data).toEqual([])
    expect(slugs((await repos.setTeamAccessRestrictions({ ...main, teams: ['flight-ml'] })).data)).toHaveLength(1)
    const apps = ['github-actions']
    expect((await repos.removeAppAccessRestrictions({ ...main, apps })).data).toEqual([])
    expect((await repos.addAppAccessRestrictions({ ...main, apps })).data).toMatchObject([{ slug: 'github-actions' }])
    expect((await repos.setAppAccessRestrictions({ ...main, apps: [] })).data).toEqual([])
    expect((await repos.getAppsWithAccessToProtectedBranch(main)).data).toEqual([])
    const { data } = await repos.getAccessRestrictions(main)
    expect(data).toMatchObject({ users: [{ login: 'bob' }], teams: [{ slug: 'flight-ml' }], apps: [] })
    await repos.deleteAccessRestrictions(main)
    expect((await refusal(repos.getAccessRestrictions(main))).body).toMatchObject({
      message: 'Push restrictions not enabled',
    })
    await repos.deleteBranchProtection(main)
  })
})

describe('rulesets', () => {
  it('are made, changed, shown without their bypass list to others, and taken away', async () => {
    const { data: made } = await repos.createRepoRuleset({
      ...at,
      name: 'main only forward',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [{ type: 'non_fast_forward' }, { type: 'deletion' }],
      bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }],
    })
    expect(made).toMatchObject({ target: 'branch', current_user_can_bypass: 'pull_requests_only' })
    expect((await repos.getBranchRules(main)).data).toMatchObject([
      { type: 'non_fast_forward', ruleset_id: made.id, ruleset_source: 'acme/model' },
      { type: 'deletion' },
    ])
    expect((await repos.getBranchRules({ ...at, branch: 'free' })).data).toEqual([])
    const one = { ...at, ruleset_id: made.id }
    await repos.updateRepoRuleset({ ...one, enforcement: 'disabled' })
    expect((await repos.getBranchRules(main)).data).toEqual([])
    const bob = await fixture.as('bob')
    const { data: seen } = await bob.repos.getRepoRuleset(one)
    expect(seen).toMatchObject({ enforcement: 'disabled', current_user_can_bypass: 'never' })
    expect(seen.bypass_actors).toBeUndefined()
    expect((await repos.getRepoRulesets({ ...at, targets: 'tag' })).data).toEqual([])
    expect((await repos.getRepoRulesets(at)).data).toHaveLength(1)
    await repos.deleteRepoRuleset(one)
    expect((await refusal(repos.getRepoRuleset(one))).status).toBe(404)
  })
})
