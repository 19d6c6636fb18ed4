import type { Rule } from './rule.ts'

const SYNTAX = 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax'
const EVENTS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows'
const REUSING = 'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations'
const EXPRESSIONS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/expressions'
const PARSER = 'https://github.com/actions/runner/blob/main/src/Sdk/WorkflowParser/Conversion'
const TEST = 'workflows.test.ts'

export const WORKFLOWS: readonly Rule[] = [
  {
    id: 'workflows/matrix-names',
    rule: 'A job of a matrix is named by the values of the axes, also behind a name that it states without an expression; what an `include` adds to a combination is not shown.',
    source: `${PARSER}/MatrixBuilder.cs`,
    test: TEST,
    takeOut: {
      file: 'scheduler/matrix.ts',
      from: 'map(({ values, shown }) => ({ values, shown }))',
      to: 'map(({ values }) => ({ values, shown: Object.values(values) }))',
    },
  },
  {
    id: 'workflows/matrix-name-length',
    rule: 'The name of a job of a matrix is cut at 100 characters, with three dots.',
    source: `${PARSER}/JobNameBuilder.cs`,
    test: TEST,
    takeOut: { file: 'scheduler/matrix.ts', from: 'const MAX_NAME = 100', to: 'const MAX_NAME = 1000' },
  },
  {
    id: 'workflows/matrix-limit',
    rule: 'A matrix makes at most 256 jobs.',
    source: `${SYNTAX}#jobsjob_idstrategymatrix`,
    test: TEST,
    takeOut: { file: 'scheduler/matrix.ts', from: 'MAX_MATRIX_JOBS = 256', to: 'MAX_MATRIX_JOBS = 1000' },
  },
  {
    id: 'workflows/matrix-fail-fast',
    rule: 'A failed job of a matrix cancels the others, unless `fail-fast` is false.',
    source: `${SYNTAX}#jobsjob_idstrategyfail-fast`,
    test: TEST,
    takeOut: {
      file: 'scheduler/settling.ts',
      from: "row.job.result === 'failure' && row.job.strategy['fail-fast']",
      to: 'false',
    },
  },
  {
    id: 'workflows/continue-on-error',
    rule: 'A job with `continue-on-error` that fails is shown as failed, counts as a success for those that need it, and does not fail the run.',
    source: `${SYNTAX}#jobsjob_idcontinue-on-error`,
    test: TEST,
    takeOut: {
      file: 'scheduler/settling.ts',
      from: "conclusion === 'failure' && row.job.continueOnError ? 'success' : conclusion",
      to: 'conclusion',
    },
  },
  {
    id: 'workflows/failed-step-goes-on',
    rule: 'A step with `continue-on-error` that fails has the outcome failure and the conclusion success, which the API shows.',
    source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context',
    test: 'steps.test.ts',
    takeOut: { file: 'runner/act-steps.ts', from: "if (msg === GOES_ON && isAct) row.conclusion = 'success'", to: '' },
  },
  {
    id: 'workflows/set-up-and-complete',
    rule: 'The first step of a job is `Set up job`, the last one `Complete job`.',
    source: 'https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run',
    test: 'steps.test.ts',
    takeOut: {
      file: 'runner/act-steps.ts',
      from: "{ key: COMPLETE, name: 'Complete job', isNamed: true },",
      to: '',
    },
  },
  {
    id: 'workflows/action-not-fetched',
    rule: 'Where an action cannot be fetched, `Set up job` fails, and no other step runs.',
    source: 'https://github.com/actions/runner/blob/main/src/Runner.Worker/JobExtension.cs',
    test: 'steps.test.ts',
    takeOut: {
      file: 'runner/act-steps.ts',
      from: "if (stage === 'Pre' && level === 'error' && isAct) this.#find(SET_UP)!.conclusion = 'failure'",
      to: '',
    },
  },
  {
    id: 'workflows/no-runner',
    rule: 'A job for whose `runs-on` there is no runner stays queued.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners/use-in-a-workflow',
    test: TEST,
    takeOut: {
      file: 'scheduler/start-job.ts',
      from: 'if (!hasRunner(row.job.labels, settings.labels)) return false',
      to: '',
    },
  },
  {
    id: 'workflows/implicit-success',
    rule: 'An `if` that asks for no status itself holds only where everything before succeeded.',
    source: `${EXPRESSIONS}#status-check-functions`,
    test: TEST,
    takeOut: {
      file: 'scheduler/expressions.ts',
      from: '  if (!STATUS_FUNCTION.test(expression) && !status.success) return false\n',
      to: '',
    },
  },
  {
    id: 'workflows/skipped-needs',
    rule: 'A skipped job skips those that need it, and those that need these, and the run succeeds.',
    source: `${SYNTAX}#jobsjob_idneeds`,
    test: TEST,
    takeOut: {
      file: 'scheduler/live-run.ts',
      from: "!cancelled && results.every((result) => result === 'success')",
      to: "!cancelled && !results.includes('failure')",
    },
  },
  {
    id: 'workflows/text-around-condition',
    rule: 'An `if` with text around its expression is a text, and so always true.',
    source: 'https://github.com/actions/runner/issues/1173',
    test: TEST,
    takeOut: {
      file: 'scheduler/expressions.ts',
      from: "mixed ? `'${text.replaceAll(\"'\", \"''\")}'` : text",
      to: "mixed ? text.replace('${{', '(').replace('}}', ')') : text",
    },
  },
  {
    id: 'workflows/skip-words',
    rule: 'A head commit that says `[skip ci]` (or `[ci skip]`, `[no ci]`, `[skip actions]`, `[actions skip]`, `skip-checks: true`) starts no runs of `push` and `pull_request`.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs',
    test: TEST,
    takeOut: {
      file: 'scheduler/filters.ts',
      from: "return (event === 'push' || event === 'pull_request') && SKIP.test(message)",
      to: 'return false && SKIP.test(message)',
    },
  },
  {
    id: 'workflows/first-300-paths',
    rule: 'Filters of paths look at the first 300 changed files only.',
    source: `${SYNTAX}#git-diff-comparisons`,
    test: TEST,
    takeOut: { file: 'scheduler/filters.ts', from: '.slice(0, MAX_PATHS)', to: '' },
  },
  {
    id: 'workflows/last-pattern-decides',
    rule: 'Of several patterns the last one that matches decides; one with `!` takes back, a later one gives again.',
    source: `${SYNTAX}#example-including-and-excluding-branches-and-tags`,
    test: TEST,
    takeOut: {
      file: 'scheduler/patterns.ts',
      from: 'matched = !negative',
      to: 'matched ||= !negative',
    },
  },
  {
    id: 'workflows/branches-leave-tags-out',
    rule: 'A workflow of `push` that filters branches and says nothing of tags does not run for tags.',
    source: `${SYNTAX}#onpushbranchestagsbranches-ignoretags-ignore`,
    test: TEST,
    takeOut: { file: 'scheduler/filters.ts', from: "return !asked('branches')", to: 'return true' },
  },
  {
    id: 'workflows/three-tags',
    rule: 'A push of more than three tags at once makes no events for them.',
    source: `${EVENTS}#push`,
    test: TEST,
    takeOut: { file: 'git/refs.ts', from: 'const MAX_TAG_EVENTS = 3', to: 'const MAX_TAG_EVENTS = 99' },
  },
  {
    id: 'workflows/default-pull-types',
    rule: 'A workflow of `pull_request` without `types` runs when one is opened, reopened or gets commits, and for nothing else.',
    source: `${EVENTS}#pull_request`,
    test: TEST,
    takeOut: { file: 'scheduler/filters.ts', from: 'pull_request: OF_PULLS, ', to: '' },
  },
  {
    id: 'workflows/broken-file',
    rule: 'A workflow file that does not parse is a failed run, named by its path, of each push that brings it, whatever events it asks for.',
    source: 'https://github.com/martinopedal/azure-analyzer/pull/154',
    test: TEST,
    takeOut: {
      file: 'scheduler/admit.ts',
      from: "return event.name === 'push' ? { run: await createRun(hub, event, found) } : undefined",
      to: 'return undefined',
    },
  },
  {
    id: 'workflows/concurrency-case',
    rule: 'Names of concurrency groups are one in upper and lower case.',
    source: `${SYNTAX}#concurrency`,
    test: TEST,
    takeOut: {
      file: 'scheduler/concurrency.ts',
      from: 'row.group.toLowerCase() === key',
      to: 'row.group === group',
    },
  },
  {
    id: 'workflows/concurrency-deadlock',
    rule: 'A job, or a called workflow, in the concurrency group that its own run holds is cancelled at once.',
    source: 'https://github.com/github/vscode-github-actions/issues/135',
    test: TEST,
    takeOut: {
      file: 'scheduler/places.ts',
      from: '  if (deadlock !== undefined) return deadlock\n',
      to: '  if (deadlock !== undefined) return undefined\n',
    },
  },
  {
    id: 'workflows/call-names',
    rule: 'Jobs of a called workflow are named `caller / job`; the calling job has no row of its own.',
    source: `${REUSING}`,
    test: TEST,
    takeOut: {
      file: 'scheduler/expand.ts',
      from: '  return scope.call ? `${scope.call.name} / ${name}` : name',
      to: '  return scope.call ? name : name',
    },
  },
  {
    id: 'workflows/call-same-commit',
    rule: 'A call of `./.github/workflows/…` takes the file of the very commit that the caller is of.',
    source: `${REUSING}`,
    test: TEST,
    takeOut: {
      file: 'scheduler/called-files.ts',
      from: '`${from.repository}/${uses.slice(2)}@${from.sha}`',
      to: '`${from.repository}/${uses.slice(2)}@main`',
    },
  },
  {
    id: 'workflows/call-permissions',
    rule: 'A called workflow that asks for more permissions than the calling job has keeps the whole run from starting, also for jobs that would be skipped.',
    source: 'https://github.com/actions/runner/issues/4151',
    test: TEST,
    takeOut: { file: 'scheduler/called-files.ts', from: '      if (excess !== undefined) {', to: '      if (false) {' },
  },
  {
    id: 'workflows/call-inputs',
    rule: 'A call has to give each required input, of the declared type; a mistake that the file shows keeps the run from starting, one that only the value shows fails the job.',
    source: `${SYNTAX}#onworkflow_callinputs`,
    test: TEST,
    takeOut: {
      file: 'scheduler/called-files.ts',
      from: '  if (typeof value === type) return value\n',
      to: '  return value\n',
    },
  },
  {
    id: 'workflows/call-depth',
    rule: 'Workflows call one another over at most ten levels, the first caller among them; a circle is longer than that.',
    source: `${REUSING}#limitations-of-reusable-workflows`,
    test: TEST,
    takeOut: { file: 'scheduler/called-files.ts', from: 'const MAX_LEVELS = 10', to: 'const MAX_LEVELS = 11' },
  },
  {
    id: 'workflows/call-secrets',
    rule: 'A called workflow sees the secrets that are passed to it by name, or all with `inherit`, and no others.',
    source:
      'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow',
    test: TEST,
    takeOut: {
      file: 'scheduler/calls.ts',
      from: "  if (stated === 'inherit') return own\n",
      to: '  if (stated !== null) return own\n',
    },
  },
  {
    id: 'workflows/call-private',
    rule: 'A workflow of a private repository can be called from another one only where its settings give access.',
    source: 'https://docs.github.com/en/actions/how-tos/reuse-automations/share-across-private-repositories',
    test: TEST,
    takeOut: {
      file: 'scheduler/called-files.ts',
      from: "actionsSettings(hub.store, repo.id).access_level !== 'none'",
      to: 'true',
    },
  },
  {
    id: 'workflows/dispatch-inputs',
    rule: 'A dispatch with an input that is not declared, without one that is required, or with a choice that is none is refused with 422.',
    source: 'https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event',
    test: TEST,
    takeOut: {
      file: 'routes/actions/workflows.ts',
      from: '    if (!inputs.ok) throw unprocessable(inputs.message)\n',
      to: '    if (!inputs.ok) return c.body(null, 204)\n',
    },
  },
  {
    id: 'workflows/client-payload-limit',
    rule: 'The `client_payload` of a `repository_dispatch` is smaller than 64 KiB: 422 «client_payload is too large.»',
    source: 'https://github.com/langfuse/langfuse/pull/17045',
    test: TEST,
    takeOut: {
      file: 'routes/actions/workflows.ts',
      from: 'Buffer.byteLength(JSON.stringify(payload)) >= MAX_CLIENT_PAYLOAD',
      to: 'false',
    },
  },
]
