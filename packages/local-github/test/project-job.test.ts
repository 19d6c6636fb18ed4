import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { evaluateTemplate } from '../src/scheduler/expressions.ts'
import { projectJob, type ReleasedJob, readResults } from '../src/scheduler/project-job.ts'

const released: ReleasedJob = {
  needs: {},
  matrix: null,
  strategy: { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 },
  inputs: {},
  name: 'Job',
  event: 'push',
  workflow: 'deploy',
  resultsFile: '/tmp/results',
}

const WORKFLOW = `name: deploy
run-name: \${{ inputs.model }}
on: { workflow_dispatch: { inputs: { model: { required: true } } } }
permissions: {}
concurrency: { group: deploy, queue: max }
env: { MODEL: '\${{ inputs.model }}', ON: on }
jobs:
  plan: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] }
  deploy:
    name: \${{ matrix.stage }}
    needs: plan
    if: needs.plan.result == 'success'
    runs-on: [self-hosted, gpu]
    environment: { name: production, url: '\${{ steps.go.outputs.url }}', deployment: false }
    concurrency: production
    permissions: { id-token: write }
    timeout-minutes: 5
    continue-on-error: true
    strategy: { matrix: { stage: [a] } }
    outputs:
      url: \${{ steps.go.outputs.url }}
      both: \${{ needs.plan.outputs.list }}-\${{ MATRIX.stage }}
    steps:
      - uses: actions/checkout@v6
        with: { path: '\${{ matrix.stage }}' }
      - id: go
        if: needs.plan.outputs.list != 'needs.plan' && steps.needs.outcome == 'success'
        run: |
          echo "\${{ needs.plan.outputs.list }}" # matrix.stage is not an expression here
          echo \${{ github.workflow_ref }} \${{ github.sha }}
`

describe('a projected job', () => {
  const projected = projectJob(WORKFLOW, 'deploy', {
    ...released,
    needs: { plan: { result: 'success', outputs: { list: '["x"]' } } },
    matrix: { stage: 'a' },
    inputs: { model: 'flight' },
    event: 'workflow_dispatch',
    github: { workflow_ref: 'acme/x/.github/workflows/x.yml@refs/heads/main' },
  })

  it('is a workflow of that one job, without what the scheduler has settled', () => {
    expect(projected).toMatchSnapshot()
    const workflow = parse(projected)
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'env', 'jobs'])
    expect(Object.keys(workflow.jobs.deploy)).toEqual(['name', 'runs-on', 'steps'])
  })

  it('keeps steps that use none of the known contexts letter by letter', () => {
    const text =
      "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo '${{ github.sha }}' \"on\"\n          yes: 012\n        env: { A: 'yes', B: '012', C: '1:30' }\n"
    expect(parse(projectJob(text, 'a', released), { version: '1.1' }).jobs.a.steps[0]).toEqual(
      parse(text).jobs.a.steps[0],
    )
  })

  it('refuses a job that the workflow does not have', () => {
    expect(() => projectJob(WORKFLOW, 'none', released)).toThrow('no job none')
  })
})

describe('a value that is put in', () => {
  const hostile = fc.string({ unit: 'binary' })
  const bits = fc.constantFrom(
    "'",
    "''",
    '}}',
    '${{',
    '$',
    '{',
    '}',
    '\\',
    '\n',
    '"',
    ')',
    'github.token',
    '${{ secrets.X }}',
    '\u2028',
    '\u{1f600}',
  )
  const text = fc.oneof(
    hostile,
    fc.array(bits, { maxLength: 8 }).map((parts) => parts.join('')),
  )

  it('comes out of the expression as it went in, whatever it holds', () => {
    const template = '${{ needs.a.outputs.v }}'
    const source = (value: string) =>
      `on: push\njobs:\n  b:\n    steps:\n      - run: echo\n        env: { V: '${value}' }\n`
    fc.assert(
      fc.property(text, (value) => {
        // Names do not mind case: a value that is called like its own output is another test.
        fc.pre(value.isWellFormed() && value.toLowerCase() !== 'v')
        const needs = { a: { result: 'success', outputs: { v: value, [value || 'empty']: 'key' } } }
        const out = parse(projectJob(source(template), 'b', { ...released, needs })).jobs.b.steps[0].env.V as string
        const inside = out.slice('${{ '.length, -' }}'.length)
        expect(inside).not.toMatch(/\$\{\{|\}\}/)
        expect(evaluateTemplate(out, {})).toBe(value)
      }),
    )
  })

  it('is not looked for behind a dot, in quotes, or as the name of a function', () => {
    const step = "on: push\njobs:\n  a:\n    steps:\n      - run: ${{ format('needs.x {0}', github.needs) }}\n"
    expect(parse(projectJob(step, 'a', released)).jobs.a.steps[0].run).toBe(
      "${{ format('needs.x {0}', github.needs) }}",
    )
  })
})

it('reads back the values that the last step writes, byte for byte', () => {
  const job = { outputs: { a: '', b: '' }, environment: { name: 'x', url: 'u' } }
  const step = parse(
    projectJob(
      'on: push\njobs: { j: { outputs: { a: A, b: B }, environment: { name: x, url: U }, steps: [] } }',
      'j',
      released,
    ),
  ).jobs.j.steps[0]
  const file = join(mkdtempSync(join(tmpdir(), 'results-')), 'results')
  const env = {
    ...step.env,
    LOCAL_GITHUB_RESULTS: file,
    LOCAL_GITHUB_RESULT_0: 'one\ntwo\n',
    LOCAL_GITHUB_RESULT_1: "$(x) '%s'",
  }
  execFileSync('sh', ['-c', step.run], { env })
  expect(readResults(job, readFileSync(file, 'utf8'))).toEqual({
    outputs: { a: 'one\ntwo\n', b: "$(x) '%s'" },
    url: 'U',
  })
})

it('refuses in one sentence what act could not run as GitHub does', () => {
  const refuses = (job: string, says: string) =>
    expect(() => projectJob(`on: push\njobs:\n  j: { runs-on: x, ${job} }\n`, 'j', released)).toThrow(says)
  const steps = "steps: [{ run: 'true' }]"
  refuses(`container: 'node:24', ${steps}`, 'The job j asks for `container`: this server runs jobs without containers.')
  refuses(`services: { db: { image: postgres } }, ${steps}`, 'The job j asks for `services`')
  const branches = "case(github.ref == 'x', 'a', 'b')"
  refuses(
    `steps: [{ run: "echo \${{ ${branches} }}" }]`,
    `act does not know case(): write the expression \`${branches}\``,
  )
  refuses(`steps: [{ if: "${branches} == 'a'", run: 'true' }]`, 'act does not know case()')
})
