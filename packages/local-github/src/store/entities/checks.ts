import type { Conclusion } from './actions.ts'

export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column: number | null
  readonly end_column: number | null
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly title: string | null
  readonly message: string
  readonly raw_details: string | null
}

/** The check runs that one app has for one commit. A workflow run is a suite of its own, with the run's id. */
export interface CheckSuite {
  readonly id: number
  readonly repo: number
  readonly headSha: string
  readonly headBranch: string | null
  /** Asked for again: queued until a check run of it changes. */
  readonly rerequested: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export interface CheckRun {
  readonly id: number
  readonly repo: number
  /** Its check suite; that of a job's check run is the workflow run. */
  readonly suite?: number
  readonly headSha: string
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending'
  readonly conclusion: Conclusion | 'neutral' | 'timed_out' | 'action_required' | null
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly externalId: string
  readonly detailsUrl: string | null
  readonly title: string | null
  readonly summary: string | null
  readonly text: string | null
  readonly annotations: readonly Annotation[]
  readonly actions?: readonly CheckAction[]
}

/** A button that a check run offers. */
export interface CheckAction {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export interface Status {
  readonly id: number
  readonly repo: number
  readonly sha: string
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly user: string
  readonly createdAt: string
}
