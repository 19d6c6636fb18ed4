import { beforeAll, describe, expect, it } from 'vitest'
import { checkPayload } from '../contract.ts'
import { createFixture } from '../fixture.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, write, push, git } = fixture
const at = { owner, repo }

/** A workflow that shows the event that it was started by, where it runs, and whether it may open an issue. */
const showing = (name: string, on: string) => `name: ${name}
on: ${on}
permissions: { issues: write }
jobs:
  show:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "event $(base64 -w0 "$GITHUB_EVENT_PATH")"
          echo "at $GITHUB_REF $GITHUB_SHA"
          curl -s -o /dev/null -w 'answered %{http_code}' -H "authorization: Bearer \${{ github.token }}" -d '{"title":"x"}' \
            "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"
`

async function runsOf(name: string) {
  const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 100 })
  return data.workflow_runs.filter((run) => run.name === name)
}

async function logOf(run_id: number): Promise<string> {
  const { jobs } = (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id })).data
  return String((await octokit.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: jobs[0]!.id })).data)
}

interface Payload {
  action: string
  workflow: { name: string }
  workflow_run: Record<string, unknown> & {
    id: number
    pull_requests: unknown[]
    head_repository: { full_name: string }
  }
}

async function payloadsOf(name: string): Promise<Payload[]> {
  const logs = await Promise.all((await runsOf(name)).map(({ id }) => logOf(id)))
  return logs.map(
    (log) => JSON.parse(Buffer.from(/event ([\w+/=]{99,})/.exec(log)![1]!, 'base64').toString()) as Payload,
  )
}

