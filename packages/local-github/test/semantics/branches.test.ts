import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, github, push, cloneUrl } = fixture
const at = { owner, repo }
const { repos } = octokit
const bob = await fixture.as('bob')
const job = (permissions: Record<string, 'write'>) =>
  connect(github.apiUrl, github.createJobToken('acme/model', permissions))
const asBob = cloneUrl.replace('://', `://x:${(await github.createUser('bob')).token}@`)
const base = await git('rev-parse', 'HEAD')

const OPEN = {
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: null,
  restrictions: null,
}

/** A branch of its own for each rule, with protection. */
async function protect(branch: string, protection: object) {
  await octokit.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: base })
  await repos.updateBranchProtection({ ...at, branch, ...OPEN, ...protection })
}

async function restrict(include: string[], types: string[], more: object = {}) {
  const target = include[0]!.startsWith('refs/tags/') ? 'tag' : 'branch'
  const rules = types.map((type) => ({ type })) as never
  const conditions = { ref_name: { include, exclude: [] } }
  const settings = { ...at, name: include.join(), target, enforcement: 'active', conditions, rules, ...more } as const
  return (await repos.createRepoRuleset(settings)).data
}

/** What git says of a push: its exit and all its words. */
async function pushed(...args: string[]): Promise<string> {
  const { stderr } = await promisify(execFile)('git', ['-C', `${fixture.root}/clone`, 'push', ...args], {
    env: { ...process.env, HOME: fixture.root },
  }).catch((error: { stderr: string }) => error)
  return stderr.replaceAll(/ +$/gm, '')
}

/** A pull request with one changed file. */
async function propose(branch: string, target: string, path = `${branch}.txt`, sha = base) {
  await octokit.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha })
  await commitFile(branch, path, branch)
  const { data } = await octokit.pulls.create({ ...at, title: branch, head: branch, base: target })
  return { ...at, pull_number: data.number, sha: data.head.sha }
}

const commitFile = (branch: string, path: string, text: string, more: object = {}) => {
  const content = Buffer.from(text).toString('base64')
  return repos.createOrUpdateFileContents({ ...at, branch, path, message: path, content, ...more })
}

const merging = async (who: typeof octokit, { sha: _sha, ...pull }: { sha: string } & Record<string, unknown>) => {
  const { status, body } = await refusal(who.pulls.merge(pull as never))
  return [status, (body as { message: string }).message]
}

