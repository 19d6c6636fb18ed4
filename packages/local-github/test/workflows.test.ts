import { describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, write, push, git } = fixture
const at = { owner, repo }

/** Pushes workflow files to a branch of their own and returns its head. */
async function pushWorkflow(name: string, text: string, branch = name): Promise<string> {
  await git('checkout', '-q', '-B', branch, 'main')
  await write(`.github/workflows/${name}.yml`, text)
  return push(name, branch)
}

async function runsOf(headSha: string) {
  return (await octokit.actions.listWorkflowRunsForRepo({ ...at, head_sha: headSha })).data.workflow_runs
}

async function jobsOf(headSha: string) {
  const [run] = await runsOf(headSha)
  return (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: run!.id })).data.jobs
}

async function logOf(id: number): Promise<string> {
  return String((await octokit.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: id })).data)
}

describe('a pushed workflow', () => {
  it('runs through act, outputs reach a matrix, hostile ones stay data', async () => {
    const sha = await pushWorkflow(
      'matrix',
      `name: matrix
on: push
permissions: { contents: read }
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs:
      list: \${{ steps.s.outputs.list }}
      hostile: \${{ steps.s.outputs.hostile }}
      secret: \${{ steps.s.outputs.secret }}
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v6
      - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && test "$(git rev-list --count HEAD)" = 1
      - id: s
        run: |
          echo 'list=["x","y"]' >> "$GITHUB_OUTPUT"
          echo "hostile=it's }} \\$""{{ github.token }} \\$(exit 9)" >> "$GITHUB_OUTPUT"
          echo "secret=\${{ github.token }}" >> "$GITHUB_OUTPUT"
          echo '## plan' >> "$GITHUB_STEP_SUMMARY"
          echo '::error file=a.py,line=3,title=T::bad'
  each:
    needs: plan
    runs-on: ubuntu-latest
    strategy: { fail-fast: false, matrix: { v: '\${{ fromJSON(needs.plan.outputs.list) }}' } }
    steps:
      - run: 'printf "value is %s\\n" "$HOSTILE" && test -z "\${{ needs.plan.outputs.secret }}"'
        env: { HOSTILE: '\${{ needs.plan.outputs.hostile }}' }
      - run: exit 3
        if: matrix.v == 'y'
  after:
    needs: [each]
    if: failure()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo \${{ needs.each.result }}' }]
`,
    )
    await github.idle()
    const jobs = await jobsOf(sha)
    const result = jobs.map(({ name, conclusion }) => [name, conclusion])
    expect(result).toEqual([
      ['plan', 'success'],
      ['each (x)', 'success'],
      ['each (y)', 'failure'],
      ['after', 'success'],
    ])
    expect(await logOf(jobs[1]!.id)).toContain("value is it's }} ${{ github.token }} $(exit 9)")
    expect(jobs[1]!.steps?.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'skipped', 'success'])
    const check = (await octokit.checks.listForRef({ ...at, ref: sha, check_name: 'plan' })).data.check_runs[0]!
    const [annotation] = (await octokit.checks.listAnnotations({ ...at, check_run_id: check.id })).data
    expect(annotation).toMatchObject({
      path: 'a.py',
      start_line: 3,
      title: 'T',
      message: 'bad',
      annotation_level: 'failure',
    })
    const [run] = await runsOf(sha)
    expect(run).toMatchObject({ conclusion: 'failure', event: 'push', head_branch: 'matrix', display_title: 'matrix' })
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id: run!.id })).data.run_attempt).toBe(1)
  }, 30_000)

  it('that does not parse is a failed run that says why', async () => {
    const sha = await pushWorkflow('broken', 'on: push\njobs: { a: { steps: [] } }\n')
    const [run] = await runsOf(sha)
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' })
  })

  it('is filtered by branches and paths', async () => {
    const job = 'jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }'
    const sha = await pushWorkflow('filtered', `on: { push: { branches: [other], paths: ['src/**'] } }\n${job}\n`)
    expect(await runsOf(sha)).toEqual([])
  })
})

