/** People, teams and apps, by login and slug. */
export interface Actors {
  readonly users: readonly string[]
  readonly teams: readonly string[]
  readonly apps: readonly string[]
}

export interface RequiredReviews {
  readonly count: number
  readonly dismissStale: boolean
  readonly codeOwners: boolean
  readonly lastPush: boolean
  /** Who may dismiss reviews; null: whoever may write. */
  readonly dismissal: Actors | null
  /** Who needs no pull request. */
  readonly bypass: Actors | null
}

export interface RequiredCheck {
  readonly context: string
  /** The app that must have set it; null: any. */
  readonly app_id: number | null
}

/** Classic protection of one branch. */
export interface BranchProtection {
  readonly id: number
  readonly repo: number
  readonly branch: string
  readonly checks: { readonly strict: boolean; readonly required: readonly RequiredCheck[] } | null
  readonly reviews: RequiredReviews | null
  /** Who may push; null: whoever may write. */
  readonly restrictions: Actors | null
  readonly enforceAdmins: boolean
  readonly signatures: boolean
  readonly linearHistory: boolean
  readonly forcePushes: boolean
  readonly deletions: boolean
  readonly blockCreations: boolean
  readonly conversationResolution: boolean
  readonly lockBranch: boolean
  readonly forkSyncing: boolean
}