describe('pushes', () => {
  it('branches/push-refused-by-ruleset', async () => {
    await restrict(['refs/tags/m@v*'], ['creation'])
    const said = await pushed(asBob, `${base}:refs/tags/m@v1`)
    expect(said).toContain('remote: error: GH013: Repository rule violations found for refs/tags/m@v1.')
    expect(said).toContain(`/acme/model/rules?ref=refs%2Ftags%2Fm%40v1`)
    expect(said).toContain('remote: - Cannot create ref due to creations being restricted.')
    expect(said).toContain('(push declined due to repository rule violations)')
  })

  it('branches/refused-ref-alone', async () => {
    await restrict(['refs/tags/alone@*'], ['creation'])
    const said = await pushed(asBob, `${base}:refs/tags/alone@1`, `${base}:refs/tags/free-1`)
    expect(said).toMatch(/\[new tag\] +[0-9a-f]+ -> free-1/)
    expect(said).toMatch(/\[remote rejected\] +[0-9a-f]+ -> alone@1/)
  })

  it('branches/bypass-told', async () => {
    const admins = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }]
    await restrict(['refs/tags/told@*'], ['creation'], { bypass_actors: admins })
    const said = await pushed('origin', `${base}:refs/tags/told@1`)
    expect(said).toContain('remote: Bypassed rule violations for refs/tags/told@1:')
    expect(said).toContain('[new tag]')
  })

  it('branches/bot-bypasses-nothing', async () => {
    const writers = [{ actor_id: 4, actor_type: 'RepositoryRole', bypass_mode: 'always' }]
    await restrict(['refs/tags/bot@*'], ['creation'], { bypass_actors: writers })
    const ref = { ...at, ref: 'refs/tags/bot@1', sha: base }
    expect(await refusal(job({ contents: 'write' }).git.createRef(ref))).toMatchObject({ status: 422 })
    expect((await bob.git.createRef(ref)).status).toBe(201)
  })

  it('branches/force-refused-for-administrators', async () => {
    await protect('forward', {})
    await git('checkout', '-q', '-B', 'work', base)
    await push('More', 'forward')
    const said = await pushed('-f', 'origin', `${base}:refs/heads/forward`)
    expect(said).toContain('remote: error: GH006: Protected branch update failed for refs/heads/forward.')
    expect(said).toContain('remote: - Cannot force-push to this branch')
    expect(said).toContain('(protected branch hook declined)')
  })

  it('branches/administrators-exempt', async () => {
    await protect('exempt', { required_pull_request_reviews: { required_approving_review_count: 1 } })
    await git('checkout', '-q', '-B', 'work', base)
    await push('Direct', 'exempt')
    await repos.setAdminBranchProtection({ ...at, branch: 'exempt' })
    await git('commit', '-q', '--allow-empty', '-m', 'More')
    const said = await pushed('origin', 'HEAD:refs/heads/exempt')
    expect(said).toContain('remote: - Changes must be made through a pull request.')
    expect(said).toContain('(protected branch hook declined)')
  })

  it('branches/unsigned-commits-listed', async () => {
    await restrict(['refs/heads/signed'], ['required_signatures'])
    await git('checkout', '-q', '-B', 'work', base)
    await git('commit', '-q', '--allow-empty', '-m', 'Unsigned')
    const sha = await git('rev-parse', 'HEAD')
    const said = await pushed('origin', 'HEAD:refs/heads/signed')
    expect(said).toContain('remote: - Commits must have verified signatures.')
    expect(said).toContain(`remote:   Found 1 violation:\nremote:\nremote:   ${sha}`)
  })

  it('branches/immutable-tag-held', async () => {
    await repos.enableImmutableReleases(at)
    await repos.createRelease({ ...at, tag_name: 'kept' })
    await repos.disableImmutableReleases(at)
    expect(await pushed('origin', ':refs/tags/kept')).toContain('remote: - Cannot delete this protected ref.')
  })

  it('branches/pattern-stays-in-its-part', async () => {
    await restrict(['refs/heads/deep/*'], ['creation'])
    const make = (ref: string) => bob.git.createRef({ ...at, ref, sha: base })
    expect((await make('refs/heads/deep/a/b')).status).toBe(201)
    expect((await refusal(make('refs/heads/deep/c'))).status).toBe(422)
  })
})