describe('a job’s token', () => {
  it('may do what its permissions say, and is told what it lacks', async () => {
    const sha = await pushWorkflow(
      'token',
      `on: push
permissions: {}
jobs:
  poor:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - run: |
          curl -s -i -H "authorization: Bearer \${{ github.token }}" -d '{"title":"x"}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues" | cat
          test -z "$ACTIONS_ID_TOKEN_REQUEST_URL"
  rich:
    runs-on: ubuntu-latest
    permissions: { issues: write, contents: write, id-token: write }
    environment: { name: staging, url: 'https://example.com/\${{ steps.s.outputs.path }}' }
    steps:
      - uses: actions/checkout@v6
      - id: s
        run: |
          curl -s -f -H "authorization: Bearer \${{ github.token }}" -d '{"title":"from a job"}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues" > /dev/null
          curl -s -f -H "authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=me" | cut -d. -f2
          git config user.name x; git config user.email x@y
          git commit -q --allow-empty -m pushed && git push -q origin HEAD:refs/heads/made-by-job
          echo "path=here" >> "$GITHUB_OUTPUT"
`,
    )
    await github.idle()
    const [poor, rich] = await jobsOf(sha)
    expect([poor!.conclusion, rich!.conclusion]).toEqual(['success', 'success'])
    const log = await logOf(poor!.id)
    expect(log).toContain('403')
    expect(log).toContain('Resource not accessible by integration')
    expect(log).toContain('x-accepted-github-permissions: issues=write')
    const claims = /[\w-]{200,}/.exec(await logOf(rich!.id))![0]
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'repo:acme/model:environment:staging',
      aud: 'me',
      environment: 'staging',
      repository: 'acme/model',
      event_name: 'push',
      sha,
    })
    const [deployment] = (await octokit.repos.listDeployments({ ...at, environment: 'staging' })).data
    const statuses = (await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: deployment!.id })).data
    expect(statuses.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    expect(statuses[0]!.environment_url).toBe('https://example.com/here')
    // What a job's own token pushes starts nothing.
    const made = (await octokit.git.getRef({ ...at, ref: 'heads/made-by-job' })).data.object.sha
    expect(await runsOf(made)).toEqual([])
  }, 30_000)
})

describe('an environment with a reviewer', () => {
  const workflow = `on: { workflow_dispatch: { inputs: { model: { required: true }, times: { type: number, default: 2 } } } }
run-name: Deploy \${{ inputs.model }}
jobs:
  deploy:
    name: \${{ inputs.model }} to production
    runs-on: ubuntu-latest
    environment: production
    steps: [{ run: 'test \${{ inputs.times == 2 }} = true && echo deployed' }]
`
  const dispatch = async () => {
    const request = { ...at, workflow_id: 'deploy.yml', ref: 'main', inputs: { model: 'flight' } }
    const { data } = await octokit.actions.createWorkflowDispatch({
      ...request,
      return_run_details: true,
    } as typeof request)
    return (data as unknown as { workflow_run_id: number }).workflow_run_id
  }
  const review = async (login: string, run_id: number, state: 'approved' | 'rejected') => {
    const reviewer = await fixture.as(login)
    const pending = await reviewer.actions.getPendingDeploymentsForRun({ ...at, run_id })
    const environment_ids = pending.data.map(({ environment }) => environment.id!)
    return reviewer.actions.reviewPendingDeploymentsForRun({
      ...at,
      run_id,
      environment_ids,
      state,
      comment: 'because',
    })
  }

  it('holds the job until the reviewer approves, or fails it', async () => {
    await git('checkout', '-q', 'main')
    await write('.github/workflows/deploy.yml', workflow)
    await push('deploy')
    const bob = (await octokit.users.getByUsername({ username: 'bob' })).data.id
    const reviewers = [{ type: 'User' as const, id: bob }]
    await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'production', reviewers })
    const run_id = await dispatch()
    await github.idle()
    const waiting = (await octokit.actions.getWorkflowRun({ ...at, run_id })).data
    expect(waiting).toMatchObject({ status: 'waiting', display_title: 'Deploy flight' })
    await expect(review('ann', run_id, 'approved')).rejects.toMatchObject({ status: 403 })
    expect((await review('bob', run_id, 'approved')).data).toHaveLength(1)
    await github.idle()
    const jobs = (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs
    expect(jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([['flight to production', 'success']])
    const approvals = (await octokit.actions.getReviewsForRun({ ...at, run_id })).data
    expect(approvals).toMatchObject([
      { state: 'approved', user: { login: 'bob' }, environments: [{ name: 'production' }] },
    ])
    const other = await dispatch()
    await github.idle()
    await review('bob', other, 'rejected')
    await github.idle()
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id: other })).data.conclusion).toBe('failure')
    await octokit.actions.reRunWorkflow({ ...at, run_id: other })
    await github.idle()
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id: other })).data).toMatchObject({
      status: 'waiting',
      run_attempt: 2,
    })
    await octokit.actions.cancelWorkflowRun({ ...at, run_id: other })
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id: other })).data.conclusion).toBe('cancelled')
  }, 30_000)

  it('is asked for its inputs', async () => {
    const bad = octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'deploy.yml', ref: 'main' })
    await expect(bad).rejects.toThrow("Required input 'model' not provided")
    const odd = { ...at, workflow_id: 'deploy.yml', ref: 'main', inputs: { model: 'm', x: 'y' } }
    await expect(octokit.actions.createWorkflowDispatch(odd)).rejects.toThrow('Unexpected inputs provided: ["x"]')
    await expect(octokit.actions.createWorkflowDispatch({ ...odd, workflow_id: 'none.yml' })).rejects.toMatchObject({
      status: 404,
    })
    const workflows = (await octokit.actions.listRepoWorkflows(at)).data.workflows
    expect(workflows.map(({ path }) => path)).toContain('.github/workflows/deploy.yml')
  })
})

