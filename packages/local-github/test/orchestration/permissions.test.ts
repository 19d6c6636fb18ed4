import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github, git } = fixture
const { at, runsOf, pushWorkflows, outcomes, logOf } = createStory(fixture)

/** A step that asks the API with the job's token and shows the answer. */
const ask = (path: string, data?: string) =>
  `curl -s -i -H "authorization: Bearer \${{ github.token }}" ${data ? `-d '${data}' ` : ''}"$GITHUB_API_URL/repos/$GITHUB_REPOSITORY${path}" | tr -d '\\r' | grep -i '^http\\|accepted\\|message'`

it('a job’s token may what permissions grant, is told what it lacks, and starts no runs', async () => {
  await pushWorkflows({
    'rights.yml': `name: rights
on: push
permissions: { contents: read }
jobs:
  reads:
    runs-on: ubuntu-latest
    steps:
      - run: |
          ${ask('/git/ref/heads/main')}
          ${ask('/issues', '{"title":"x"}')}
          ${ask('/deployments', '{"ref":"main"}')}
          ${ask('/actions/secrets')}
  writes:
    needs: reads
    runs-on: ubuntu-latest
    permissions: { issues: write, contents: write, actions: write }
    steps:
      - uses: actions/checkout@v6
      - run: |
          ${ask('/issues', '{"title":"x"}')}
          git config user.name x; git config user.email x@example.com
          git commit -q --allow-empty -m pushed && git push -q origin HEAD:refs/heads/by-job
          ${ask('/actions/workflows/asked.yml/dispatches', '{"ref":"main"}')}
`,
    'pushed.yml': `name: pushed\non: { push: { branches: [by-job] }, issues: }\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n`,
    'asked.yml': `name: asked\non: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n`,
  })
  const { jobs, conclusions } = await outcomes('rights')
  expect(conclusions).toEqual({ reads: 'success', writes: 'success' })
  const [reads, writes] = await Promise.all(jobs.map(({ id }) => logOf(id)))
  expect(reads!.match(/HTTP\/1.1 (\d+)/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403', 'HTTP/1.1 403', 'HTTP/1.1 403'])
  expect(reads).toContain('Resource not accessible by integration')
  expect(reads).toContain('x-accepted-github-permissions: issues=write')
  expect(reads).toContain('x-accepted-github-permissions: deployments=write')
  expect(writes!.match(/HTTP\/1.1 (\d+)/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 204'])
  expect(await git('ls-remote', 'origin', 'refs/heads/by-job')).toContain('by-job')
  expect(await runsOf('pushed')).toEqual([])
  expect(await runsOf('asked')).toMatchObject([{ event: 'workflow_dispatch', conclusion: 'success' }])
}, 30_000)

it('a repository that grants writing by default does so, and a workflow takes it back', async () => {
  await octokit.actions.setGithubActionsDefaultWorkflowPermissionsRepository({
    ...{ ...at, default_workflow_permissions: 'write' },
  })
  await pushWorkflows({
    'rights.yml': `name: default
on: push
jobs:
  all: { runs-on: ubuntu-latest, steps: [{ run: '${ask('/issues', '{"title":"y"}').replaceAll("'", "''")}' }] }
  less: { runs-on: ubuntu-latest, permissions: { issues: read }, steps: [{ run: '${ask('/issues', '{"title":"y"}').replaceAll("'", "''")}' }] }
`,
  })
  const { jobs } = await outcomes('default')
  await github.idle()
  expect(await logOf(jobs.find(({ name }) => name === 'all')!.id)).toContain('HTTP/1.1 201')
  expect(await logOf(jobs.find(({ name }) => name === 'less')!.id)).toContain('HTTP/1.1 403')
}, 30_000)
