export interface Deployment {
  readonly id: number
  readonly repo: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  /** As it was asked for; a status may name another. */
  readonly originalEnvironment: string
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

/** Who may approve: a person, or anybody in a team; by id. */
export interface Reviewer {
  readonly type: 'User' | 'Team'
  readonly id: number
}

export interface Environment {
  readonly id: number
  readonly repo: number
  readonly name: string
  /** At most six. */
  readonly reviewers: readonly Reviewer[]
  readonly preventSelfReview: boolean
  /** Minutes. */
  readonly waitTimer: number
  /** `protected`: branches with protection rules; `custom`: what its own patterns name. Null: every branch and tag. */
  readonly branchPolicy: 'protected' | 'custom' | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** A pattern of the branches, or tags, that may deploy to an environment. */
export interface DeploymentBranchPolicy {
  readonly id: number
  readonly repo: number
  readonly environment: number
  readonly name: string
  readonly type: 'branch' | 'tag'
}

/** An app that has to allow each deployment to an environment. */
export interface CustomProtectionRule {
  readonly id: number
  readonly repo: number
  readonly environment: number
  /** Id of the app. */
  readonly app: number
}

export interface Approval {
  readonly id: number
  readonly run: number
  /** A re-run has to be approved again. */
  readonly attempt: number
  readonly environment: string
  /** `pending`: an app said how far it is. */
  readonly state: 'approved' | 'rejected' | 'pending'
  /** Id of the app whose rule this is about; missing where a reviewer said it. */
  readonly app?: number
  readonly user: string
  readonly comment: string
}
