import { stated } from '../../http/app.ts'
import { invalid } from '../../http/errors.ts'
import type { RepositorySettings } from '../../store/entities.ts'

export type GivenSettings = RepositorySettings & {
  private: boolean
  visibility: 'public' | 'private'
}

const MAX_DESCRIPTION = 350

/** Of a request about a repository, the settings that it changes. */
export function settingsOf(body: Partial<GivenSettings>): Partial<RepositorySettings> {
  if ([...(body.description ?? '')].length > MAX_DESCRIPTION) {
    const message = `description cannot be more than ${MAX_DESCRIPTION} characters`
    throw invalid('Repository', 'custom', 'description', message)
  }
  return stated({
    description: body.description,
    homepage: body.homepage,
    has_issues: body.has_issues,
    has_projects: body.has_projects,
    has_wiki: body.has_wiki,
    has_discussions: body.has_discussions,
    is_template: body.is_template,
    archived: body.archived,
    allow_squash_merge: body.allow_squash_merge,
    allow_merge_commit: body.allow_merge_commit,
    allow_rebase_merge: body.allow_rebase_merge,
    allow_auto_merge: body.allow_auto_merge,
    allow_update_branch: body.allow_update_branch,
    allow_forking: body.allow_forking,
    delete_branch_on_merge: body.delete_branch_on_merge,
    web_commit_signoff_required: body.web_commit_signoff_required,
    squash_merge_commit_title: body.squash_merge_commit_title,
    squash_merge_commit_message: body.squash_merge_commit_message,
    merge_commit_title: body.merge_commit_title,
    merge_commit_message: body.merge_commit_message,
  }) as Partial<RepositorySettings>
}

/** Whether a request wants a private repository; undefined where it does not say. */
export function privacyOf({ visibility, private: isPrivate }: Partial<GivenSettings>): boolean | undefined {
  return visibility === undefined ? isPrivate : visibility === 'private'
}

/** Which messages go with which titles. */
const MERGE_MESSAGES = { PR_TITLE: ['PR_BODY', 'BLANK'], MERGE_MESSAGE: ['PR_TITLE'] }
const SQUASH_MESSAGES = { PR_TITLE: ['PR_BODY', 'BLANK', 'COMMIT_MESSAGES'], COMMIT_OR_PR_TITLE: ['COMMIT_MESSAGES'] }

/** Refuses settings under which nothing could be merged. */
export function demandMergeable(settings: RepositorySettings): void {
  const { allow_merge_commit, allow_squash_merge, allow_rebase_merge } = settings
  if (!allow_merge_commit && !allow_squash_merge && !allow_rebase_merge) {
    const message = 'Sorry, you need to allow at least one merge strategy. (no_merge_method)'
    throw invalid('Repository', 'invalid', 'merge_commit_allowed', message)
  }
  if (!MERGE_MESSAGES[settings.merge_commit_title].includes(settings.merge_commit_message))
    throw invalid('Repository', 'invalid', 'merge_commit_message')
  if (!SQUASH_MESSAGES[settings.squash_merge_commit_title].includes(settings.squash_merge_commit_message))
    throw invalid('Repository', 'invalid', 'squash_merge_commit_message')
}
