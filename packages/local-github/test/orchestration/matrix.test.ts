import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { jobsOf, pushWorkflows, outcomes, logOf } = createStory(fixture)

describe('a matrix', () => {
  it('from an output makes a job of each combination, forgives what may fail, and hands outputs on', async () => {
    await pushWorkflows({
      'matrix.yml': `name: matrix
on: push
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { shards: '\${{ steps.s.outputs.shards }}' }
    steps: [{ id: s, run: 'echo "shards=[1, 2]" >> "$GITHUB_OUTPUT"' }]
  train:
    needs: plan
    name: train
    runs-on: ubuntu-latest
    continue-on-error: \${{ matrix.shard == 2 }}
    outputs: { one: '\${{ steps.o.outputs.one }}', two: '\${{ steps.o.outputs.two }}' }
    strategy:
      fail-fast: false
      matrix:
        shard: \${{ fromJSON(needs.plan.outputs.shards) }}
        seed: [7]
        include: [{ shard: 1, label: first }, { shard: 9, label: extra }]
        exclude: [{ shard: 3 }]
    steps:
      - { id: o, run: 'echo "\${{ matrix.shard == 1 && ''one'' || ''two'' }}=\${{ matrix.label || matrix.shard }}" >> "$GITHUB_OUTPUT"' }
      - { if: matrix.shard == 2, run: exit 1 }
  after:
    needs: train
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ needs.train.result }} \${{ needs.train.outputs.one }} \${{ strategy.job-total }}"' }]
`,
    })
    const { run, jobs, conclusions } = await outcomes('matrix')
    expect(conclusions).toEqual({
      plan: 'success',
      'train (1, 7)': 'success',
      'train (2, 7)': 'failure',
      'train (9, extra)': 'success',
      after: 'success',
    })
    expect(run.conclusion).toBe('success')
    expect(await logOf(jobs.at(-1)!.id)).toContain('success first 1')
  }, 30_000)

  it('that fails fast cancels the rest, one at a time with max-parallel, and skips what needs it', async () => {
    await pushWorkflows({
      'matrix.yml': `name: fast
on: push
jobs:
  try:
    runs-on: ubuntu-latest
    strategy: { max-parallel: 1, matrix: { n: [1, 2, 3] } }
    steps: [{ run: 'test \${{ matrix.n }} = 1' }]
  after: { needs: try, runs-on: ubuntu-latest, steps: [{ run: 'true' }] }
  mourn: { needs: try, if: failure(), runs-on: ubuntu-latest, steps: [{ run: 'true' }] }
  empty: { runs-on: ubuntu-latest, strategy: { matrix: { n: '\${{ fromJSON(''[]'') }}' } }, steps: [{ run: 'true' }] }
`,
    })
    const { run, conclusions } = await outcomes('fast')
    expect(conclusions).toEqual({
      ...{ 'try (1)': 'success', 'try (2)': 'failure', 'try (3)': 'cancelled' },
      ...{ after: 'skipped', mourn: 'success', empty: 'failure' },
    })
    expect(await jobsOf(run.id)).toHaveLength(6)
  }, 30_000)
})