describe('merges', () => {
  it('branches/required-check-expected', async () => {
    await protect('checked', { required_status_checks: { strict: false, contexts: ['gate'] } })
    const pull = await propose('unchecked', 'checked')
    expect(await merging(bob, pull)).toEqual([405, 'Required status check "gate" is expected.'])
    expect((await octokit.pulls.get(pull)).data.mergeable_state).toBe('blocked')
    await repos.createCommitStatus({ ...at, sha: pull.sha, state: 'success', context: 'gate' })
    expect((await octokit.pulls.get(pull)).data.mergeable_state).toBe('clean')
    const many = { strict: false, contexts: ['a', 'b', 'gate'] }
    await repos.updateStatusCheckProtection({ ...at, branch: 'checked', ...many })
    expect(await merging(bob, pull)).toEqual([405, '2 of 3 required status checks are expected.'])
  })

  it('branches/skipped-check-passes', async () => {
    await protect('skipping', { required_status_checks: { strict: false, contexts: ['gate'] } })
    const pull = await propose('skipped', 'skipping')
    const check = { ...at, name: 'gate', head_sha: pull.sha, conclusion: 'skipped' } as const
    await job({ checks: 'write' }).checks.create(check)
    expect((await bob.pulls.merge(pull)).data.merged).toBe(true)
  })

  it('branches/check-of-its-app', async () => {
    const checks = [{ context: 'gate', app_id: 15368 }]
    await protect('app', { required_status_checks: { strict: false, contexts: [], checks } })
    const pull = await propose('anybody', 'app')
    await repos.createCommitStatus({ ...at, sha: pull.sha, state: 'success', context: 'gate' })
    expect(await merging(bob, pull)).toEqual([405, 'Required status check "gate" is expected.'])
  })

  it('branches/up-to-date-when-strict', async () => {
    await protect('strict', { required_status_checks: { strict: true, contexts: ['gate'] } })
    const pull = await propose('behind', 'strict')
    await commitFile('strict', 'ahead.txt', 'x')
    await repos.createCommitStatus({ ...at, sha: pull.sha, state: 'success', context: 'gate' })
    expect((await merging(bob, pull))[0]).toBe(405)
    await octokit.pulls.updateBranch(pull)
    const { head } = (await octokit.pulls.get(pull)).data
    await repos.createCommitStatus({ ...at, sha: head.sha, state: 'success', context: 'gate' })
    expect((await bob.pulls.merge({ ...at, pull_number: pull.pull_number })).data.merged).toBe(true)
  })

  it('branches/approvals-of-writers', async () => {
    await protect('reviewed', { required_pull_request_reviews: { required_approving_review_count: 1 } })
    const pull = await propose('review', 'reviewed')
    const approve = { ...pull, event: 'APPROVE' } as const
    await (await fixture.as('carl')).pulls.createReview(approve)
    const wanted = 'At least 1 approving review is required by reviewers with write access.'
    expect(await merging(bob, pull)).toEqual([405, wanted])
    await bob.pulls.createReview(approve)
    expect((await bob.pulls.merge(pull)).data.merged).toBe(true)
  })

  it('branches/stale-approvals-dismissed', async () => {
    const reviews = { required_approving_review_count: 1, dismiss_stale_reviews: true }
    await protect('fresh', { required_pull_request_reviews: reviews })
    const pull = await propose('stale', 'fresh')
    await bob.pulls.createReview({ ...pull, event: 'APPROVE' })
    await commitFile('stale', 'more.txt', 'x')
    expect((await octokit.pulls.listReviews(pull)).data.map(({ state }) => state)).toEqual(['DISMISSED'])
    expect((await merging(bob, pull))[0]).toBe(405)
  })

  it('branches/last-push-approved-by-another', async () => {
    const reviews = { required_approving_review_count: 0, require_last_push_approval: true }
    await protect('last', { required_pull_request_reviews: reviews })
    const pull = await propose('pushed', 'last')
    const file = { path: 'bob.txt', message: 'By bob', content: '', branch: 'pushed' }
    await bob.repos.createOrUpdateFileContents({ ...at, ...file })
    const { sha: _sha, ...number } = pull
    await bob.pulls.createReview({ ...number, event: 'APPROVE' })
    expect((await merging(bob, pull))[1]).toMatch('someone other than bob')
  })

  it('branches/code-owners-of-the-base', async () => {
    await octokit.git.createRef({ ...at, ref: 'refs/heads/owned', sha: base })
    const { data: owners } = await commitFile('owned', 'CODEOWNERS', '/models/ @dora\n*.md @acme/nobody\n')
    await repos.addCollaborator({ ...at, username: (await github.createUser('dora')).login, permission: 'push' })
    const dora = await fixture.as('dora')
    const invitation = (await dora.repos.listInvitationsForAuthenticatedUser().catch(() => ({ data: [] }))).data[0]
    if (invitation) await dora.repos.acceptInvitationForAuthenticatedUser({ invitation_id: invitation.id })
    const reviews = { required_approving_review_count: 0, require_code_owner_reviews: true }
    await repos.updateBranchProtection({ ...at, branch: 'owned', ...OPEN, required_pull_request_reviews: reviews })
    await octokit.git.createRef({ ...at, ref: 'refs/heads/own', sha: owners.commit.sha! })
    await commitFile('own', 'CODEOWNERS', '* @bob\n', { sha: owners.content!.sha! })
    await commitFile('own', 'models/a.txt', 'a')
    const { data } = await octokit.pulls.create({ ...at, title: 'Own', head: 'own', base: 'owned' })
    const pull = { ...at, pull_number: data.number, sha: data.head.sha }
    await bob.pulls.createReview({ ...at, pull_number: data.number, event: 'APPROVE' })
    expect(await merging(bob, pull)).toEqual([405, 'Waiting on code owner review from dora.'])
    await dora.pulls.createReview({ ...at, pull_number: data.number, event: 'APPROVE' })
    expect((await bob.pulls.merge({ ...at, pull_number: data.number })).data.merged).toBe(true)
  })

  it('branches/linear-history-takes-no-merge', async () => {
    await protect('linear', { required_linear_history: true })
    const pull = await propose('line', 'linear')
    expect(await merging(bob, pull)).toEqual([405, 'This branch must not contain merge commits.'])
    expect((await bob.pulls.merge({ ...pull, merge_method: 'squash' })).data.merged).toBe(true)
  })

  it('branches/ruleset-refuses-merge', async () => {
    await octokit.git.createRef({ ...at, ref: 'refs/heads/ruled', sha: base })
    const parameters = {
      required_status_checks: [{ context: 'gate' }],
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: true,
    }
    await restrict(['refs/heads/ruled'], [], { rules: [{ type: 'required_status_checks', parameters }] })
    const pull = await propose('unruled', 'ruled')
    const words = 'Repository rule violations found\n\nRequired status check "gate" is expected.\n\n'
    expect(await merging(bob, pull)).toEqual([405, words])
  })

  it('branches/workflow-not-merged-by-a-job', async () => {
    const pull = await propose('flow', 'main', '.github/workflows/flow.yml')
    const { merge } = job({ contents: 'write', 'pull-requests': 'write' }).pulls
    const refused = await refusal(merge(pull))
    expect(refused).toMatchObject({
      status: 403,
      body: {
        message:
          'refusing to allow a GitHub App to create or update workflow `.github/workflows/flow.yml` without `workflows` permission',
      },
    })
    expect((await octokit.pulls.merge(pull)).data.merged).toBe(true)
  })

  it('branches/own-workflows-merged-by-a-job', async () => {
    const path = '.github/workflows/since.yml'
    const { data } = await commitFile('main', path, 'before')
    const { sha: _sha, ...pull } = await propose('flowless', 'main', undefined, data.commit.sha!)
    await commitFile('main', path, 'since', { sha: data.content!.sha })
    const { merge } = job({ contents: 'write', 'pull-requests': 'write' }).pulls
    expect((await merge(pull)).data.merged).toBe(true)
  })

  it('branches/held-branch-not-updated', async () => {
    const { sha: _sha, ...pull } = await propose('held', 'main')
    await commitFile('main', 'held-up.txt', 'x')
    await restrict(['refs/heads/held'], ['update'])
    expect(await refusal(octokit.pulls.updateBranch(pull))).toMatchObject({
      status: 422,
      body: { message: 'Repository rule violations found\n\nCannot update this protected ref.\n\n' },
    })
  })

  it('branches/held-branch-not-deleted', async () => {
    const pull = await propose('kept', 'main')
    await restrict(['refs/heads/kept'], ['deletion'])
    await repos.update({ ...at, delete_branch_on_merge: true })
    expect((await octokit.pulls.merge(pull)).data.merged).toBe(true)
    await repos.update({ ...at, delete_branch_on_merge: false })
    expect((await repos.getBranch({ ...at, branch: 'kept' })).data.commit.sha).toBe(pull.sha)
  })
})

