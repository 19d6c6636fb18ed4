export interface Repository {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly private: boolean
  /** Who may do everything, beside the account it belongs to. */
  readonly admins: readonly string[]
  readonly collaborators: readonly string[]
  readonly defaultBranch: string
  readonly gitDir: string
  /** Id of the repository this one was forked from. */
  readonly parent?: number
  readonly labels: readonly string[]
  /** Whether no refs can be made but branches and tags, as on some other hosts. */
  readonly branchesOnly: boolean
  /** Whether releases that are published from now on never change. */
  readonly immutableReleases: boolean
  readonly createdAt: string
  readonly pushedAt: string
}

/** What a repository forbids about its refs, as it was given. */
export interface Ruleset {
  readonly id: number
  readonly repo: number
  readonly name: string
  readonly target: 'branch' | 'tag' | 'push'
  readonly enforcement: 'active' | 'disabled' | 'evaluate'
  readonly conditions: { ref_name?: { include?: string[]; exclude?: string[] } }
  readonly rules: ReadonlyArray<{ type: string }>
  readonly bypass_actors: ReadonlyArray<{
    actor_id: number | null
    actor_type: string
    bypass_mode: 'always' | 'pull_request'
  }>
  readonly createdAt: string
}
