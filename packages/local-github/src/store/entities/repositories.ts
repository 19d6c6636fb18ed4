import type { Principal } from '../../http/auth.ts'
import type { Role } from './people.ts'

export interface Repository {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly private: boolean
  /** Those to whom the repository gives a role of their own. */
  readonly collaborators: ReadonlyArray<{ login: string; role: Role }>
  readonly defaultBranch: string
  readonly gitDir: string
  /** Id of the repository this one was forked from. */
  readonly parent?: number | undefined
  /** Whether no refs can be made but branches and tags, as on some other hosts. */
  readonly branchesOnly: boolean
  /** Whether releases that are published from now on never change. */
  readonly immutableReleases: boolean
  readonly settings: RepositorySettings
  readonly topics: readonly string[]
  /** For which apps a push makes a check suite by itself, as it was said; for all others it does. */
  readonly autoTriggerChecks?: ReadonlyArray<{ app_id: number; setting: boolean }>
  /** `owner/name` under which it was known before. */
  readonly formerNames: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly pushedAt: string
}

/** What can be switched about a repository, by the names of the API. */
export interface RepositorySettings {
  readonly description: string | null
  readonly homepage: string | null
  readonly has_issues: boolean
  readonly has_projects: boolean
  readonly has_wiki: boolean
  readonly has_discussions: boolean
  readonly is_template: boolean
  readonly archived: boolean
  readonly allow_squash_merge: boolean
  readonly allow_merge_commit: boolean
  readonly allow_rebase_merge: boolean
  readonly allow_auto_merge: boolean
  readonly allow_update_branch: boolean
  readonly allow_forking: boolean
  readonly delete_branch_on_merge: boolean
  readonly web_commit_signoff_required: boolean
  readonly squash_merge_commit_title: 'PR_TITLE' | 'COMMIT_OR_PR_TITLE'
  readonly squash_merge_commit_message: 'PR_BODY' | 'COMMIT_MESSAGES' | 'BLANK'
  readonly merge_commit_title: 'PR_TITLE' | 'MERGE_MESSAGE'
  readonly merge_commit_message: 'PR_BODY' | 'PR_TITLE' | 'BLANK'
}

/** A change of refs that is under way. */
export interface RefChangeEntry {
  readonly id: number
  readonly repo: number
  readonly by: Principal
  /** Where its refs were, or all of the repository's; ZERO_SHA where there was none. */
  readonly before: ReadonlyArray<{ ref: string; sha: string }>
  /** Whether these are all: a push says only to git what it changes. */
  readonly all?: boolean
  /** Id of the pull request that it merges. */
  readonly merge?: number
}

/** What a repository forbids about its refs, as it was given. */
export interface Ruleset {
  readonly id: number
  readonly repo: number
  readonly name: string
  readonly target: 'branch' | 'tag' | 'push'
  readonly enforcement: 'active' | 'disabled' | 'evaluate'
  readonly conditions: { ref_name?: { include?: string[]; exclude?: string[] } }
  readonly rules: ReadonlyArray<{ type: string; parameters?: Record<string, unknown> }>
  readonly bypass_actors: readonly BypassActor[]
  readonly createdAt: string
  readonly updatedAt: string
}

/** Whom a ruleset does not hold. */
export interface BypassActor {
  readonly actor_id?: number | null
  readonly actor_type: 'Integration' | 'OrganizationAdmin' | 'RepositoryRole' | 'Team' | 'DeployKey' | 'User'
  readonly bypass_mode?: 'always' | 'pull_request' | 'exempt'
}
