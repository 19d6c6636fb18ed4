import type { Hub } from '../hub.ts'
import type { Issue } from '../store/entities.ts'

/** A new open issue, or pull request, about which nothing was said yet. */
export function insertIssue(
  { store, clock }: Hub,
  given: Pick<Issue, 'repo' | 'number' | 'title' | 'body' | 'user' | 'pull'>,
): Issue {
  const at = clock.now()
  return store.issues.insert({
    ...given,
    ...{ state: 'open', stateReason: null, labels: [], assignees: [], milestone: null },
    ...{ locked: false, lockReason: null, createdAt: at, updatedAt: at, closedAt: null, closedBy: null },
  })
}
