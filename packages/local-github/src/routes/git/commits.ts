import { identity } from '../../git/commit-object.ts'
import { commitTree, type Person } from '../../git/git.ts'
import { writeObject } from '../../git/loose.ts'
import { findObject } from '../../git/objects.ts'
import { GITHUB, personNamed } from '../../git/people.ts'
import { isRefName } from '../../git/ref-names.ts'
import { signPayload } from '../../git/signing.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { gitCommitShape, tagShape } from '../../shapes/git.ts'
import type { Repository } from '../../store/entities.ts'
import { demandContent, SHA } from './objects.ts'

interface GivenCommit {
  message: string
  tree: string
  parents: string[]
  author: Person
  committer: Person
  signature: string
}

/** Objects with somebody's name on them: commits and annotated tags. */
export function addNamedObjectRoutes(app: App, hub: Hub): void {
  app.post('/repos/:owner/:repo/git/commits', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const given = (await bodyOf<GivenCommit>(c)) as GivenCommit
    const { message, signature } = given
    await demandContent(repo)
    if (message.includes('\0')) throw invalid('Commit', 'invalid', 'message')
    const by = c.get('by')
    // What an app leaves unnamed and unsigned GitHub signs for it.
    const isSigned = by.kind === 'job' && !given.author && !given.committer && signature === undefined
    const author = personOf('author', given.author ?? personNamed(hub.store, actor(by)), hub)
    const committer = isSigned
      ? { ...GITHUB, date: author.date }
      : personOf('committer', given.committer ?? author, hub)
    const tree = await whole(repo, given.tree, 'tree', 'Tree SHA does not exist')
    const parents = await Promise.all(
      (given.parents ?? []).map((sha) =>
        whole(repo, sha, 'commit', 'Parent SHA does not exist or is not a commit object'),
      ),
    )
    const sign = isSigned
      ? (payload: string) => signPayload(hub.store, payload)
      : signature && (() => signature.trimEnd())
    const sha = await commitTree(repo.gitDir, { tree, parents, message, author, committer }, sign || undefined)
    return c.json(await gitCommitShape(hub, repo, sha), 201)
  })

  app.get('/repos/:owner/:repo/git/commits/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = c.req.param('sha')
    if (!SHA.test(sha) || (await findObject(repo.gitDir, sha))?.type !== 'commit') throw notFound()
    return c.json(await gitCommitShape(hub, repo, sha))
  })

  app.post('/repos/:owner/:repo/git/tags', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<{ tag: string; message: string; object: string; type: string; tagger: Person }>(c)
    const { tag = '', message = '', object = '', type = 'commit' } = body
    await demandContent(repo)
    if (!isRefName(`refs/tags/${tag}`)) throw unprocessable('tag is not a valid tag name')
    if (message.includes('\0')) throw invalid('Tag', 'invalid', 'message')
    await whole(repo, object, type, `Object does not exist, or is no ${type}`)
    const tagger = personOf('tagger', body.tagger ?? personNamed(hub.store, actor(c.get('by'))), hub)
    const head = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${identity(tagger, hub.clock.time())}`
    const sha = await writeObject(repo.gitDir, 'tag', `${head}\n\n${message}`)
    return c.json(await tagShape(hub, repo, sha), 201)
  })

  app.get('/repos/:owner/:repo/git/tags/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = c.req.param('sha')
    if (!SHA.test(sha) || (await findObject(repo.gitDir, sha))?.type !== 'tag') throw notFound()
    return c.json(await tagShape(hub, repo, sha))
  })
}

/** A SHA that was given in full and is of that type. */
async function whole(repo: Repository, sha: string, type: string, otherwise: string): Promise<string> {
  if (!SHA.test(sha) || (await findObject(repo.gitDir, sha))?.type !== type) throw unprocessable(otherwise)
  return sha
}

const clean = (text: string) => text.replace(/[<>\n\0]/g, '')

/** Somebody as git takes it, at the server's time where none is given. */
function personOf(field: string, { name, email, date }: Person, hub: Hub): Required<Person> {
  const plain = { name: clean(name).trim(), email: clean(email).trim() }
  // Git itself would understand «yesterday».
  const isTime = date === undefined || (/^\d{4}-\d\d-\d\dT/.test(date) && Date.parse(date) >= 0)
  if (plain.name === '' || !isTime) throw invalid(field === 'tagger' ? 'Tag' : 'Commit', 'invalid', field)
  return { ...plain, date: date ?? hub.clock.now() }
}
