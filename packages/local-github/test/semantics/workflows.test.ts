import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from '../orchestration/support.ts'
import { refusal } from './support.ts'

// Jobs do what their first step says, see the stand-in for act.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act, labels: ['gpu'] })
const { octokit, github, git, write, push } = fixture
const { at, runsOf, jobsOf, pushWorkflows, outcomes, setSecret } = createStory(fixture)

await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'held', wait_timer: 30 })

const JOB = "runs-on: ubuntu-latest, steps: [{ run: 'true' }]"
const CALLED = `on: workflow_call\njobs: { b: { ${JOB} } }\n`

/** What becomes of a workflow that a push to a branch of its name starts. */
async function pushed(name: string, jobs: string, files: Record<string, string> = {}) {
  const text = `name: ${name}\non: { push: { branches: [${name}] } }\n${jobs}\n`
  const sha = await pushWorkflows({ [`${name}.yml`]: text, ...files }, name)
  return { sha, ...(await outcomes(name)) }
}

/** How many runs of a workflow with these filters follow from what is done on a branch. */
async function started(name: string, on: string, change: () => Promise<unknown>) {
  await pushWorkflows({ [`${name}.yml`]: `name: ${name}\non: ${on}\njobs: { a: { ${JOB} } }\n` }, name)
  const before = (await runsOf(name)).length
  await change()
  await github.idle()
  return (await runsOf(name)).length - before
}

const names = (jobs: { name: string }[]) => jobs.map(({ name }) => name)

it('workflows/matrix-names', async () => {
  const matrix = 'strategy: { matrix: { n: [1, 2], include: [{ n: 1, more: x }, { n: 3, more: y }] } }'
  const { jobs } = await pushed('named', `jobs: { a: { name: Train, ${matrix}, ${JOB} }, ${''}b: { ${JOB} } }`)
  expect(names(jobs)).toEqual(['Train (1)', 'Train (2)', 'Train (3, y)', 'b'])
})

it('workflows/matrix-name-length', async () => {
  const matrix = `strategy: { matrix: { n: [${'x'.repeat(200)}] } }`
  const { jobs } = await pushed('long', `jobs: { a: { ${matrix}, ${JOB} } }`)
  expect(names(jobs)).toEqual([`a (${'x'.repeat(94)}...`])
})

it('workflows/matrix-limit', async () => {
  const many = [...Array(257).keys()].join(', ')
  const text = `name: many\non: push\njobs: { a: { strategy: { matrix: { n: [${many}] } }, environment: held, ${JOB} } }\n`
  await pushWorkflows({ 'many.yml': text }, 'many')
  const [run] = await runsOf('many')
  expect((await jobsOf(run!.id)).map(({ conclusion }) => conclusion)).toEqual(['failure'])
})

it('workflows/matrix-fail-fast', async () => {
  const matrix = 'strategy: { max-parallel: 1, matrix: { n: [1, 2] } }'
  const { conclusions } = await pushed(
    'fast',
    `jobs: { a: { ${matrix}, runs-on: ubuntu-latest, steps: [{ run: 'false' }] } }`,
  )
  expect(conclusions).toEqual({ 'a (1)': 'failure', 'a (2)': 'cancelled' })
})

it('workflows/continue-on-error', async () => {
  const jobs = `a: { continue-on-error: true, runs-on: ubuntu-latest, steps: [{ run: 'false' }] }, b: { needs: a, ${JOB} }`
  const { run, conclusions } = await pushed('forgiven', `jobs: { ${jobs} }`)
  expect([run.conclusion, conclusions]).toEqual(['success', { a: 'failure', b: 'success' }])
})

it('workflows/implicit-success', async () => {
  const jobs = `a: { runs-on: ubuntu-latest, steps: [{ run: 'false' }] }, b: { needs: a, if: true, ${JOB} }, c: { needs: a, if: '!cancelled()', ${JOB} }`
  const { conclusions } = await pushed('implicit', `jobs: { ${jobs} }`)
  expect(conclusions).toEqual({ a: 'failure', b: 'skipped', c: 'success' })
})

it('workflows/skipped-needs', async () => {
  const jobs = `a: { if: false, ${JOB} }, b: { needs: a, ${JOB} }, c: { needs: b, ${JOB} }, d: { needs: c, if: always(), ${JOB} }`
  const { run, conclusions } = await pushed('skipping', `jobs: { ${jobs} }`)
  expect(conclusions).toEqual({ a: 'skipped', b: 'skipped', c: 'skipped', d: 'success' })
  expect(run.conclusion).toBe('success')
})

it('workflows/text-around-condition', async () => {
  const { conclusions } = await pushed('texts', `jobs: { a: { if: "\${{ false }} == true", ${JOB} } }`)
  expect(conclusions).toEqual({ a: 'success' })
})

