import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFixture } from './fixture.ts'

const CLIENTS = fileURLToPath(new URL('../../../node_modules/@actions', import.meta.url))
const fixture = await createFixture({
  env: { CLIENTS },
  actions: { 'acme/clients@v1': fileURLToPath(new URL('fixtures/clients', import.meta.url)) },
})
const { octokit, owner, repo, github, write, push } = fixture
const at = { owner, repo }

it('serves the unmodified artifact and cache clients from one job to the next', async () => {
  const job = (step: string, needs = '') =>
    `{ ${needs}runs-on: ubuntu-latest, steps: [{ uses: acme/clients@v1, with: { step: ${step} } }] }`
  await write(
    '.github/workflows/w.yml',
    `on: push\njobs:\n  write: ${job('write')}\n  read: ${job('read', 'needs: write, ')}\n`,
  )
  const sha = await push('clients')
  await github.idle()
  const [run] = (await octokit.actions.listWorkflowRunsForRepo({ ...at, head_sha: sha })).data.workflow_runs
  const { jobs } = (await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: run!.id })).data
  const logs = await Promise.all(
    jobs.map(async ({ id }) =>
      String((await octokit.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: id })).data),
    ),
  )
  expect(logs.join('\n')).not.toContain('NOT OK')
  expect(
    jobs.map(({ conclusion }) => conclusion),
    logs.join('\n'),
  ).toEqual(['success', 'success'])
  const list = (await octokit.actions.listWorkflowRunArtifacts({ ...at, run_id: run!.id })).data
  expect(list.artifacts).toMatchObject([{ name: 'model', workflow_run: { head_sha: sha } }])
  const artifact_id = list.artifacts[0]!.id
  const zip = await octokit.actions.downloadArtifact({ ...at, artifact_id, archive_format: 'zip' })
  expect(
    Buffer.from(zip.data as ArrayBuffer)
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')
  expect((await octokit.actions.getArtifact({ ...at, artifact_id })).data.digest).toMatch(/^sha256:/)
  const logsZip = await octokit.actions.downloadWorkflowRunLogs({ ...at, run_id: run!.id })
  expect(
    Buffer.from(logsZip.data as ArrayBuffer)
      .subarray(0, 2)
      .toString(),
  ).toBe('PK')
  await octokit.actions.deleteArtifact({ ...at, artifact_id })
  expect((await octokit.actions.listArtifactsForRepo(at)).data.total_count).toBe(0)
}, 60_000)

it('refuses a token that is no job’s', async () => {
  const url = `${github.url}/twirp/github.actions.results.api.v1.ArtifactService/ListArtifacts`
  const response = await fetch(url, { method: 'POST', body: '{}', headers: { authorization: 'Bearer a.b.c' } })
  expect(response.status).toBe(401)
})