describe('settings', () => {
  it('branches/rename-retargets-and-closes', async () => {
    await octokit.git.createRef({ ...at, ref: 'refs/heads/old-name', sha: base })
    const onto = await propose('child', 'old-name')
    const from = await propose('closing', 'main')
    await repos.renameBranch({ ...at, branch: 'old-name', new_name: 'new-name' })
    await repos.renameBranch({ ...at, branch: 'closing', new_name: 'closed' })
    expect((await octokit.pulls.get(onto)).data).toMatchObject({ state: 'open', base: { ref: 'new-name' } })
    expect((await octokit.pulls.get(from)).data.state).toBe('closed')
  })

  it('branches/default-renamed-by-administrators', async () => {
    const rename = { ...at, branch: 'main', new_name: 'trunk' }
    expect((await refusal(bob.repos.renameBranch(rename))).status).toBe(403)
  })

  it('branches/ruleset-patterns-are-whole', async () => {
    expect(await refusal(restrict(['main'], ['deletion']))).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: ["Invalid target patterns: 'main'"] },
    })
  })

  it('branches/restrictions-of-organizations', async () => {
    await github.createRepository('ann/own', { owner: 'ann' })
    const file = { path: 'a', message: 'a', content: '', branch: 'main' }
    await repos.createOrUpdateFileContents({ owner: 'ann', repo: 'own', ...file })
    const protection = { ...OPEN, restrictions: { users: ['ann'], teams: [] } }
    const call = repos.updateBranchProtection({ owner: 'ann', repo: 'own', branch: 'main', ...protection })
    expect(await refusal(call)).toMatchObject({
      status: 422,
      body: { errors: ['Only organization repositories can have users and team restrictions'] },
    })
  })

  it('branches/bypass-list-for-administrators', async () => {
    const { id } = await restrict(['refs/heads/seen'], ['deletion'], { bypass_actors: [{ actor_type: 'DeployKey' }] })
    const one = { ...at, ruleset_id: id }
    expect((await repos.getRepoRuleset(one)).data.bypass_actors).toHaveLength(1)
    expect((await bob.repos.getRepoRuleset(one)).data.bypass_actors).toBeUndefined()
  })
})
