import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCommit, UNSIGNED } from '../../git/commits.ts'
import { commitTree, git, isRefName, resolve } from '../../git/git.ts'
import { findObject, readObject } from '../../git/objects.ts'
import { parseTagObject } from '../../git/tag-object.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { nodeId, repoApi, type Shaping } from '../../shapes/common.ts'
import type { Repository } from '../../store/entities.ts'

const SHA = /^[0-9a-f]{40}$/

interface GivenPerson {
  name: string
  email: string
  date?: string
}

/** Blobs, trees, commits and tags: written and read by git itself, so every SHA is the true one. */
export function addObjectRoutes(app: App, hub: Hub): void {
  app.post('/repos/:owner/:repo/git/blobs', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const { content, encoding = 'utf-8' } = await bodyOf<{ content: string; encoding: string }>(c)
    if (typeof content !== 'string') throw unprocessable('Invalid request.\n\n"content" wasn\'t supplied.')
    const input = encoding === 'base64' ? Buffer.from(content, 'base64') : content
    const sha = await git(repo.gitDir, ['hash-object', '-w', '--stdin'], { input })
    return c.json({ sha, url: `${repoApi(hub, repo)}/git/blobs/${sha}` }, 201)
  })

  app.get('/repos/:owner/:repo/git/blobs/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = await objectOf(repo, c.req.param('sha'), 'blob')
    const { bytes } = (await readObject(repo.gitDir, sha))!
    if (c.req.header('accept')?.includes('raw'))
      return c.body(bytes as never, 200, { 'content-type': 'application/vnd.github.raw; charset=utf-8' })
    const content = bytes.toString('base64')
    const url = `${repoApi(hub, repo)}/git/blobs/${sha}`
    return c.json({ sha, node_id: nodeId('Blob', repo.id), size: bytes.length, url, content, encoding: 'base64' })
  })

  app.post('/repos/:owner/:repo/git/trees', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<{ tree: TreeEntry[]; base_tree: string }>(c)
    if (!Array.isArray(body.tree)) throw unprocessable('Invalid request.\n\n"tree" wasn\'t supplied.')
    const base = body.base_tree === undefined ? undefined : await objectOf(repo, body.base_tree, 'tree')
    const sha = await writeTree(repo, body.tree, base)
    return c.json(await treeShape(hub, repo, sha, false), 201)
  })

  app.get('/repos/:owner/:repo/git/trees/:sha{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = await objectOf(repo, c.req.param('sha'), 'tree')
    return c.json(await treeShape(hub, repo, sha, c.req.query('recursive') !== undefined))
  })

  app.post('/repos/:owner/:repo/git/commits', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<{
      message: string
      tree: string
      parents: string[]
      author: GivenPerson
      committer: GivenPerson
    }>(c)
    if (typeof body.message !== 'string' || typeof body.tree !== 'string') {
      throw unprocessable('Invalid request.\n\n"message" and "tree" are strings.')
    }
    const by = c.get('by')
    const login = by.kind === 'anonymous' ? repo.owner : by.login
    const author = body.author ?? { name: login, email: `${login}@users.noreply.github.com` }
    const tree = await objectOf(repo, body.tree, 'tree', () => unprocessable('Tree SHA does not exist'))
    const parents = await Promise.all(
      (body.parents ?? []).map((sha) =>
        objectOf(repo, sha, 'commit', () => unprocessable('Parent SHA does not exist or is not a commit object')),
      ),
    )
    const committer = body.committer ?? author
    const sha = await commitTree(repo.gitDir, { tree, parents, message: body.message, author, committer })
    return c.json(await gitCommitShape(hub, repo, sha), 201)
  })

  app.get('/repos/:owner/:repo/git/commits/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = await objectOf(repo, c.req.param('sha'), 'commit')
    return c.json(await gitCommitShape(hub, repo, sha))
  })

  app.post('/repos/:owner/:repo/git/tags', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<{ tag: string; message: string; object: string; type: string; tagger: GivenPerson }>(c)
    const { tag, message, object, type = 'commit' } = body
    if (typeof tag !== 'string' || typeof message !== 'string' || typeof object !== 'string') {
      throw unprocessable('Invalid request.\n\n"tag", "message" and "object" are strings.')
    }
    if (!(await isRefName(repo.gitDir, `refs/tags/${tag}`))) throw unprocessable('tag is not a valid tag name')
    await objectOf(repo, object, type, () => unprocessable('Object does not exist or is of another type'))
    const by = c.get('by')
    const login = by.kind === 'anonymous' ? repo.owner : by.login
    const tagger = body.tagger ?? { name: login, email: `${login}@users.noreply.github.com` }
    const seconds = Math.floor((tagger.date ? Date.parse(tagger.date) : Date.now()) / 1000)
    if (!Number.isFinite(seconds)) throw invalid('Tag', 'invalid', 'tagger')
    const person = `${clean(tagger.name)} <${clean(tagger.email)}> ${seconds} +0000`
    const text = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${person}\n\n${message.endsWith('\n') ? message : `${message}\n`}`
    const sha = await git(repo.gitDir, ['mktag'], { input: text })
    return c.json(await tagShape(hub, repo, sha), 201)
  })

  app.get('/repos/:owner/:repo/git/tags/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = c.req.param('sha')
    if (!SHA.test(sha) || (await findObject(repo.gitDir, sha))?.type !== 'tag') throw notFound()
    return c.json(await tagShape(hub, repo, sha))
  })
}

const clean = (text: string) => text.replace(/[<>\n]/g, '')

async function objectOf(repo: Repository, name: string, type: string, missing = notFound): Promise<string> {
  const sha = typeof name === 'string' ? await resolve(repo.gitDir, name, type) : undefined
  if (!sha) throw missing()
  return sha
}

interface TreeEntry {
  path: string
  mode: string
  type: string
  sha?: string | null
  content?: string
}

/** Applies entries to a tree through a throw-away index; `sha: null` takes a path away. */
export async function writeTree(repo: Repository, entries: TreeEntry[], base?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-index-'))
  const env = { GIT_INDEX_FILE: join(folder, 'index') }
  try {
    if (base) await git(repo.gitDir, ['read-tree', base], { env })
    for (const { path, mode, type, sha, content } of entries) {
      if (typeof path !== 'string' || path.split('/').some((part) => ['', '.', '..', '.git'].includes(part))) {
        throw unprocessable('tree.path contains a malformed path component')
      }
      if (sha === null) {
        await git(repo.gitDir, ['rm', '-r', '--cached', '-q', '--ignore-unmatch', '--', path], {
          env: { ...env, GIT_WORK_TREE: folder, GIT_DIR: repo.gitDir },
        })
        continue
      }
      const id = sha ?? (await git(repo.gitDir, ['hash-object', '-w', '--stdin'], { input: content ?? '' }))
      if ((await findObject(repo.gitDir, id))?.type !== type && mode !== '160000') {
        throw unprocessable('tree.sha does not exist or is of another type')
      }
      if (mode === '040000') await git(repo.gitDir, ['read-tree', `--prefix=${path}/`, id], { env })
      else
        await git(repo.gitDir, ['update-index', '--add', '--replace', '--cacheinfo', `${mode},${id},${path}`], { env })
    }
    return await git(repo.gitDir, ['write-tree'], { env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function treeShape(shaping: Shaping, repo: Repository, sha: string, recursive: boolean) {
  const api = repoApi(shaping, repo)
  const listing = await git(repo.gitDir, ['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), sha])
  const tree = listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [facts, path] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]
      const [mode, type, id, size] = facts.split(/ +/)
      const url = `${api}/git/${type}s/${id}`
      return { path, mode, type, sha: id, ...(type === 'blob' ? { size: Number(size) } : {}), url }
    })
  return { sha, url: `${api}/git/trees/${sha}`, tree, truncated: false }
}

async function gitCommitShape(shaping: Shaping, repo: Repository, sha: string) {
  const commit = await readCommit(repo.gitDir, sha)
  const api = repoApi(shaping, repo)
  return {
    sha,
    node_id: nodeId('Commit', repo.id),
    url: `${api}/git/commits/${sha}`,
    html_url: `${shaping.urls.server}/${repo.owner}/${repo.name}/commit/${sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/git/commits/${parent}`,
      html_url: `${shaping.urls.server}/${repo.owner}/${repo.name}/commit/${parent}`,
    })),
    verification: UNSIGNED,
  }
}

async function tagShape(shaping: Shaping, repo: Repository, sha: string) {
  const api = repoApi(shaping, repo)
  const { bytes } = (await readObject(repo.gitDir, sha))!
  const { name, object, type, tagger, message } = parseTagObject(bytes.toString('utf8'))
  return {
    node_id: nodeId('Tag', repo.id),
    tag: name,
    sha,
    url: `${api}/git/tags/${sha}`,
    message,
    tagger,
    object: { sha: object, type, url: `${api}/git/${type}s/${object}` },
    verification: UNSIGNED,
  }
}
