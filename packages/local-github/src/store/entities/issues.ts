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
  /** The base's commit that was last tried to merge with. */
  readonly testedBase: string
  /** Whether the branch of a fork may be pushed to by those who may push to the base repository. */
  readonly maintainerCanModify: boolean
  /** Who was asked for a review and has not given one. */
  readonly reviewers: readonly string[]
  /** The same of teams, by id. */
  readonly reviewTeams: readonly number[]
  /** Who pushed to the head last; who opened it when missing. */
  readonly pushedBy?: string
}

/** An issue, or a pull request when `pull` is there: both share one sequence of numbers. */
export interface Issue {
  readonly id: number
  readonly repo: number
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null
  readonly user: string
  /** Ids of labels. */
  readonly labels: readonly number[]
  readonly assignees: readonly string[]
  /** Id of the milestone. */
  readonly milestone: number | null
  readonly locked: boolean
  readonly lockReason: LockReason | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
  readonly closedBy: string | null
  readonly pull?: PullPart
}

export type LockReason = 'off-topic' | 'too heated' | 'resolved' | 'spam'

export interface Label {
  readonly id: number
  readonly repo: number
  readonly name: string
  /** Six hexadecimal digits. */
  readonly color: string
  readonly description: string | null
  /** Whether it is one of those that every new repository has. */
  readonly default: boolean
}

export interface Milestone {
  readonly id: number
  readonly repo: number
  readonly number: number
  readonly title: string
  readonly description: string | null
  readonly state: 'open' | 'closed'
  readonly dueOn: string | null
  readonly creator: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
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

export type ReactionContent = '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes'

/** What can be reacted to. */
export type ReactionSubject = 'issue' | 'comment' | 'review_comment' | 'commit_comment' | 'release'

export interface Reaction {
  readonly id: number
  readonly kind: ReactionSubject
  /** Id of what was reacted to. */
  readonly subject: number
  readonly user: string
  readonly content: ReactionContent
  readonly createdAt: string
}

/** One line of the history of an issue. */
export interface IssueEvent {
  readonly id: number
  readonly repo: number
  readonly issue: number
  readonly actor: string
  readonly event: string
  readonly commit: string | null
  readonly createdAt: string
  /** What the event is about, as it was then. */
  readonly about: {
    readonly label?: { name: string; color: string }
    readonly assignee?: string
    readonly milestone?: string
    readonly rename?: { from: string; to: string }
    readonly lockReason?: LockReason | null
    readonly reviewer?: string
    /** Id of the team whose review was asked for. */
    readonly team?: number
    readonly review?: { id: number; state: string; message: string | null; commit?: string }
  }
}

export interface Review {
  readonly id: number
  readonly repo: number
  readonly issue: number
  readonly user: string
  readonly body: string
  /** `PENDING`: seen by its author only, until it is submitted. */
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'PENDING' | 'DISMISSED'
  readonly commit: string
  readonly submittedAt: string | null
  readonly updatedAt: string
}

/** The old file's lines, or the new one's. */
export type Side = 'LEFT' | 'RIGHT'

/** Where in a file's diff a comment stands; lines are numbered from 1. */
export interface DiffPlace {
  readonly line: number
  readonly side: Side
  /** Of a comment on several lines, the first. */
  readonly startLine: number | null
  readonly startSide: Side | null
  /** How many lines below the file's first `@@`. */
  readonly position: number
}

export interface ReviewComment {
  readonly id: number
  readonly repo: number
  readonly issue: number
  readonly review: number
  readonly user: string
  readonly body: string
  readonly path: string
  /** The diff from the hunk's `@@` down to the line. */
  readonly diffHunk: string
  /** The commit it was written on, and the place there; null where it is about the whole file. */
  readonly originalCommit: string
  readonly original: DiffPlace | null
  /** The newest commit of which the line still is part, and the place there; null where it is part of the diff no more. */
  readonly commit: string
  readonly place: DiffPlace | null
  readonly inReplyTo: number | null
  readonly createdAt: string
  readonly updatedAt: string
}
