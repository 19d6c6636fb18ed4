import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const fixture = await createFixture({ actions: { 'acme/tools@v1': '/nonexistent' } })
const { octokit, owner, repo, github, root, write, push, git } = fixture

/** A commit with these files in a repository that is hosted here. */
async function commit(gitDir: string, files: Record<string, string>): Promise<string> {
  const folder = join(root, 'tools')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const there = ['-C', folder]
  await git(...there, 'init', '-q', '-b', 'main')
  await git(...there, 'add', '--all')
  await git(...there, '-c', 'user.name=Ann', '-c', 'user.email=ann@acme.example', 'commit', '-qm', 'Change')
  await git(...there, 'push', '-q', gitDir, 'main')
  return git(...there, 'rev-parse', 'HEAD')
}

async function logOf(workflow: string): Promise<string> {
  await write('.github/workflows/use.yml', workflow)
  const sha = await push('Use it', 'main')
  await github.idle()
  const { data } = await octokit.actions.listWorkflowRunsForRepo({ owner, repo, head_sha: sha })
  const jobs = await octokit.actions.listJobsForWorkflowRun({ owner, repo, run_id: data.workflow_runs[0]!.id })
  const [job] = jobs.data.jobs
  const log = await octokit.actions.downloadJobLogsForWorkflowRun({ owner, repo, job_id: job!.id })
  return `${job!.conclusion}\n${log.data}`
}

describe('an action of a repository that is hosted here', () => {
  let first: string

  beforeAll(async () => {
    const { gitDir } = await github.createRepository('acme/tools', { owner: 'ann' })
    const action = (text: string) =>
      `name: say\nruns: { using: composite, steps: [{ run: "echo it says ${text}", shell: sh }] }\n`
    first = await commit(gitDir, { 'say/action.yml': action('one') })
    await commit(gitDir, {
      'say/action.yml': action('two'),
      'both/action.yml': `name: both\nruns: { using: composite, steps: [{ uses: acme/tools/say@${first} }, { uses: acme/tools/say@main }] }\n`,
    })
    await git('-C', gitDir, 'tag', 'v1', 'main')
  })

  it('runs as it is at the ref: by tag, and behind it by commit and by branch', async () => {
    const log = await logOf(
      'on: push\njobs: { use: { runs-on: ubuntu-latest, steps: [{ uses: acme/tools/both@v1 }] } }\n',
    )
    expect(log).toMatch(/^success/)
    expect([...new Set(log.match(/it says \w+/g))]).toEqual(['it says one', 'it says two'])
  })

  it('is gone where the ref is', async () => {
    const log = await logOf(
      'on: push\njobs: { use: { runs-on: ubuntu-latest, steps: [{ uses: acme/tools/both@v9 }] } }\n',
    )
    expect(log).toMatch(/^failure/)
  })
})

describe('the stand-ins', () => {
  it('bring all history when it is asked for, and this machine’s Node', async () => {
    await git('tag', 'old')
    await git('push', '-q', 'origin', 'old')
    const log = await logOf(`on: push
jobs:
  use:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with: { fetch-depth: 0, persist-credentials: false }
      - run: test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && git rev-parse -q --verify old^
      - id: node
        uses: actions/setup-node@v6
        with: { node-version: '24' }
      - run: test "v$(node -p process.versions.node)" = "\${{ steps.node.outputs.node-version }}"
`)
    expect(log).toMatch(/^success/)
  })

  it('say so where this machine’s Node is too old', async () => {
    const log = await logOf(`on: push
jobs: { use: { runs-on: ubuntu-latest, steps: [{ uses: actions/setup-node@v6, with: { node-version: '99' } }] } }
`)
    expect(log).toMatch(/^failure/)
    expect(log).toContain('Node 99 is asked for, and this machine has')
  })
})
