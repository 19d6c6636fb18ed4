import { invalid } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Issue, Repository } from '../store/entities.ts'
import { findLabel } from './find.ts'

type Query = Partial<Record<string, string>>

/** The issues and pull requests that a query asks for, in its order. */
export function listIssues(hub: Hub, repo: Repository, query: Query): Issue[] {
  const { state = 'open', sort = 'created', direction = 'desc' } = query
  const since = timeOf(query.since)
  const labels = query.labels?.split(',').map((name) => findLabel(hub, repo, name.trim())?.id)
  const milestone = milestoneTest(hub, repo, query.milestone)
  const rows = hub.store.issues.filter(
    (row) =>
      row.repo === repo.id &&
      (state === 'all' || row.state === state) &&
      (labels ?? []).every((id) => id !== undefined && row.labels.includes(id)) &&
      (query.creator === undefined || sameLogin(row.user, query.creator)) &&
      (query.mentioned === undefined || mentions(row, query.mentioned)) &&
      (since === undefined || new Date(row.updatedAt) >= since) &&
      assigneeFits(row, query.assignee) &&
      milestone(row) &&
      // Where issues are switched off, pull requests are left.
      (row.pull !== undefined || repo.settings.has_issues),
  )
  const comments = (issue: Issue) => hub.store.comments.filter((row) => row.issue === issue.id).length
  if (sort === 'updated') rows.sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
  else if (sort === 'comments') rows.sort((a, b) => comments(a) - comments(b))
  return direction === 'asc' ? rows : rows.reverse()
}

/** The time of a `since`; refused where it is none. */
export function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw invalid('Issue', 'invalid', 'since')
  return time
}

/** `*`: anybody, `none`: nobody. */
function assigneeFits({ assignees }: Issue, wanted: string | undefined): boolean {
  if (wanted === undefined) return true
  if (wanted === '*') return assignees.length > 0
  return wanted === 'none' ? assignees.length === 0 : assignees.some((login) => sameLogin(login, wanted))
}

function milestoneTest(hub: Hub, repo: Repository, wanted: string | undefined): (issue: Issue) => boolean {
  if (wanted === undefined) return () => true
  if (wanted === '*') return ({ milestone }) => milestone !== null
  if (wanted === 'none') return ({ milestone }) => milestone === null
  const found = hub.store.milestones.find((row) => row.repo === repo.id && row.number === Number(wanted))
  if (!found) throw invalid('Issue', 'invalid', 'milestone')
  return ({ milestone }) => milestone === found.id
}

const sameLogin = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const mentions = ({ body }: Issue, login: string) =>
  [...(body ?? '').matchAll(/(?<![\w`])@([A-Za-z\d-]+)/g)].some(([, name]) => sameLogin(name!, login))
