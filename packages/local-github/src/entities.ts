/** What the store remembers. Everything that git knows (commits, trees, branches, tags) is asked of git instead. */

export interface User {
  id: number
  login: string
  type: 'User' | 'Bot'
  token: string
}

export interface Repository {
  id: number
  owner: string
  name: string
  private: boolean
  /** Who may do everything, beside the account it belongs to. */
  admins: string[]
  collaborators: string[]
  defaultBranch: string
  gitDir: string
  /** Id of the repository this one was forked from. */
  parent?: number
  labels: string[]
  /** Whether no refs can be made but branches and tags, as on some other hosts. */
  branchesOnly: boolean
  /** Whether releases that are published from now on never change. */
  immutableReleases: boolean
  createdAt: string
  pushedAt: string
}

export interface PullPart {
  headRepo: number
  headRef: string
  headSha: string
  baseRef: string
  baseSha: string
  draft: boolean
  mergedAt: string | null
  mergedBy: string | null
  /** The commit of `refs/pull/N/merge`, or of the merge once it happened; null when the branches conflict. */
  mergeSha: string | null
}

/** An issue, or a pull request when `pull` is there: both share one sequence of numbers. */
export interface Issue {
  id: number
  repo: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  user: string
  labels: string[]
  assignees: string[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  pull?: PullPart
}

export interface Comment {
  id: number
  repo: number
  issue: number
  user: string
  body: string
  createdAt: string
  updatedAt: string
}

export interface Review {
  id: number
  repo: number
  issue: number
  user: string
  body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  commit: string
  submittedAt: string
}

export interface Annotation {
  path: string
  start_line: number
  end_line: number
  start_column: number | null
  end_column: number | null
  annotation_level: 'notice' | 'warning' | 'failure'
  title: string | null
  message: string
  raw_details: string | null
}

export interface CheckRun {
  id: number
  repo: number
  headSha: string
  name: string
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending'
  conclusion: Conclusion | 'neutral' | 'timed_out' | 'action_required' | null
  startedAt: string | null
  completedAt: string | null
  externalId: string
  detailsUrl: string | null
  title: string | null
  summary: string | null
  text: string | null
  annotations: Annotation[]
}

export interface Status {
  id: number
  repo: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  user: string
  createdAt: string
}

export interface Release {
  id: number
  repo: number
  tag: string
  target: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  immutable: boolean
  user: string
  createdAt: string
  publishedAt: string | null
}

/** What a repository forbids about its refs, as it was given. */
export interface Ruleset {
  id: number
  repo: number
  name: string
  target: 'branch' | 'tag' | 'push'
  enforcement: 'active' | 'disabled' | 'evaluate'
  conditions: { ref_name?: { include?: string[]; exclude?: string[] } }
  rules: Array<{ type: string }>
  bypass_actors: Array<{ actor_id: number | null; actor_type: string; bypass_mode: 'always' | 'pull_request' }>
  createdAt: string
}

export interface Asset {
  id: number
  repo: number
  release: number
  name: string
  label: string | null
  contentType: string
  size: number
  digest: string
  file: string
  downloads: number
  user: string
  createdAt: string
}

export interface Deployment {
  id: number
  repo: number
  sha: string
  ref: string
  task: string
  environment: string
  description: string | null
  payload: unknown
  production: boolean
  transient: boolean
  user: string
  createdAt: string
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success'
  | 'waiting'

export interface DeploymentStatus {
  id: number
  repo: number
  deployment: number
  state: DeploymentState
  description: string
  environment: string
  environmentUrl: string
  logUrl: string
  user: string
  createdAt: string
}

export interface Environment {
  id: number
  repo: number
  name: string
  /** Logins; at most six. */
  reviewers: string[]
  preventSelfReview: boolean
  waitTimer: number
  /** Null: every branch and tag may deploy. `[]`: protected branches only (here: none). */
  branchPolicy: { protected: boolean; patterns: string[] } | null
  createdAt: string
  updatedAt: string
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'
export type RunStatus = 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'

export interface Workflow {
  id: number
  repo: number
  path: string
  name: string
  createdAt: string
}

export interface Run {
  id: number
  repo: number
  workflow: number
  name: string
  title: string
  number: number
  attempt: number
  event: string
  payload: Record<string, unknown>
  /** The commit the jobs see (`GITHUB_SHA`): the merge commit of a pull request, else the head. */
  sha: string
  ref: string
  headSha: string
  headBranch: string | null
  headRepo: number
  baseRef: string
  pulls: number[]
  actor: string
  triggeringActor: string
  inputs: Record<string, string | boolean | number>
  /** The text of the workflow file at the commit it was read from. */
  source: string
  status: RunStatus
  conclusion: Conclusion | null
  /** Why the run failed before any job: the workflow file does not parse. */
  message: string | null
  fork: boolean
  createdAt: string
  startedAt: string
  updatedAt: string
}

export interface Step {
  name: string
  number: number
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | null
  startedAt: string | null
  completedAt: string | null
}

export interface Job {
  /** Also the id of the job's check run. */
  id: number
  repo: number
  run: number
  attempt: number
  /** The job's key in the workflow file. */
  key: string
  name: string
  labels: string[]
  matrix: Record<string, unknown> | null
  strategy: { 'fail-fast': boolean; 'job-index': number; 'job-total': number; 'max-parallel': number }
  status: RunStatus
  conclusion: Conclusion | null
  /** What `needs.<key>.result` says: `success` where `continue-on-error` forgives a failure. */
  result: Conclusion | null
  permissions: Record<string, 'read' | 'write' | 'none'>
  environment: string | null
  deployment: number | null
  outputs: Record<string, string>
  steps: Step[]
  log: string
  /** The summaries of the job's steps, in markdown. */
  summary: string
  annotations: Annotation[]
  createdAt: string
  startedAt: string | null
  completedAt: string | null
}

export interface Approval {
  id: number
  run: number
  /** A re-run has to be approved again. */
  attempt: number
  environment: string
  state: 'approved' | 'rejected'
  user: string
  comment: string
}

export interface Artifact {
  id: number
  repo: number
  run: number
  job: number
  name: string
  size: number
  digest: string | null
  file: string
  finalized: boolean
  createdAt: string
  expiresAt: string
}

export interface CacheEntry {
  id: number
  repo: number
  ref: string
  key: string
  version: string
  size: number
  file: string
  finalized: boolean
  createdAt: string
}