describe('a concurrency group', () => {
  it('runs one, keeps the newest that waits, and cancels the rest', async () => {
    const text = `on: push
concurrency: { group: only }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: sleep 1 }] } }
`
    const shas = [await pushWorkflow('group', text)]
    for (const name of ['b', 'c']) {
      await write(name, name)
      shas.push(await push(name, 'group'))
    }
    await github.idle()
    const conclusions = []
    for (const sha of shas) conclusions.push((await runsOf(sha))[0]!.conclusion)
    expect(conclusions).toEqual(['success', 'cancelled', 'success'])
  }, 30_000)
})

describe('a pull request', () => {
  it('is run on its merge, followed, and merged', async () => {
    await git('checkout', '-q', 'main')
    await write(
      '.github/workflows/pr.yml',
      `on: pull_request
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: echo "$GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF \${{ github.event.action }}" && test -f new.txt
`,
    )
    await push('pr workflow')
    await git('checkout', '-q', '-b', 'feature')
    await write('new.txt', '1\n')
    const sha = await push('Add new', 'feature')
    const { data: pull } = await octokit.pulls.create({ ...at, title: 'New', head: 'feature', base: 'main' })
    expect(pull).toMatchObject({ mergeable: true, changed_files: 1, commits: 1, head: { sha } })
    await github.idle()
    const [job] = await jobsOf(sha)
    expect(job!.conclusion).toBe('success')
    expect(await logOf(job!.id)).toContain(`refs/pull/${pull.number}/merge feature main opened`)
    await expect(octokit.pulls.create({ ...at, title: 'New', head: 'feature', base: 'main' })).rejects.toMatchObject({
      status: 422,
    })
    await write('new.txt', '2\n')
    const next = await push('Change', 'feature')
    await github.idle()
    expect(await logOf((await jobsOf(next))[0]!.id)).toContain('main synchronize')
    await octokit.pulls.createReview({ ...at, pull_number: pull.number, event: 'COMMENT', body: 'hm' })
    expect((await octokit.pulls.listReviews({ ...at, pull_number: pull.number })).data).toHaveLength(1)
    expect((await octokit.pulls.listFiles({ ...at, pull_number: pull.number })).data[0]!.filename).toBe('new.txt')
    expect((await octokit.pulls.listCommits({ ...at, pull_number: pull.number })).data).toHaveLength(2)
    await expect(octokit.pulls.merge({ ...at, pull_number: pull.number, sha })).rejects.toMatchObject({ status: 409 })
    await octokit.pulls.merge({ ...at, pull_number: pull.number, merge_method: 'squash' })
    const merged = (await octokit.pulls.get({ ...at, pull_number: pull.number })).data
    expect(merged).toMatchObject({ merged: true, state: 'closed', merged_by: { login: 'ann' } })
    expect((await octokit.pulls.checkIfMerged({ ...at, pull_number: pull.number })).status).toBe(204)
    const found = await octokit.repos.listPullRequestsAssociatedWithCommit({
      ...at,
      commit_sha: merged.merge_commit_sha!,
    })
    expect(found.data.map(({ number }) => number)).toEqual([pull.number])
    expect((await octokit.pulls.list({ ...at, state: 'closed' })).data).toHaveLength(1)
  }, 30_000)

  it('of a fork gets a token that reads only; conflicts have no merge', async () => {
    const carla = await fixture.as('carla')
    const fork = (await carla.repos.createFork(at)).data
    const base = (await octokit.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha
    const content = Buffer.from('3').toString('base64')
    await carla.git.createRef({ owner: 'carla', repo, ref: 'refs/heads/idea', sha: base })
    const file = (await carla.repos.getContent({ owner: 'carla', repo, path: 'new.txt' })).data as { sha: string }
    const write = { owner: 'carla', repo, path: 'new.txt', message: 'Idea', content, branch: 'idea', sha: file.sha }
    await carla.repos.createOrUpdateFileContents(write)
    const { data: pull } = await carla.pulls.create({ ...at, title: 'Idea', head: 'carla:idea', base: 'main' })
    expect(pull.head.repo!.full_name).toBe(fork.full_name)
    await github.idle()
    // Carla never had anything merged here.
    const [waiting] = await runsOf(pull.head.sha)
    await octokit.actions.approveWorkflowRun({ ...at, run_id: waiting!.id })
    await github.idle()
    const [run] = await runsOf(pull.head.sha)
    expect(run).toMatchObject({ conclusion: 'success', pull_requests: [] })
    const mine = (await octokit.repos.getContent({ ...at, path: 'new.txt' })).data as { sha: string }
    await octokit.repos.createOrUpdateFileContents({
      ...at,
      path: 'new.txt',
      message: 'Mine',
      content: 'NA==',
      sha: mine.sha,
    })
    expect((await octokit.pulls.get({ ...at, pull_number: pull.number })).data.mergeable).toBe(false)
    await expect(octokit.pulls.merge({ ...at, pull_number: pull.number })).rejects.toMatchObject({ status: 405 })
    await octokit.pulls.update({ ...at, pull_number: pull.number, state: 'closed' })
  }, 30_000)
})

describe('events that follow from others', () => {
  it('start a run for a published release and for a run that ended', async () => {
    const job = "runs-on: ubuntu-latest, steps: [{ run: 'true' }]"
    await git('checkout', '-q', 'main')
    await git('pull', '-q', '--rebase', 'origin', 'main')
    await write(
      '.github/workflows/first.yml',
      `name: first\non: { release: { types: [published] } }\njobs: { a: { ${job} } }\n`,
    )
    await write(
      '.github/workflows/then.yml',
      `on: { workflow_run: { workflows: [first], types: [completed] } }\njobs: { a: { ${job} } }\n`,
    )
    await push('events')
    await octokit.repos.createRelease({ ...at, tag_name: 'v1' })
    await github.idle()
    const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 2 })
    const runs = data.workflow_runs.map(({ name, event, conclusion, head_branch }) => [
      name,
      event,
      conclusion,
      head_branch,
    ])
    expect(runs).toEqual([
      ['.github/workflows/then.yml', 'workflow_run', 'success', 'main'],
      ['first', 'release', 'success', 'v1'],
    ])
  }, 30_000)

  it('a dispatch to the whole repository reaches its workflows', async () => {
    await write(
      '.github/workflows/all.yml',
      "on: { repository_dispatch: { types: [retrain] } }\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'echo ${{ github.event.client_payload.why }}' }] } }\n",
    )
    const sha = await push('all')
    await octokit.repos.createDispatchEvent({ ...at, event_type: 'other' })
    await octokit.repos.createDispatchEvent({ ...at, event_type: 'retrain', client_payload: { why: 'drifted' } })
    await github.idle()
    const runs = (await runsOf(sha)).filter(({ event }) => event === 'repository_dispatch')
    expect(runs).toHaveLength(1)
    const { jobs } = (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: runs[0]!.id })).data
    expect(await logOf(jobs[0]!.id)).toContain('drifted')
  }, 30_000)
})

