import { commitShape, readCommit } from '../../git/commits.ts'
import { commitTree, git, type Person, resolve, ZERO_SHA } from '../../git/git.ts'
import { writeObject } from '../../git/loose.ts'
import { GITHUB, personNamed } from '../../git/people.ts'
import { isRefName } from '../../git/ref-names.ts'
import { changeRef } from '../../git/refs.ts'
import { signPayload } from '../../git/signing.ts'
import { findEntry, isPath } from '../../git/tree.ts'
import { writeTree } from '../../git/trees.ts'
import { type App, bodyOf, type Ctx, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { demandRefChange } from '../../rules/refs.ts'
import { entryShape } from '../../shapes/contents.ts'
import type { Repository } from '../../store/entities.ts'

interface Given {
  message: string
  content: string
  sha: string
  branch: string
  author: Person
  committer: Person
}

/** One file written or deleted by a commit of its own. */
export function addContentWriteRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/contents/:path{.+}'

  app.put(path, async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const path = pathOf(c)
    const body = await bodyOf<Given>(c)
    const bytes = decode(body.content!)
    return hub.lockRefs(repo, async () => {
      const { branch, before, entry } = await present(repo, path, body)
      if (entry && body.sha === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
      if (body.sha !== undefined && entry?.sha !== body.sha) throw changed(path, body.sha)
      const blob = await writeObject(repo.gitDir, 'blob', bytes)
      const mode = entry?.mode ?? '100644'
      const tree = await writeTree(repo, [{ path, mode, type: 'blob', sha: blob }], before)
      const commit = await commitOn(c, repo, branch, before, tree, body)
      const written = { path, mode, type: 'blob' as const, sha: blob, size: bytes.length }
      return c.json({ content: entryShape(hub, repo, written, branch), commit }, entry ? 200 : 201)
    })
  })

  app.delete(path, async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const path = pathOf(c)
    const body = await bodyOf<Given>(c)
    return hub.lockRefs(repo, async () => {
      const { branch, before, entry } = await present(repo, path, body)
      if (!before || !entry) throw notFound()
      if (entry.sha !== body.sha) throw changed(path, body.sha!)
      const tree = await writeTree(repo, [{ path, mode: entry.mode, type: 'blob', sha: null }], before)
      return c.json({ content: null, commit: await commitOn(c, repo, branch, before, tree, body) })
    })
  })

  /** The branch as it is, and what lies at the path; an empty repository has neither. */
  async function present(repo: Repository, path: string, { branch = repo.defaultBranch }: Partial<Given>) {
    const before = await resolve(repo.gitDir, `refs/heads/${branch}`)
    if (before) return { branch, before, entry: await findEntry(repo.gitDir, before, path) }
    const isEmpty = (await git(repo.gitDir, ['for-each-ref', '--count=1', 'refs/heads'])) === ''
    if (!isEmpty || !isRefName(`refs/heads/${branch}`)) throw new ApiError(404, `Branch ${branch} not found`)
    return { branch, before: undefined, entry: undefined }
  }

  async function commitOn(
    c: Ctx,
    repo: Repository,
    branch: string,
    before: string | undefined,
    tree: string,
    { message, author, committer }: Partial<Given>,
  ) {
    const asker = c.get('by')
    const date = hub.clock.now()
    const own = { ...personNamed(hub.store, actor(asker)), date }
    // What an app leaves unnamed GitHub signs for it.
    const isSigned = asker.kind === 'job' && author === undefined && committer === undefined
    const by = {
      author: author ?? committer ?? own,
      committer: isSigned ? { ...GITHUB, date } : (committer ?? own),
    }
    const ref = `refs/heads/${branch}`
    const parents = before ? [before] : []
    const sign = isSigned ? (payload: string) => signPayload(hub.store, payload) : undefined
    const after = await commitTree(repo.gitDir, { tree, parents, message: message!, ...by }, sign)
    const change = { ref, before: before ?? ZERO_SHA, after }
    await demandRefChange(hub, repo, asker, change)
    await changeRef(hub, repo, asker, change)
    const {
      sha,
      node_id,
      html_url,
      parents: shown,
      commit,
    } = commitShape(hub, repo, await readCommit(repo.gitDir, after))
    const { comment_count: _count, ...rest } = commit
    return { sha, node_id, html_url, parents: shown, ...rest }
  }
}

function pathOf(c: Ctx): string {
  const path = c.req.param('path')!
  if (path.startsWith('/')) throw refused('path cannot start with a slash')
  if (!isPath(path)) throw refused('path contains a malformed path component')
  return path
}

function decode(content: string): Buffer {
  const text = content.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
    throw unprocessable('content is not valid Base64')
  return Buffer.from(text, 'base64')
}

const refused = (message: string) =>
  new ApiError(422, message, { errors: [{ resource: 'Commit', code: 'invalid', field: 'path' }] })

const changed = (path: string, sha: string) => new ApiError(409, `${path} does not match ${sha}`)
