import type { Annotation } from './checks.ts'

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'

export type RunStatus = 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'

export interface Workflow {
  readonly id: number
  readonly repo: number
  readonly path: string
  readonly name: string
  readonly createdAt: string
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
  readonly status: RunStatus
  readonly conclusion: Conclusion | null
  /** Why the run failed before any job: the workflow file does not parse. */
  readonly message: string | null
  readonly fork: boolean
  readonly createdAt: string
  readonly startedAt: string
  readonly updatedAt: string
}

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
  readonly key: string
  readonly version: string
  readonly size: number
  readonly file: string
  readonly finalized: boolean
  readonly createdAt: string
}
