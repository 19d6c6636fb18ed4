import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github } = fixture
const { at, runsOf, pushWorkflows, outcomes, logOf } = createStory(fixture)

const HOUR = 3_600_000

it('a schedule comes with the time, of the file on the default branch, until the workflow is disabled', async () => {
  await pushWorkflows({
    'watch.yml': `name: watch
on: { schedule: [{ cron: '30 * * * *' }] }
jobs: { look: { runs-on: ubuntu-latest, steps: [{ run: 'echo "for \${{ github.event.schedule }} at $GITHUB_REF"' }] } }
`,
  })
  await github.advance(HOUR)
  const { run, jobs } = await outcomes('watch')
  expect(run).toMatchObject({ event: 'schedule', head_branch: 'main', conclusion: 'success' })
  expect(await logOf(jobs[0]!.id)).toContain('for 30 * * * * at refs/heads/main')
  await github.advance(HOUR)
  expect(await runsOf('watch')).toHaveLength(2)
  await octokit.actions.disableWorkflow({ ...at, workflow_id: 'watch.yml' })
  await github.advance(HOUR)
  expect(await runsOf('watch')).toHaveLength(2)
}, 30_000)
