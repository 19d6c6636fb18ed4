import type { ActionsSettings } from './entities.ts'
import type { Store } from './store.ts'

type Settings = Omit<ActionsSettings, 'id' | 'repo'>

/** For how long GitHub keeps what a public repository's runs leave. */
export const MAX_RETENTION_DAYS = 90

/** GitHub's own for a new repository. */
const DEFAULTS: Settings = {
  enabled: true,
  allowed_actions: 'all',
  sha_pinning_required: false,
  github_owned_allowed: false,
  verified_allowed: false,
  patterns_allowed: [],
  access_level: 'none',
  approval_policy: 'first_time_contributors',
  default_workflow_permissions: 'read',
  can_approve_pull_request_reviews: false,
  retention_days: MAX_RETENTION_DAYS,
}

/** What a repository's settings say of its workflows. */
export function actionsSettings({ actionsSettings }: Store, repo: number): Settings {
  return actionsSettings.find((row) => row.repo === repo) ?? DEFAULTS
}

export function setActionsSettings(store: Store, repo: number, changes: Partial<Settings>): void {
  const known = store.actionsSettings.find((row) => row.repo === repo)
  if (known) store.actionsSettings.update(known, changes)
  else store.actionsSettings.insert({ repo, ...DEFAULTS, ...changes })
}
