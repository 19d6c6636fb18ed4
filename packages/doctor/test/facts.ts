import { parseModelFile } from '@modelyard/spec'
import type { EnvironmentFacts, Facts, GitHubFacts, RulesetFacts } from '../src/facts.ts'
import { readWorkflow } from '../src/workflow-file.ts'

const SHA = 'a'.repeat(40)

export const model = {
  ...parseModelFile(
    `
name: toy
task: regression
data: { train: a.csv, holdout: b.csv, label: y }
train: { run: "true", inputs: [train.py], model: out.onnx }
evaluate: { metrics: [mae], gates: [{ metric: mae, max: 1 }] }
stages:
  staging: {}
  production: { after: staging, environment: production }
drift: { data: new/*.csv, window: 7d }
`,
    'model.yaml',
  ),
  file: 'model.yaml',
  folder: '/repository',
}

/** A workflow that does what the templates do, in one job for each of these actions. */
export function workflow(name: string, actions: string[], on = 'workflow_dispatch:'): string {
  return `
on:
  ${on}
permissions: {}
jobs:
${actions
  .map(
    (action) => `  ${action}:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${SHA} # v6
      - uses: modelyard/modelyard/actions/${action}@${SHA} # ${name}
`,
  )
  .join('')}`
}

const paths = ['pull-request.yml', 'release.yml', 'promote.yml', 'rollback.yml', 'drift.yml'].map(
  (name) => `.github/workflows/${name}`,
)
export const workflows = [
  readWorkflow(paths[0]!, workflow('model', ['plan', 'validate-data', 'train', 'evaluate', 'report'], 'pull_request:')),
  readWorkflow(paths[1]!, workflow('release', ['train', 'evaluate', 'register'], 'push: { branches: [main] }')),
  readWorkflow(paths[2]!, workflow('promote', ['deploy'])),
  readWorkflow(paths[3]!, workflow('rollback', ['rollback'])),
  readWorkflow(paths[4]!, workflow('drift', ['check-drift'], "schedule: [{ cron: '17 5 * * *' }]")),
]

export const reviewers = {
  id: 1,
  node_id: 'GA_1',
  type: 'required_reviewers',
  prevent_self_review: true,
  reviewers: [{ type: 'User' as const }],
}
export const environment: EnvironmentFacts = {
  name: 'production',
  protection_rules: [reviewers, { id: 2, node_id: 'GA_2', type: 'branch_policy' }],
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  branches: { known: ['main'] },
}
export const rollback: EnvironmentFacts = {
  name: 'production-rollback',
  protection_rules: [{ id: 3, node_id: 'GA_3', type: 'branch_policy' }],
  deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
  branches: null,
}
export const ruleset: RulesetFacts = {
  name: 'versions stay',
  enforcement: 'active',
  conditions: { ref_name: { include: ['refs/tags/*@*', 'refs/tags/*#*'], exclude: [] } },
  rules: [{ type: 'update' }, { type: 'deletion' }],
  bypass_actors: [],
}

/** GitHub's answers for a repository with which nothing is wrong, in the shapes that its API documents. */
export const healthy: GitHubFacts = {
  repository: {
    full_name: 'acme/models',
    default_branch: 'main',
    private: false,
    archived: false,
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
  },
  actions: { known: { enabled: true, allowed_actions: 'all', sha_pinning_required: true } },
  selectedActions: null,
  workflowPermissions: { known: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: true } },
  forkApproval: { known: { approval_policy: 'all_external_contributors' } },
  forkSettings: null,
  retention: { known: { days: 90 } },
  environments: { known: [environment, rollback] },
  branchRules: {
    known: [
      { type: 'pull_request', parameters: { required_approving_review_count: 1 } },
      {
        type: 'required_status_checks',
        parameters: {
          required_status_checks: [{ context: 'model: toy' }],
          strict_required_status_checks_policy: false,
        },
      },
    ],
  },
  branch: { known: { protected: true, requiredChecks: [] } },
  tagRulesets: { known: [ruleset] },
  runners: { known: [] },
  organizationRunners: null,
  workflows: { known: paths.map((path) => ({ path, state: 'active' as const })) },
  lastScheduled: { '.github/workflows/drift.yml': { known: '2026-03-02T05:31:00Z' } },
}

/** A repository with which nothing is wrong, but for what is given. */
export function facts(local: Partial<Facts> = {}, github: Partial<GitHubFacts> = {}): Facts {
  return {
    models: [model],
    modelProblems: [],
    missing: [],
    workflows,
    traps: { known: [] },
    github: { known: { ...healthy, ...github } },
    isRefused: false,
    now: new Date('2026-03-02T12:00:00Z'),
    ...local,
  }
}
