import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from '../orchestration/support.ts'

const fixture = await createFixture()
const { pushWorkflows, outcomes, logOf } = createStory(fixture)

await pushWorkflows({
  'steps.yml': `name: steps
on: push
jobs:
  steps:
    runs-on: ubuntu-latest
    strategy: { matrix: { who: [you] } }
    steps:
      - name: Fails for \${{ matrix.who }}
        run: exit 3
        continue-on-error: true
      - run: |
          echo "LocalRepositoryCache is a word of \${{ matrix.who }}"
          echo second
      - run: exit 2
      - name: Never for \${{ matrix.who }}
        run: 'true'
  fetch:
    runs-on: ubuntu-latest
    steps: [{ run: 'true' }, { uses: acme/no-such-action@v1 }]
`,
})
const { jobs } = await outcomes('steps')
const stepsOf = (job: string) =>
  jobs.find(({ name }) => name.startsWith(job))!.steps!.map(({ name, conclusion }) => `${name}: ${conclusion}`)

it('workflows/failed-step-goes-on', () => {
  expect(stepsOf('steps')[1]).toBe('Fails for you: success')
})

it('workflows/set-up-and-complete', () => {
  expect(stepsOf('steps')).toEqual([
    'Set up job: success',
    expect.stringContaining('Fails for you'),
    'Run echo "LocalRepositoryCache is a word of you": success',
    'Run exit 2: failure',
    'Never for ${{ matrix.who }}: skipped',
    'Complete job: success',
  ])
})

it('workflows/action-not-fetched', () => {
  expect(stepsOf('fetch')).toEqual([
    'Set up job: failure',
    'Run true: skipped',
    'Run acme/no-such-action@v1: skipped',
    'Complete job: success',
  ])
})

it('the log is what the steps print and what becomes of them, without what act says of itself', async () => {
  const log = await logOf(jobs.find(({ name }) => name.startsWith('steps'))!.id)
  expect(log).toContain('LocalRepositoryCache is a word of you')
  expect(log).not.toMatch(/docker|Collect the outputs|not located inside|unable to get git|Cleaning up container/)
})
