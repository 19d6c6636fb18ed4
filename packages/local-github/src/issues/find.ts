import { type Ctx, numberParam } from '../http/app.ts'
import { invalid, notFound } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Issue, Label, Repository } from '../store/entities.ts'

export const MAX_BODY = 65_536

/** In bytes. GitHub's refusal speaks of as many characters as there are for certain, with four bytes each. */
const MAX_TITLE = 1024

/** What people may write with: a job needs one of both, as an issue may be a pull request. */
export const BOTH = 'issues|pull-requests'

/** GitHub's limit on what people write: 65,536 characters. */
export function checkBody(resource: string, body: unknown): void {
  if (typeof body !== 'string' || [...body].length <= MAX_BODY) return
  const message = `ody is too long (maximum is ${MAX_BODY} characters)`
  // Of a comment GitHub names a field that is none of the request's.
  if (resource === 'IssueComment') throw invalid(resource, 'unprocessable', 'data', `B${message}`)
  throw invalid(resource, 'custom', 'body', `b${message}`)
}

/** The title of an issue or a pull request, which GitHub both names an issue's. */
export function checkTitle(title: string): void {
  if (Buffer.byteLength(title) <= MAX_TITLE) return
  throw invalid('Issue', 'custom', 'title', `title is too long (maximum is ${MAX_TITLE / 4} characters)`)
}

/** A text that must be there. */
export function demandBody(resource: string, body: string | undefined): string {
  if (body === undefined || body.trim() === '') throw invalid(resource, 'missing_field', 'body')
  checkBody(resource, body)
  return body
}

/** Issues and pull requests are numbered together. */
export function nextNumber(hub: Hub, repo: Repository): number {
  return hub.store.issues.filter((row) => row.repo === repo.id).length + 1
}

/** The issue, or pull request, of the path. */
export function issueOf(hub: Hub, repo: Repository, c: Ctx): Issue {
  const number = numberParam(c, 'number')
  const issue = hub.store.issues.find((row) => row.repo === repo.id && row.number === number)
  if (!issue) throw notFound()
  return issue
}

/** Labels differ by more than the case of their letters. */
export function findLabel(hub: Hub, repo: Repository, name: string): Label | undefined {
  const wanted = name.toLowerCase()
  return hub.store.labels.find((row) => row.repo === repo.id && row.name.toLowerCase() === wanted)
}
