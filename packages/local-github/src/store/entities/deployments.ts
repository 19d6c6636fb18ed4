export interface Deployment {
  readonly id: number
  readonly repo: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string | null
  readonly payload: unknown
  readonly production: boolean
  readonly transient: boolean
  readonly user: string
  readonly createdAt: string
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
  readonly id: number
  readonly repo: number
  readonly deployment: number
  readonly state: DeploymentState
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly user: string
  readonly createdAt: string
}

export interface Environment {
  readonly id: number
  readonly repo: number
  readonly name: string
  /** Logins; at most six. */
  readonly reviewers: readonly string[]
  readonly preventSelfReview: boolean
  readonly waitTimer: number
  /** Null: every branch and tag may deploy. `[]`: protected branches only (here: none). */
  readonly branchPolicy: { protected: boolean; patterns: string[] } | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Approval {
  readonly id: number
  readonly run: number
  /** A re-run has to be approved again. */
  readonly attempt: number
  readonly environment: string
  readonly state: 'approved' | 'rejected'
  readonly user: string
  readonly comment: string
}