it('workflows/skip-words', async () => {
  const say = (branch: string, words: string) =>
    started(branch, `{ push: { branches: [${branch}] } }`, () => push(words, branch))
  expect(await say('quiet', 'Fix [skip ci]')).toBe(0)
  expect(await say('loud', 'Fix it')).toBe(1)
})

it('workflows/first-300-paths', async () => {
  const change = (branch: string, last: string) =>
    started(branch, `{ push: { branches: [${branch}], paths: ['*.txt'] } }`, async () => {
      for (let count = 0; count < 300; count++) await write(`a/${count}`, branch)
      await write(last, branch)
      await push('Many files', branch)
    })
  expect(await change('after', 'z.txt')).toBe(0)
  expect(await change('before', 'Z.txt')).toBe(1)
}, 20_000)

it('workflows/last-pattern-decides', async () => {
  const to = (branch: string) =>
    started(`for-${branch}`, "{ push: { branches: ['made/**', '!made/*', made/kept] } }", () =>
      git('push', '-q', 'origin', `HEAD:refs/heads/made/${branch}`),
    )
  expect([await to('left'), await to('kept')]).toEqual([0, 1])
})

it('workflows/branches-leave-tags-out', async () => {
  const tag = (name: string, filters: string) =>
    started(name, `{ push: { ${filters} } }`, () => git('push', '-q', 'origin', `HEAD:refs/tags/of-${name}`))
  expect(await tag('one', 'branches: [no]')).toBe(0)
  expect(await tag('two', 'branches: [no], tags: [of-two]')).toBe(1)
})

it('workflows/no-runner', async () => {
  const asks = ['ubuntu-24.04', '[self-hosted, Linux, GPU]', 'windows-latest', '[self-hosted, tpu]']
  const jobs = asks.map((runsOn, index) => `  j${index}: { runs-on: ${runsOn}, steps: [{ run: 'true' }] }`)
  const { jobs: begun, run } = await pushed('labels', `jobs:\n${jobs.join('\n')}`)
  expect(begun.map(({ status }) => status)).toEqual(['completed', 'completed', 'queued', 'queued'])
  expect(run.status).toBe('queued')
})

it('workflows/three-tags', async () => {
  const tags = (name: string, letters: string) =>
    started(name, `{ push: { tags: ['${name}-*'] } }`, () =>
      git('push', '-q', 'origin', ...[...letters].map((letter) => `HEAD:refs/tags/${name}-${letter}`)),
    )
  expect([await tags('three', 'abc'), await tags('four', 'defg')]).toEqual([3, 0])
})

it('workflows/default-pull-types', async () => {
  await pushWorkflows({ 'pulls.yml': `name: pulls\non: pull_request\njobs: { a: { ${JOB} } }\n` }, 'pulls')
  const { data } = await octokit.pulls.create({ ...at, title: 'x', head: 'pulls', base: 'main' })
  await octokit.issues.addLabels({ ...at, issue_number: data.number, labels: ['bug'] })
  await octokit.pulls.update({ ...at, pull_number: data.number, state: 'closed' })
  await github.idle()
  expect(await runsOf('pulls')).toHaveLength(1)
})

it('workflows/broken-file', async () => {
  await pushWorkflows({ 'broken.yml': 'on: issues\njobs: { a: { steps: [] } }\n' }, 'broken')
  const [run, ...others] = await runsOf('.github/workflows/broken.yml')
  expect([run?.event, run?.conclusion, others]).toEqual(['push', 'failure', []])
})

it('workflows/concurrency-case', async () => {
  const { run: holder } = await pushed('upper', `concurrency: Group\njobs: { a: { environment: held, ${JOB} } }`)
  const { run } = await pushed('lower', `concurrency: gROUP\njobs: { a: { ${JOB} } }`)
  expect([holder.status, run.status]).toEqual(['waiting', 'pending'])
  for (const { id } of [run, holder]) await octokit.actions.cancelWorkflowRun({ ...at, run_id: id })
})

it('workflows/concurrency-deadlock', async () => {
  const { conclusions } = await pushed('knot', `concurrency: knot\njobs: { a: { concurrency: knot, ${JOB} } }`)
  expect(conclusions).toEqual({ a: 'cancelled' })
})

it('workflows/call-names', async () => {
  const jobs =
    'jobs: { a: { name: Release, strategy: { matrix: { n: [1, 2] } }, uses: ./.github/workflows/called.yml } }'
  const { jobs: all } = await pushed('names', jobs, { 'called.yml': CALLED })
  expect(names(all)).toEqual(['Release (1) / b', 'Release (2) / b'])
})

it('workflows/call-same-commit', async () => {
  const { sha, run } = await pushed('same', 'jobs: { a: { uses: ./.github/workflows/called.yml } }', {
    'called.yml': CALLED,
  })
  expect(run.referenced_workflows).toMatchObject([{ sha, path: `acme/model/.github/workflows/called.yml@${sha}` }])
})