describe('a run in progress', () => {
  it('is cancelled in the middle, its always() steps still run, and failed jobs run again alone', async () => {
    const sha = await pushWorkflow(
      'stop',
      `on: push
jobs:
  good: { runs-on: ubuntu-latest, outputs: { o: '\${{ steps.s.outputs.o }}' }, steps: [{ id: s, run: 'echo o=kept >> "$GITHUB_OUTPUT"' }] }
  slow:
    needs: good
    runs-on: ubuntu-latest
    steps:
      - run: sleep \${{ github.run_attempt == '1' && 60 || 0 }}
      - run: echo "\${{ needs.good.outputs.o }} in attempt \${{ github.run_attempt }}"
        if: always()
`,
    )
    const run_id = (await runsOf(sha))[0]!.id
    const job = async () => (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs.at(-1)!
    await expect.poll(async () => (await job()).name, { timeout: 10_000 }).toBe('slow')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await octokit.actions.cancelWorkflowRun({ ...at, run_id })
    await github.idle()
    const stopped = await job()
    expect(stopped.conclusion).toBe('cancelled')
    expect(await logOf(stopped.id)).toContain('kept in attempt 1')
    expect((await octokit.actions.getWorkflowRun({ ...at, run_id })).data.conclusion).toBe('cancelled')
    await octokit.actions.reRunWorkflowFailedJobs({ ...at, run_id })
    await github.idle()
    const again = (await octokit.actions.getJobForWorkflowRun({ ...at, job_id: (await job()).id })).data
    expect([again.name, again.conclusion, again.run_attempt]).toEqual(['slow', 'success', 2])
    expect(await logOf(again.id)).toContain('kept in attempt 2')
    const all = await octokit.actions.listJobsForWorkflowRun({ ...at, run_id, filter: 'all' })
    expect(all.data.jobs.map(({ name, run_attempt }) => [name, run_attempt])).toEqual([
      ['good', 1],
      ['slow', 1],
      ['slow', 2],
    ])
    const { data: workflow } = await octokit.actions.getWorkflow({ ...at, workflow_id: 'deploy.yml' })
    expect((await octokit.actions.listWorkflowRuns({ ...at, workflow_id: workflow.id })).data.total_count).toBe(2)
  }, 30_000)
})

describe('a schedule', () => {
  it('runs the file of the default branch when its time has come, and tells the job so', async () => {
    await git('checkout', '-q', 'main')
    await write(
      '.github/workflows/nightly.yml',
      `on: { schedule: [{ cron: '23 5 * * *' }] }
jobs:
  look: { runs-on: ubuntu-latest, steps: [{ run: 'echo "for \${{ github.event_name }} at \${{ github.event.schedule }}"' }] }
`,
    )
    const sha = await push('nightly', 'main')
    const id = await github.runSchedule(`${owner}/${repo}`, 'nightly.yml')
    await github.idle()
    const { data } = await octokit.actions.getWorkflowRun({ ...at, run_id: id })
    expect(data).toMatchObject({ event: 'schedule', head_branch: 'main', head_sha: sha, conclusion: 'success' })
    const [job] = (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: id })).data.jobs
    expect(await logOf(job!.id)).toContain('for schedule at 23 5 * * *')
  })

  it('cannot come for a workflow without one', async () => {
    await expect(github.runSchedule(`${owner}/${repo}`, 'matrix.yml')).rejects.toThrow(
      /has no matrix\.yml with a schedule/,
    )
  })
})
