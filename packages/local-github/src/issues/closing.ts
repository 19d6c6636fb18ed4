import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { setState } from './changes.ts'
import { record } from './history.ts'

// «Fixes #1», «closes: acme/model#2», «Resolves https://github.com/acme/model/issues/3»
const KEYWORD =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:(?:https?:\/\/[^\s/]+\/)?([\w.-]+\/[\w.-]+)?(?:#|\/issues\/))(\d+)\b/gi

/** The numbers of the issues of a repository (`acme/model`) that a text says it closes. */
export function closedBy(text: string, repository: string): number[] {
  const numbers = [...text.matchAll(KEYWORD)]
    .filter(([, named]) => named === undefined || named.toLowerCase() === repository.toLowerCase())
    .map(([, , number]) => Number(number))
  return [...new Set(numbers)]
}

/** Closes what a text of the default branch says it closes: a commit's message, or a merged pull request's. */
export async function closeNamed(
  hub: Hub,
  repo: Repository,
  by: Principal,
  text: string,
  commit: string | null,
): Promise<void> {
  for (const number of closedBy(text, `${repo.owner}/${repo.name}`)) {
    const issue = hub.store.issues.find((row) => row.repo === repo.id && row.number === number)
    // Of pull requests only the branch says whether they are merged.
    if (!issue || issue.pull || issue.state === 'closed') continue
    if (commit !== null) record(hub, by, issue, 'referenced', {}, commit)
    await setState({ hub, repo, by, issue }, 'closed', 'completed', commit)
  }
}
