export interface PullPart {
  readonly headRepo: number
  readonly headRef: string
  readonly headSha: string
  readonly baseRef: string
  readonly baseSha: string
  readonly draft: boolean
  readonly mergedAt: string | null
  readonly mergedBy: string | null
  /** The commit of `refs/pull/N/merge`, or of the merge once it happened; null when the branches conflict. */
  readonly mergeSha: string | null
}

/** An issue, or a pull request when `pull` is there: both share one sequence of numbers. */
export interface Issue {
  readonly id: number
  readonly repo: number
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly user: string
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
  readonly pull?: PullPart
}

export interface Comment {
  readonly id: number
  readonly repo: number
  readonly issue: number
  readonly user: string
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Review {
  readonly id: number
  readonly repo: number
  readonly issue: number
  readonly user: string
  readonly body: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  readonly commit: string
  readonly submittedAt: string
}
