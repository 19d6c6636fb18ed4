import type { Commit } from '../git/commits.ts'
import type { Repository } from '../store/entities.ts'

interface Merged {
  repo: Repository
  number: number
  title: string
  body: string | null
  /** `owner/branch` */
  head: string
  /** The pull request's own, oldest first. */
  commits: readonly Commit[]
}

/** The message of a merge or a squash, as the repository's settings say; what was asked for goes before that. */
export function mergeMessage(
  { repo, number, title, body, head, commits }: Merged,
  method: 'merge' | 'squash',
  asked: { title?: string | undefined; message?: string | undefined },
): string {
  const { settings } = repo
  const only = commits.length === 1 ? split(commits[0]!.message) : undefined
  const titles = {
    PR_TITLE: method === 'squash' ? `${title} (#${number})` : title,
    MERGE_MESSAGE: `Merge pull request #${number} from ${head}`,
    COMMIT_OR_PR_TITLE: `${only?.title ?? title} (#${number})`,
  }
  const messages = {
    PR_BODY: body ?? '',
    PR_TITLE: title,
    BLANK: '',
    COMMIT_MESSAGES: only ? only.body : commits.map(({ message }) => `* ${message}`).join('\n\n'),
  }
  const prefix = method === 'squash' ? 'squash_merge_commit' : 'merge_commit'
  const first = asked.title ?? titles[settings[`${prefix}_title`]]
  const rest = asked.message ?? messages[settings[`${prefix}_message`]]
  return [first, rest].filter(Boolean).join('\n\n')
}

function split(message: string): { title: string; body: string } {
  const end = message.indexOf('\n')
  return end < 0 ? { title: message, body: '' } : { title: message.slice(0, end), body: message.slice(end).trim() }
}