it('workflows/call-permissions', async () => {
  const asks = `on: workflow_call\njobs: { b: { if: false, permissions: { issues: write }, ${JOB} } }\n`
  const { run, jobs } = await pushed('asking', 'jobs: { a: { uses: ./.github/workflows/asks.yml } }', {
    'asks.yml': asks,
  })
  expect([run.conclusion, jobs]).toEqual(['startup_failure', []])
})

it('workflows/call-inputs', async () => {
  const wants = `on: { workflow_call: { inputs: { n: { type: number, required: true } } } }\njobs: { b: { ${JOB} } }\n`
  const { run } = await pushed('giving', 'jobs: { a: { uses: ./.github/workflows/wants.yml } }', { 'wants.yml': wants })
  expect(run.conclusion).toBe('startup_failure')
  const given = "jobs: { a: { uses: ./.github/workflows/wants.yml, with: { n: '${{ github.ref }}' } } }"
  const { conclusions } = await pushed('mistyped', given, { 'wants.yml': wants })
  expect(conclusions).toEqual({ a: 'failure' })
})

it('workflows/call-depth', async () => {
  const level = (to: number) => `on: workflow_call\njobs: { b: { uses: ./.github/workflows/level-${to}.yml } }\n`
  const files = Object.fromEntries([...Array(9).keys()].map((at) => [`level-${at + 1}.yml`, level(at + 2)]))
  const deep = { ...files, 'level-9.yml': CALLED, 'level-10.yml': CALLED }
  expect((await pushed('ten', 'jobs: { a: { uses: ./.github/workflows/level-1.yml } }', deep)).run.conclusion).toBe(
    'success',
  )
  const deeper = { ...deep, 'level-9.yml': level(10) }
  const { run } = await pushed('eleven', 'jobs: { a: { uses: ./.github/workflows/level-1.yml } }', deeper)
  expect(run.conclusion).toBe('startup_failure')
}, 20_000)

it('workflows/call-secrets', async () => {
  await setSecret('KEY', 'value')
  const looks =
    'on: workflow_call\njobs: { b: { runs-on: ubuntu-latest, steps: [{ run: \'test "$KEY" = value\' }] } }\n'
  const jobs = `jobs:
  named: { uses: ./.github/workflows/looks.yml }
  inherited: { uses: ./.github/workflows/looks.yml, secrets: inherit }`
  const { conclusions } = await pushed('secret', jobs, { 'looks.yml': looks.replace('"$KEY" = value', '$KEY = value') })
  expect(conclusions).toEqual({ 'named / b': 'failure', 'inherited / b': 'success' })
})

it('workflows/call-private', async () => {
  await github.createRepository('acme/hidden', { owner: 'ann', private: true })
  await pushWorkflows({ 'called.yml': CALLED }, 'hidden-source')
  const { token } = await github.createUser('ann')
  const url = fixture.cloneUrl.replace('acme/model', 'acme/hidden').replace('://', `://x:${token}@`)
  await git('push', '-q', url, 'HEAD:refs/heads/main')
  const jobs = 'jobs: { a: { uses: acme/hidden/.github/workflows/called.yml@main } }'
  expect((await pushed('prying', jobs)).run.conclusion).toBe('startup_failure')
  const hidden = { owner: 'acme', repo: 'hidden', access_level: 'organization' as const }
  await octokit.actions.setWorkflowAccessToRepository(hidden)
  expect((await pushed('shown', jobs)).run.conclusion).toBe('success')
})

it('workflows/dispatch-inputs', async () => {
  const on = '{ workflow_dispatch: { inputs: { n: { type: choice, options: [a, b], required: true } } } }'
  await pushWorkflows({ 'asked.yml': `name: asked\non: ${on}\njobs: { a: { ${JOB} } }\n` })
  const asked = { ...at, workflow_id: 'asked.yml', ref: 'main' }
  for (const inputs of [{}, { n: 'c' }, { n: 'a', m: 'x' }])
    expect(await refusal(octokit.actions.createWorkflowDispatch({ ...asked, inputs }))).toMatchObject({ status: 422 })
  await octokit.actions.createWorkflowDispatch({ ...asked, inputs: { n: 'b' } })
})

it('workflows/client-payload-limit', async () => {
  const dispatch = (length: number) =>
    octokit.repos.createDispatchEvent({ ...at, event_type: 'x', client_payload: { text: 'x'.repeat(length) } })
  expect(await refusal(dispatch(64 * 1024 - 11))).toMatchObject({
    status: 422,
    body: { message: 'client_payload is too large.' },
  })
  expect((await dispatch(64 * 1024 - 12)).status).toBe(204)
})