describe('the end of a run for a fork’s pull request', () => {
  let head: string

  beforeAll(async () => {
    await write('.github/workflows/model.yml', showing('model', 'pull_request'))
    await write(
      '.github/workflows/report.yml',
      showing('report', '{ workflow_run: { workflows: [model], types: [completed] } }'),
    )
    await push('workflows')
    const carla = await fixture.as('carla')
    await carla.repos.createFork(at)
    const base = (await octokit.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha
    await carla.git.createRef({ owner: 'carla', repo, ref: 'refs/heads/idea', sha: base })
    // The stranger's own version of the workflow that would run with a token that may write.
    const path = '.github/workflows/report.yml'
    const { sha } = (await carla.repos.getContent({ owner: 'carla', repo, path })).data as { sha: string }
    const content = Buffer.from(
      showing('report', '{ workflow_run: { workflows: [model] } }').replace('echo', 'echo pwned; echo'),
    ).toString('base64')
    const { data } = await carla.repos.createOrUpdateFileContents({
      owner: 'carla',
      repo,
      path,
      message: 'x',
      content,
      branch: 'idea',
      sha,
    })
    head = data.commit.sha!
    await carla.pulls.create({ ...at, title: 'Idea', head: 'carla:idea', base: 'main' })
    await github.idle()
    // Carla never had anything merged here.
    const { data: waiting } = await octokit.actions.listWorkflowRunsForRepo({ ...at, status: 'action_required' })
    await octokit.actions.approveWorkflowRun({ ...at, run_id: waiting.workflow_runs[0]!.id })
    await github.idle()
  }, 60_000)

  it('starts the workflow as the default branch has it, on that branch, once', async () => {
    const [run, ...others] = await runsOf('report')
    expect(others).toEqual([])
    const main = await git('rev-parse', 'main')
    expect(run).toMatchObject({ event: 'workflow_run', conclusion: 'success', head_branch: 'main', head_sha: main })
    const log = await logOf(run!.id)
    expect(log).toContain(`at refs/heads/main ${main}`)
    expect(log).not.toContain('pwned')
  })

  it('tells it what GitHub tells: the commit and the repository that it comes from, and no pull request', async () => {
    const [model] = await runsOf('model')
    const [payload] = await payloadsOf('report')
    checkPayload('workflow_run.completed', payload!)
    expect(payload).toMatchObject({
      action: 'completed',
      workflow: { name: 'model', path: '.github/workflows/model.yml' },
      workflow_run: {
        id: model!.id,
        event: 'pull_request',
        conclusion: 'success',
        run_attempt: 1,
        head_branch: 'idea',
        head_sha: head,
        head_commit: { id: head },
        pull_requests: [],
        head_repository: { full_name: `carla/${repo}` },
        repository: { full_name: `${owner}/${repo}` },
      },
    })
  })

  it('gives it a token that may write, which the run itself had not', async () => {
    const [model] = await runsOf('model')
    const [run] = await runsOf('report')
    expect(await logOf(model!.id)).toContain('answered 403')
    expect(await logOf(run!.id)).toContain('answered 201')
  })

  it('comes again when the run is run again', async () => {
    const [model] = await runsOf('model')
    await octokit.actions.reRunWorkflow({ ...at, run_id: model!.id })
    await github.idle()
    const attempts = (await payloadsOf('report')).map(({ workflow_run }) => workflow_run.run_attempt)
    expect(attempts).toEqual([2, 1])
  }, 30_000)
})

describe('a run', () => {
  it('is followed when it is asked for, begins and ends, but not asked for again', async () => {
    await git('checkout', '-q', 'main')
    await write('.github/workflows/first.yml', showing('first', '{ workflow_dispatch: {} }'))
    await write('.github/workflows/all.yml', showing('all', '{ workflow_run: { workflows: [first] } }'))
    await push('first and all')
    await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'first.yml', ref: 'main' })
    await github.idle()
    const payloads = await payloadsOf('all')
    for (const payload of payloads) checkPayload(`workflow_run.${payload.action}`, payload)
    const told = () => payloads.map(({ action, workflow_run: { status, conclusion } }) => [action, status, conclusion])
    expect(told().sort()).toEqual([
      ['completed', 'completed', 'success'],
      ['in_progress', 'in_progress', null],
      ['requested', 'queued', null],
    ])
    const [first] = await runsOf('first')
    await octokit.actions.reRunWorkflow({ ...at, run_id: first!.id })
    await github.idle()
    const again = (await payloadsOf('all')).filter(({ workflow_run }) => workflow_run.run_attempt === 2)
    expect(again.map(({ action }) => action).sort()).toEqual(['completed', 'in_progress'])
  }, 60_000)

  it('is followed by a workflow of the default branch that asks for its name and its branch, and no other', async () => {
    const after = (filters: string) => `{ workflow_run: { workflows: [named], types: [completed]${filters} } }`
    await write('.github/workflows/named.yml', showing('named', '{ push: { branches: [topic] } }'))
    await write('.github/workflows/topics.yml', showing('topics', after(', branches: [topic]')))
    await write('.github/workflows/mains.yml', showing('mains', after(', branches: [main]')))
    await write('.github/workflows/others.yml', showing('others', after(', branches-ignore: [topic]')))
    await push('named')
    await git('checkout', '-q', '-b', 'topic')
    await write('.github/workflows/elsewhere.yml', showing('elsewhere', after('')))
    await push('topic', 'topic')
    await github.idle()
    const counts = Object.fromEntries(
      await Promise.all(
        ['named', 'topics', 'mains', 'others', 'elsewhere'].map(async (name) => [name, (await runsOf(name)).length]),
      ),
    )
    expect(counts).toEqual({ named: 1, topics: 1, mains: 0, others: 0, elsewhere: 0 })
  }, 60_000)

  it('starts a chain of three at most, even where a workflow follows itself', async () => {
    await git('checkout', '-q', 'main')
    await write('.github/workflows/begin.yml', showing('begin', '{ workflow_dispatch: {} }'))
    await write(
      '.github/workflows/again.yml',
      showing('again', '{ workflow_run: { workflows: [begin, again], types: [completed] } }'),
    )
    await push('chain')
    await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'begin.yml', ref: 'main' })
    await github.idle()
    expect(await runsOf('again')).toHaveLength(3)
  }, 60_000)
})
