import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from '../src/index.ts'
import { connect } from './fixture.ts'

// Jobs do what their first step says, see the stand-in for act.
const act = fileURLToPath(new URL('fixtures/act', import.meta.url))
const root = await mkdtemp(join(tmpdir(), 'local-github-restart-'))
const at = { owner: 'acme', repo: 'model' }
const start = () => startLocalGitHub({ root, act })

let github = await start()
const ann = await github.createUser('ann')
await github.createRepository('acme/model', { owner: 'ann' })
const connected = (to: LocalGitHub) => connect(to.apiUrl, ann.token)
let octokit = connected(github)
afterAll(async () => {
  await github.close()
  await rm(root, { recursive: true, force: true })
})

async function restart(): Promise<void> {
  await github.close()
  github = await start()
  octokit = connected(github)
}

async function writeWorkflow(name: string, text: string): Promise<void> {
  const content = Buffer.from(text).toString('base64')
  const path = `.github/workflows/${name}.yml`
  await octokit.repos.createOrUpdateFileContents({ ...at, path, message: name, content, branch: 'main' })
}

async function dispatch(name: string): Promise<number> {
  const request = { ...at, workflow_id: `${name}.yml`, ref: 'main', return_run_details: true }
  const { data } = await octokit.actions.createWorkflowDispatch(request as typeof request & { inputs?: never })
  return (data as unknown as { workflow_run_id: number }).workflow_run_id
}
const runOf = async (run_id: number) => (await octokit.actions.getWorkflowRun({ ...at, run_id })).data
const jobsOf = async (run_id: number) => (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs
const job = (run: string, more = '') => `{ runs-on: ubuntu-latest, ${more} steps: [{ run: '${run}' }] }`

describe('a server that was stopped and started again on the same folder', () => {
  it('knows people by their tokens, and what they wrote', async () => {
    await writeWorkflow('deploy', `on: workflow_dispatch\njobs: { a: ${job('true', 'environment: production,')} }\n`)
    const { data: issue } = await octokit.issues.create({ ...at, title: 'Kept' })
    await restart()
    expect((await octokit.users.getAuthenticated()).data.login).toBe('ann')
    expect((await octokit.issues.get({ ...at, issue_number: issue.number })).data.title).toBe('Kept')
    expect((await octokit.repos.listCommits(at)).data).toHaveLength(1)
  })

  it('lets wait who waited for a reviewer, who then may approve', async () => {
    const { data: me } = await octokit.users.getAuthenticated()
    const reviewers = [{ type: 'User' as const, id: me.id }]
    await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'production', reviewers })
    const run_id = await dispatch('deploy')
    await github.idle()
    const before = await jobsOf(run_id)
    await restart()
    await github.idle()
    expect((await runOf(run_id)).status).toBe('waiting')
    expect(await jobsOf(run_id)).toMatchObject([{ id: before[0]!.id }])
    const [pending] = (await octokit.actions.getPendingDeploymentsForRun({ ...at, run_id })).data
    const review = { environment_ids: [pending!.environment.id!], state: 'approved' as const, comment: '' }
    await octokit.actions.reviewPendingDeploymentsForRun({ ...at, run_id, ...review })
    await github.idle()
    expect((await runOf(run_id)).conclusion).toBe('success')
    expect((await octokit.repos.listDeployments({ ...at, environment: 'production' })).data).toHaveLength(1)
  })

  it('has lost the runners of what ran, keeps what was done, and goes on with the rest and its lines', async () => {
    await writeWorkflow(
      'line',
      `on: workflow_dispatch
concurrency: { group: line, queue: max }
jobs:
  done: ${job('true')}
  runs: ${job('test $GITHUB_RUN_NUMBER -gt 1 || exec sleep 60', 'needs: done,')}
  after: ${job('true', 'needs: runs, if: failure(),')}
`,
    )
    const [first, second, third] = [await dispatch('line'), await dispatch('line'), await dispatch('line')]
    await expect
      .poll(async () => (await jobsOf(first!)).find(({ name }) => name === 'runs')?.status)
      .toBe('in_progress')
    const line = async () => {
      const asked = { ...at, concurrency_group_name: 'line' }
      const path = 'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}'
      return (await octokit.request(path, asked)).data.group_members.map(({ run_id }) => run_id)
    }
    expect(await line()).toEqual([first, second, third])
    await restart()
    await github.idle()
    const jobs = await jobsOf(first!)
    expect(jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['done', 'success'],
      ['runs', 'failure'],
      ['after', 'success'],
    ])
    const { data: notes } = await octokit.checks.listAnnotations({ ...at, check_run_id: jobs[1]!.id })
    expect(notes[0]!.message).toContain('The hosted runner lost communication with the server.')
    const [two, three] = [await runOf(second!), await runOf(third!)]
    expect([two.conclusion, three.conclusion]).toEqual(['success', 'success'])
    expect(Date.parse(three.updated_at)).toBeGreaterThanOrEqual(Date.parse(two.updated_at))
  })

  it('goes on in the middle of a re-run of what failed', async () => {
    await writeWorkflow(
      'again',
      `on: workflow_dispatch
jobs:
  good: ${job('true')}
  bad: ${job('test $GITHUB_RUN_ATTEMPT -gt 1 && exec sleep 60', 'needs: good,')}
`,
    )
    const run_id = await dispatch('again')
    await github.idle()
    await octokit.actions.reRunWorkflowFailedJobs({ ...at, run_id })
    await expect.poll(async () => (await jobsOf(run_id)).at(-1)!.status).toBe('in_progress')
    await restart()
    await github.idle()
    const jobs = (await jobsOf(run_id)).map(({ name, conclusion, run_attempt }) => [name, conclusion, run_attempt])
    expect(jobs).toEqual([
      ['good', 'success', 1],
      ['bad', 'failure', 2],
    ])
  })
})

describe('a server that was killed', () => {
  it('is there again with what it had answered', async () => {
    await writeWorkflow('long', `on: workflow_dispatch\njobs: { a: ${job('exec sleep 2')} }\n`)
    await github.close()
    const index = new URL('../src/index.ts', import.meta.url).href
    const script = `import { startLocalGitHub } from '${index}'
      console.log((await startLocalGitHub(${JSON.stringify({ root, act })})).apiUrl)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    octokit = connect(String(line).trim(), ann.token)
    const run_id = await dispatch('long')
    await expect.poll(async () => (await runOf(run_id)).status).toBe('in_progress')
    const { data: issue } = await octokit.issues.create({ ...at, title: 'The last words' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    github = await start()
    octokit = connected(github)
    await github.idle()
    expect((await runOf(run_id)).conclusion).toBe('failure')
    expect((await octokit.issues.get({ ...at, issue_number: issue.number })).data.title).toBe('The last words')
  }, 30_000)
})
