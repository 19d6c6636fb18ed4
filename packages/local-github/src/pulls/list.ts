import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'

const MONTH = 30 * 24 * 3600 * 1000

/** The pull requests that a query asks for, in its order. */
export function listPulls(hub: Hub, repo: Repository, query: Partial<Record<string, string>>): Pull[] {
  const { state = 'open', sort = 'created', head, base } = query
  // Only those in the order of their making come newest first by themselves.
  const direction = query.direction ?? (sort === 'created' ? 'desc' : 'asc')
  const now = hub.clock.time().getTime()
  const rows = hub.store.issues.filter(
    (row) => row.repo === repo.id && row.pull !== undefined && (state === 'all' || row.state === state),
  ) as Pull[]
  const wanted = rows.filter((issue) => {
    const { pull, createdAt, updatedAt } = issue
    const owner = hub.store.repositories.get(pull.headRepo)?.owner
    const isLong = now - Date.parse(createdAt) > MONTH && now - Date.parse(updatedAt) <= MONTH
    return (
      // A head without its owner's name says nothing.
      (!head?.includes(':') || head === `${owner}:${pull.headRef}`) &&
      (!base || base === pull.baseRef) &&
      (sort !== 'long-running' || isLong)
    )
  })
  const comments = (issue: Pull) => hub.store.comments.filter((row) => row.issue === issue.id).length
  if (sort === 'updated') wanted.sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
  else if (sort === 'popularity') wanted.sort((a, b) => comments(a) - comments(b))
  return direction === 'desc' ? wanted.reverse() : wanted
}
