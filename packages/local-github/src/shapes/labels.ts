import type { Label, Milestone, Repository } from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'

export function labelShape(shaping: Shaping, repo: Repository, label: Label) {
  const { id, name, color, description } = label
  return {
    id,
    node_id: nodeId('Label', id),
    url: `${repoApi(shaping, repo)}/labels/${encodeURIComponent(name)}`,
    name,
    color,
    default: label.default,
    description,
  }
}

export function milestoneShape(shaping: Shaping, repo: Repository, milestone: Milestone) {
  const { id, number, title, description, state, dueOn, creator, createdAt, updatedAt, closedAt } = milestone
  const url = `${repoApi(shaping, repo)}/milestones/${number}`
  const count = (wanted: 'open' | 'closed') =>
    shaping.store.issues.filter((row) => row.milestone === id && row.state === wanted).length
  return {
    url,
    html_url: `${repoHtml(shaping, repo)}/milestone/${number}`,
    labels_url: `${url}/labels`,
    id,
    node_id: nodeId('Milestone', id),
    number,
    title,
    description,
    creator: simpleUser(shaping, creator),
    open_issues: count('open'),
    closed_issues: count('closed'),
    state,
    created_at: createdAt,
    updated_at: updatedAt,
    due_on: dueOn,
    closed_at: closedAt,
  }
}
