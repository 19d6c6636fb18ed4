import type { Trap } from '@modelyard/registry'
import type { Model, Problem } from '@modelyard/spec'
import type { components } from '@octokit/openapi-types'
import type { Looked } from './finding.ts'
import type { WorkflowFile } from './workflow-file.ts'

type Schema = components['schemas']

/** All that the diagnosis stands on. */
export interface Facts {
  models: Model[]
  /** What is wrong with the model files. */
  modelProblems: Problem[]
  /** Files that a model file names and that are not there, by the key that names them. */
  missing: Array<{ model: string; key: string; file: string }>
  workflows: WorkflowFile[]
  /** What is odd about the tags and logs of the models. */
  traps: Looked<Trap[]>
  /** Why GitHub was not asked, as the end of a sentence; or what it said. */
  github: Looked<GitHubFacts>
  /** Whether GitHub was asked, and refused or could not be reached. */
  isRefused: boolean
  now: Date
}

/** What GitHub says, in the shapes that it documents. */
export interface GitHubFacts {
  repository: Pick<Schema['full-repository'], 'full_name' | 'default_branch' | 'private' | 'archived' | 'permissions'>
  actions: Looked<
    Pick<Schema['actions-repository-permissions'], 'enabled' | 'allowed_actions' | 'sha_pinning_required'>
  >
  /** Read only where not all actions are allowed. */
  selectedActions: Looked<Schema['selected-actions']> | null
  workflowPermissions: Looked<Schema['actions-get-default-workflow-permissions']>
  /** Of a public repository. */
  forkApproval: Looked<Schema['actions-fork-pr-contributor-approval']> | null
  /** Of a private repository. */
  forkSettings: Looked<Schema['actions-fork-pr-workflows-private-repos']> | null
  retention: Looked<Pick<Schema['actions-artifact-and-log-retention-response'], 'days'>>
  environments: Looked<EnvironmentFacts[]>
  /** Rules of all rulesets that hold for the default branch, and whether the branch is protected the classic way. */
  branchRules: Looked<Array<{ type: string; parameters?: unknown }>>
  branch: Looked<{ protected: boolean; requiredChecks: string[] }>
  tagRulesets: Looked<RulesetFacts[]>
  runners: Looked<RunnerFacts[]>
  /** Those of the organization that owns the repository; null where it is a person's. */
  organizationRunners: Looked<RunnerFacts[]> | null
  workflows: Looked<Array<Pick<Schema['workflow'], 'path' | 'state'>>>
  /** When the newest scheduled run of a workflow was made, by the workflow's path; null where there was none. */
  lastScheduled: Record<string, Looked<string | null>>
}

export type EnvironmentFacts = Pick<Schema['environment'], 'name' | 'protection_rules' | 'deployment_branch_policy'> & {
  /** Patterns of the branches that may deploy to it, where it has a list of its own. */
  branches: Looked<string[]> | null
}

export type RulesetFacts = Pick<
  Schema['repository-ruleset'],
  'name' | 'enforcement' | 'conditions' | 'rules' | 'bypass_actors'
>

export interface RunnerFacts {
  name: string
  status: string
  labels: string[]
}
