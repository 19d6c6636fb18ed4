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

export interface CheckRun {
  readonly id: number
  readonly repo: number
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
