import type { Rule } from './rule.ts'

const APPROVING = 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/approve-runs-from-forks'
const SETTINGS =
  'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository'
const SCHEDULE =
  'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule'
const RUNS = 'https://docs.github.com/en/rest/actions/workflow-runs'
const LIMITS = 'https://docs.github.com/en/actions/reference/limits'
const ENVIRONMENTS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments'
const TEST = 'actions.test.ts'
const TIME = 'actions-time.test.ts'

export const ACTIONS: readonly Rule[] = [
  {
    id: 'actions/first-contribution-awaits',
    rule: 'A run for the pull request of a fork whose author never had one merged is completed with the conclusion `action_required`, without jobs, until somebody who may write approves it.',
    source: 'https://github.com/thedotmack/claude-mem/pull/3593',
    test: TEST,
    takeOut: {
      file: 'scheduler/admission.ts',
      from: '  return [author, by.kind ===',
      to: '  return false && [author, by.kind ===',
    },
  },
  {
    id: 'actions/token-pull-awaits',
    rule: 'A pull request that was opened with GITHUB_TOKEN makes runs that wait for approval, where it once made none.',
    source: 'https://github.com/github/docs/pull/44419',
    test: TEST,
    takeOut: {
      file: 'scheduler/admission.ts',
      from: "  return name === 'pull_request' && APPROVABLE.includes(action)",
      to: '  return APPROVABLE.includes(name)',
    },
  },
  {
    id: 'actions/approve-forks-only',
    rule: 'Only runs of forks can be approved over the API (403 for others); a re-run by a person lets one start that GITHUB_TOKEN made.',
    source: 'https://github.com/kubernetes-sigs/prow/pull/798',
    test: TEST,
    takeOut: { file: 'routes/actions/run-control.ts', from: '    if (!run.fork) throw', to: '    if (false) throw' },
  },
  {
    id: 'actions/unapproved-run-goes',
    rule: 'A run that waits for approval for 30 days is deleted.',
    source: APPROVING,
    test: TIME,
    takeOut: {
      file: 'scheduler/scheduler.ts',
      from: '      if (isAwaiting(run)) await deleteRun(hub, run)',
      to: '',
    },
  },
  {
    id: 'actions/disabled-workflow',
    rule: 'A workflow that was disabled cannot be dispatched, with words of its own.',
    source: 'https://github.com/benc-uk/workflow-dispatch/issues/72',
    test: TEST,
    takeOut: {
      file: 'routes/actions/workflows.ts',
      from: "    if (workflow.state !== 'active')",
      to: '    if (false)',
    },
  },
  {
    id: 'actions/disabled-for-repository',
    rule: 'Where Actions are disabled for a repository, no event makes a run.',
    source: SETTINGS,
    test: TEST,
    takeOut: {
      file: 'scheduler/admission.ts',
      from: '  if (!actionsSettings(hub.store, repo.id).enabled) return false',
      to: '',
    },
  },
  {
    id: 'actions/local-only',
    rule: 'A workflow that uses what the settings do not allow is a run that failed at its start (`startup_failure`), without jobs, with a sentence that names the actions and what would be allowed.',
    source: 'https://github.com/Metastem/Wikiless/issues/149',
    test: TEST,
    takeOut: {
      file: 'scheduler/allowed-actions.ts',
      from: '  if (refused.length === 0) return undefined',
      to: '  return undefined',
    },
  },
  {
    id: 'actions/selected-patterns',
    rule: 'The pattern `owner/repo@*` allows the action at the root of a repository and none in its folders.',
    source: 'https://github.com/Arbuzov/hass-broadlink-ac-mqtt/pull/71',
    test: TEST,
    takeOut: {
      file: 'scheduler/allowed-actions.ts',
      from: "  const parts = pattern.split('*')",
      to: "  const parts = pattern.replace('@*', '*').split('*')",
    },
  },
  {
    id: 'actions/pinned-actions',
    rule: 'Where actions have to be pinned, a workflow with one at a tag does not start.',
    source: 'https://github.com/dynamical-org/dynamical.org/pull/193',
    test: TEST,
    takeOut: { file: 'scheduler/allowed-actions.ts', from: '  if (loose.length > 0) {', to: '  if (false) {' },
  },
  {
    id: 'actions/access-of-private-repositories',
    rule: 'Which other repositories may use its actions can be set for private repositories only.',
    source:
      'https://docs.github.com/en/rest/actions/permissions#set-the-level-of-access-for-workflows-outside-of-the-repository',
    test: TEST,
    takeOut: { file: 'routes/actions/settings.ts', from: '    if (!repo.private) throw', to: '    if (false) throw' },
  },
  {
    id: 'actions/failed-jobs-of-a-matrix',
    rule: 'A re-run of failed jobs runs those combinations of a matrix that failed, and keeps the others.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs',
    test: TEST,
    takeOut: {
      file: 'scheduler/attempts.ts',
      from: "    redo === 'failed' ?",
      to: "    redo === 'failed' ? true :",
    },
  },
  {
    id: 'actions/rerun-keeps-the-actor',
    rule: 'A re-run has the actor of the first run, and who asked for it as `triggering_actor`.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs',
    test: TEST,
    takeOut: { file: 'scheduler/attempts.ts', from: 'triggeringActor: by, startedAt', to: 'actor: by, startedAt' },
  },
  {
    id: 'actions/cancel-lets-always-run',
    rule: 'Jobs with `if: always()` run after a cancellation; only one by force keeps them from it. A run that is over cannot be cancelled (409).',
    source: `${RUNS}#force-cancel-a-workflow-run`,
    test: TEST,
    takeOut: { file: 'scheduler/scheduler.ts', from: '    if (force) {', to: '    if (true) {' },
  },
  {
    id: 'actions/custom-rule-holds',
    rule: 'A job waits for the app of a custom protection rule, which may report ten times before it decides.',
    source:
      'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules',
    test: TEST,
    takeOut: {
      file: 'scheduler/gates.ts',
      from: '&& areAppsContent(hub, run, environment)',
      to: '',
    },
  },
  {
    id: 'actions/wait-timer',
    rule: 'A job waits for as many minutes as its environment says, and nobody can let it start sooner over the API.',
    source: `${ENVIRONMENTS}#wait-timer`,
    test: TIME,
    takeOut: { file: 'scheduler/gates.ts', from: 'environment.waitTimer * MINUTE', to: '0' },
  },
  {
    id: 'actions/gate-of-thirty-days',
    rule: 'A job that waits for its environment for 30 days has failed.',
    source: `${ENVIRONMENTS}#required-reviewers`,
    test: TIME,
    takeOut: { file: 'scheduler/gates.ts', from: 'const LONGEST_WAIT = 30 *', to: 'const LONGEST_WAIT = 300 *' },
  },
  {
    id: 'actions/retry-within-a-month',
    rule: 'A run can be run again for 30 days; later the API refuses with 403.',
    source: LIMITS,
    test: TIME,
    takeOut: {
      file: 'routes/actions/run-control.ts',
      from: '    if (Date.parse(run.createdAt) + RETRY_WITHIN <',
      to: '    if (Infinity <',
    },
  },
  {
    id: 'actions/artifact-expires',
    rule: 'An artifact is listed as expired after 90 days, and its download answers 410.',
    source: 'https://docs.github.com/en/rest/actions/artifacts#download-an-artifact',
    test: TIME,
    takeOut: {
      file: 'routes/actions/artifacts.ts',
      from: '    if (isExpired(hub, artifact)) throw',
      to: '    if (false) throw',
    },
  },
  {
    id: 'actions/schedule-on-default-branch',
    rule: 'Schedules count in the workflow files of the default branch only.',
    source: SCHEDULE,
    test: TIME,
    takeOut: {
      file: 'scheduler/scheduler.ts',
      from: "event.name === 'push' && event.ref === `refs/heads/${event.repo.defaultBranch}`",
      to: "event.name === 'push'",
    },
  },
  {
    id: 'actions/schedule-every-five-minutes',
    rule: 'A schedule starts no more than one run in five minutes.',
    source: SCHEDULE,
    test: TIME,
    takeOut: { file: 'scheduler/schedules.ts', from: ' + SHORTEST_INTERVAL - MINUTE', to: '' },
  },
  {
    id: 'actions/schedule-of-a-fork',
    rule: 'In a fork, workflows with a schedule are disabled until somebody enables them.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows',
    test: TIME,
    takeOut: { file: 'scheduler/create-run.ts', from: "isForked ? 'disabled_fork' : 'active'", to: "'active'" },
  },
  {
    id: 'actions/schedule-sleeps-after-sixty-days',
    rule: 'Schedules of a public repository are disabled when nothing was pushed for 60 days, until somebody enables them.',
    source: 'https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows',
    test: TIME,
    takeOut: {
      file: 'scheduler/schedules.ts',
      from: '    if (!repo.private && isInactive(hub, repo, workflow)) {',
      to: '    if (false) {',
    },
  },
]
