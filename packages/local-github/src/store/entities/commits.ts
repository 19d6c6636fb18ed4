/** A comment on a commit, or on a line of its diff. */
export interface CommitComment {
  readonly id: number
  readonly repo: number
  readonly commit: string
  readonly path: string | null
  readonly position: number | null
  readonly line: number | null
  readonly user: string
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
}
