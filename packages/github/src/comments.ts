import { at, type GitHub } from './connect.ts'
import { hasStatus } from './errors.ts'

export interface Comment {
  url: string
  id: number
  /** False where the comment said this already and nothing was written. */
  changed: boolean
}

interface Found {
  id: number
  html_url: string
  body?: string | undefined
  user: { login: string; type: string } | null
}

/** A comment by its hidden marker, a word of letters, digits and `-_.:/=`. */
interface Marked {
  issue: number
  marker: string
  body: string
}

/**
 * Keeps one comment on an issue or pull request: found by its hidden marker, made where it is missing, updated where it
 * differs. Where two runs made one each at the same time the older stays.
 */
export async function upsertComment(github: GitHub, comment: Marked): Promise<Comment> {
  const find = await finder(github, comment)
  const text = textOf(comment)
  let found = await find()
  if (found.length === 0) {
    await github.octokit.rest.issues.createComment({ ...at(github), issue_number: comment.issue, body: text })
    found = await find()
    const [only] = found
    if (found.length === 1 && only && same(only.body, text)) return { url: only.html_url, id: only.id, changed: true }
  }
  const kept = await keep(github, found, text)
  if (!kept) throw new Error(`the comment ${comment.marker} on #${comment.issue} was written and is not to be found`)
  return kept
}

/** Changes the comment that a marker names; undefined where there is none. */
export async function changeComment(github: GitHub, comment: Marked): Promise<Comment | undefined> {
  const find = await finder(github, comment)
  return keep(github, await find(), textOf(comment))
}

/** Lists this token's own comments of a marker, the oldest first. */
async function finder(github: GitHub, { issue, marker }: Marked): Promise<() => Promise<Found[]>> {
  const isOwn = await ownership(github)
  return async () => {
    const comments = await github.octokit.paginate(github.octokit.rest.issues.listComments, {
      ...at(github),
      issue_number: issue,
      per_page: 100,
    })
    return comments
      .filter((comment) => isOwn(comment.user) && comment.body?.startsWith(hidden(marker)))
      .sort((a, b) => a.id - b.id) as Found[]
  }
}

function hidden(marker: string): string {
  return `<!-- ${marker} -->`
}

function textOf({ marker, body }: Marked): string {
  return `${hidden(marker)}\n${body}`
}

/** Lets the first of these say the text, and takes the others away. */
async function keep(github: GitHub, [kept, ...surplus]: Found[], text: string): Promise<Comment | undefined> {
  if (!kept) return undefined
  for (const { id } of surplus) await remove(github, id)
  if (same(kept.body, text)) return { url: kept.html_url, id: kept.id, changed: surplus.length > 0 }
  const { data } = await github.octokit.rest.issues.updateComment({ ...at(github), comment_id: kept.id, body: text })
  return { url: data.html_url, id: data.id, changed: true }
}

async function remove(github: GitHub, id: number): Promise<void> {
  try {
    await github.octokit.rest.issues.deleteComment({ ...at(github), comment_id: id })
  } catch (error) {
    if (!hasStatus(error, 404)) throw error
  }
}

/**
 * Tells which authors are this token. A person's token knows its login; a workflow's token may not ask, and is one
 * of the bots: nobody without such a token can write as one.
 */
async function ownership(github: GitHub): Promise<(user: Found['user']) => boolean> {
  try {
    const { data } = await github.octokit.rest.users.getAuthenticated()
    return (user) => user?.login === data.login
  } catch (error) {
    if (!hasStatus(error, 403, 404)) throw error
    return (user) => user?.type === 'Bot'
  }
}

/** GitHub gives text back with the line ends that its form sends. */
function same(a: string | undefined, b: string): boolean {
  return a?.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd()
}
