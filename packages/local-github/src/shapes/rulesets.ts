import type { Repository, Ruleset } from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, type Shaping } from './common.ts'

/** A ruleset as lists show it. */
export function rulesetShape(shaping: Shaping, repo: Repository, ruleset: Ruleset) {
  const { id, name, target, enforcement, createdAt, updatedAt } = ruleset
  return {
    ...{ id, name, target, enforcement },
    source_type: 'Repository',
    source: `${repo.owner}/${repo.name}`,
    node_id: nodeId('RepositoryRuleset', id),
    _links: {
      self: { href: `${repoApi(shaping, repo)}/rulesets/${id}` },
      html: { href: `${repoHtml(shaping, repo)}/rules/${id}` },
    },
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

export type CanBypass = 'always' | 'pull_requests_only' | 'never'

/** One ruleset with what it says; whom it does not hold is told to those alone who may change it. */
export function fullRulesetShape(
  shaping: Shaping,
  repo: Repository,
  ruleset: Ruleset,
  asker: { administers: boolean; canBypass: CanBypass },
) {
  const { include = [], exclude = [] } = ruleset.conditions.ref_name ?? {}
  return {
    ...rulesetShape(shaping, repo, ruleset),
    conditions: { ref_name: { include, exclude } },
    rules: ruleset.rules,
    ...(asker.administers ? { bypass_actors: ruleset.bypass_actors } : {}),
    current_user_can_bypass: asker.canBypass,
  }
}
