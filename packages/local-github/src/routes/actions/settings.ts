import { type App, bodyOf, type Ctx, repoOf, stated } from '../../http/app.ts'
import { ApiError, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { repoApi } from '../../shapes/common.ts'
import { actionsSettings, MAX_RETENTION_DAYS, setActionsSettings } from '../../store/actions-settings.ts'
import type { ActionsSettings, Repository } from '../../store/entities.ts'

type Settings = Omit<ActionsSettings, 'id' | 'repo'>

/** What a repository's settings say of its workflows. */
export function addActionsSettingsRoutes(app: App, hub: Hub): void {
  const adminOf = (c: Ctx) => repoOf(hub, c, 'administration', 'admin')

  app.get('/repos/:owner/:repo/actions/permissions', (c) => {
    const repo = adminOf(c)
    const { enabled, allowed_actions, sha_pinning_required } = actionsSettings(hub.store, repo.id)
    if (!enabled) return c.json({ enabled })
    const selected_actions_url = `${repoApi(hub, repo)}/actions/permissions/selected-actions`
    const selected = allowed_actions === 'selected' ? { selected_actions_url } : {}
    return c.json({ enabled, allowed_actions, ...selected, sha_pinning_required })
  })

  app.put('/repos/:owner/:repo/actions/permissions', async (c) => {
    const repo = adminOf(c)
    const { enabled, allowed_actions, sha_pinning_required } = await bodyOf<Settings>(c)
    setActionsSettings(hub.store, repo.id, stated({ enabled, allowed_actions, sha_pinning_required }))
    return c.body(null, 204)
  })

  /** Only where actions are chosen one by one there is a list of them. */
  const chosenOf = (repo: Repository) => {
    const settings = actionsSettings(hub.store, repo.id)
    if (settings.allowed_actions !== 'selected') throw new ApiError(409, 'Conflict')
    const { github_owned_allowed, verified_allowed, patterns_allowed } = settings
    return { github_owned_allowed, verified_allowed, patterns_allowed }
  }

  app.get('/repos/:owner/:repo/actions/permissions/selected-actions', (c) => c.json(chosenOf(adminOf(c))))

  app.put('/repos/:owner/:repo/actions/permissions/selected-actions', async (c) => {
    const repo = adminOf(c)
    const { github_owned_allowed, verified_allowed, patterns_allowed } = await bodyOf<Settings>(c)
    chosenOf(repo)
    setActionsSettings(hub.store, repo.id, stated({ github_owned_allowed, verified_allowed, patterns_allowed }))
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/permissions/workflow', (c) => {
    const settings = actionsSettings(hub.store, adminOf(c).id)
    const { default_workflow_permissions, can_approve_pull_request_reviews } = settings
    return c.json({ default_workflow_permissions, can_approve_pull_request_reviews })
  })

  app.put('/repos/:owner/:repo/actions/permissions/workflow', async (c) => {
    const repo = adminOf(c)
    const { default_workflow_permissions, can_approve_pull_request_reviews } = await bodyOf<Settings>(c)
    setActionsSettings(hub.store, repo.id, stated({ default_workflow_permissions, can_approve_pull_request_reviews }))
    return c.body(null, 204)
  })

  const privateOf = (c: Ctx) => {
    const repo = adminOf(c)
    if (!repo.private) throw unprocessable('Access policy only applies to internal and private repositories.')
    return repo
  }

  app.get('/repos/:owner/:repo/actions/permissions/access', (c) => {
    const { access_level } = actionsSettings(hub.store, privateOf(c).id)
    return c.json({ access_level })
  })

  app.put('/repos/:owner/:repo/actions/permissions/access', async (c) => {
    const repo = privateOf(c)
    const { access_level } = await bodyOf<Settings>(c)
    setActionsSettings(hub.store, repo.id, stated({ access_level }))
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/permissions/fork-pr-contributor-approval', (c) => {
    const { approval_policy } = actionsSettings(hub.store, adminOf(c).id)
    return c.json({ approval_policy })
  })

  app.put('/repos/:owner/:repo/actions/permissions/fork-pr-contributor-approval', async (c) => {
    const repo = adminOf(c)
    const { approval_policy } = await bodyOf<Settings>(c)
    setActionsSettings(hub.store, repo.id, stated({ approval_policy }))
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/permissions/artifact-and-log-retention', (c) => {
    const { retention_days: days } = actionsSettings(hub.store, adminOf(c).id)
    return c.json({ days, maximum_allowed_days: MAX_RETENTION_DAYS })
  })

  app.put('/repos/:owner/:repo/actions/permissions/artifact-and-log-retention', async (c) => {
    const repo = adminOf(c)
    const { days = 0 } = await bodyOf<{ days: number }>(c)
    if (days < 1 || days > MAX_RETENTION_DAYS)
      throw unprocessable(`Retention days must be between 1 and ${MAX_RETENTION_DAYS}.`)
    setActionsSettings(hub.store, repo.id, { retention_days: days })
    return c.body(null, 204)
  })
}
