import type { Annotation } from './checks.ts'

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'

export type RunStatus = 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'

export interface Workflow {
  readonly id: number
  readonly repo: number
  readonly path: string
  readonly name: string
  readonly state: 'active' | 'disabled_manually' | 'disabled_inactivity' | 'disabled_fork'
  readonly createdAt: string
  /** When its state changed last. */
  readonly updatedAt: string
}

export interface Run {
  readonly id: number
  readonly repo: number
  readonly workflow: number
  readonly name: string
  readonly title: string
  readonly number: number
  readonly attempt: number
  readonly event: string
  readonly payload: Record<string, unknown>
  /** The commit the jobs see (`GITHUB_SHA`): the merge commit of a pull request, else the head. */
  readonly sha: string
  readonly ref: string
  readonly headSha: string
  readonly headBranch: string | null
  readonly headRepo: number
  readonly baseRef: string
  readonly pulls: readonly number[]
  readonly actor: string
  readonly triggeringActor: string
  readonly inputs: Record<string, string | boolean | number>
  /** The text of the workflow file at the commit it was read from. */
  readonly source: string
  /** The workflows that it calls, as they were found. */
  readonly called?: readonly CalledFile[]
  readonly status: RunStatus
  /** `action_required`: nothing of it runs until somebody approves it. `startup_failure`: no job could be made. */
  readonly conclusion: Conclusion | 'action_required' | 'startup_failure' | null
  /** Why the run failed before any job: the workflow file does not parse. */
  readonly message: string | null
  /** Somebody cancelled this attempt; its `always()` jobs may go on. */
  readonly cancelled: boolean
  /** Which jobs this attempt runs again, beside those that need them: all, those that failed, or the one of this id. */
  readonly redo: 'all' | 'failed' | number
  /** The jobs of earlier attempts whose results this attempt takes over. */
  readonly kept: readonly number[]
  readonly pastAttempts: readonly PastAttempt[]
  readonly logsDeleted: boolean
  readonly fork: boolean
  readonly createdAt: string
  readonly startedAt: string
  readonly updatedAt: string
}

/** A workflow file that another one calls. */
export interface CalledFile {
  /** `owner/repo/path@ref`; the ref is the caller's commit for one of the same repository. */
  readonly reference: string
  readonly repository: string
  readonly path: string
  /** The branch or tag that the reference names, in full; null where it names a commit. */
  readonly ref: string | null
  readonly sha: string
  readonly text: string
}

/** What a re-run changes about its run, as it was in an attempt before. */
export type PastAttempt = Pick<
  Run,
  'attempt' | 'status' | 'conclusion' | 'triggeringActor' | 'startedAt' | 'updatedAt' | 'kept'
>

export interface Step {
  readonly name: string
  readonly number: number
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: Conclusion | null
  readonly startedAt: string | null
  readonly completedAt: string | null
}

export interface Job {
  /** Also the id of the job's check run. */
  readonly id: number
  readonly repo: number
  readonly run: number
  readonly attempt: number
  /** The job's key in the workflow file. */
  readonly key: string
  readonly name: string
  readonly labels: readonly string[]
  readonly matrix: Record<string, unknown> | null
  readonly strategy: { 'fail-fast': boolean; 'job-index': number; 'job-total': number; 'max-parallel': number }
  readonly status: RunStatus
  readonly conclusion: Conclusion | null
  /** What `needs.<key>.result` says: `success` where `continue-on-error` forgives a failure. */
  readonly result: Conclusion | null
  readonly permissions: Record<string, 'read' | 'write' | 'none'>
  readonly environment: string | null
  readonly deployment: number | null
  /** Makes a deployment of its own (`environment.deployment` is not false). */
  readonly deploys: boolean
  /** A forgiven failure counts as success for others. */
  readonly continueOnError: boolean
  /** Since when it waits for its environment's rules. */
  readonly waitingSince: string | null
  readonly outputs: Record<string, string>
  readonly steps: readonly Step[]
  readonly log: string
  /** The summaries of the job's steps, in markdown. */
  readonly summary: string
  readonly annotations: readonly Annotation[]
  readonly createdAt: string
  readonly startedAt: string | null
  readonly completedAt: string | null
}

export interface Artifact {
  readonly id: number
  readonly repo: number
  readonly run: number
  readonly job: number
  readonly name: string
  readonly size: number
  readonly digest: string | null
  readonly file: string
  readonly finalized: boolean
  readonly createdAt: string
  readonly expiresAt: string
}

export interface CacheEntry {
  readonly id: number
  readonly repo: number
  readonly ref: string
  /** The one that saves it. */
  readonly job: number
  readonly key: string
  readonly version: string
  readonly size: number
  readonly file: string
  readonly finalized: boolean
  readonly createdAt: string
  /** When a job restored it last. */
  readonly accessedAt: string
}

/** A run or a job that holds a concurrency group, waits in its line, or did so. */
export interface Lease {
  readonly id: number
  readonly repo: number
  readonly group: string
  readonly run: number
  readonly attempt: number
  /** Null where the whole run holds the group, or a call of it. */
  readonly job: number | null
  /** The key of the call that holds it. */
  readonly call?: string
  /** `max`: waits in line (up to 100), instead of replacing who waits already. */
  readonly queue: 'single' | 'max'
  readonly cancelInProgress: boolean
  /** When it came first in the line. */
  readonly acquiredAt: string | null
  readonly releasedAt: string | null
}

/** What a repository's settings say of its workflows, as the API names it. */
export interface ActionsSettings {
  readonly id: number
  readonly repo: number
  readonly enabled: boolean
  readonly allowed_actions: 'all' | 'local_only' | 'selected'
  readonly sha_pinning_required: boolean
  readonly github_owned_allowed: boolean
  readonly verified_allowed: boolean
  readonly patterns_allowed: readonly string[]
  readonly access_level: 'none' | 'user' | 'organization'
  readonly approval_policy:
    | 'first_time_contributors_new_to_github'
    | 'first_time_contributors'
    | 'all_external_contributors'
  readonly default_workflow_permissions: 'read' | 'write'
  /** Whether GITHUB_TOKEN may open and approve pull requests. */
  readonly can_approve_pull_request_reviews: boolean
  /** For how long artifacts are kept. */
  readonly retention_days: number
}

/** A self-hosted runner that was announced. Nothing runs on it here. */
export interface SelfHostedRunner {
  readonly id: number
  readonly repo: number
  readonly name: string
  readonly group: number
  readonly labels: readonly string[]
}
