import { posix } from 'node:path'
import { git, resolve, showFile } from '../../git/git.ts'
import { readObject } from '../../git/objects.ts'
import { findEntry, isPath, listFolder, SYMLINK, type TreeEntry } from '../../git/tree.ts'
import { type App, type Ctx, repoOf } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { entryShape, toBase64 } from '../../shapes/contents.ts'
import type { Repository } from '../../store/entities.ts'
import { fullName } from '../../store/store.ts'

const MB = 1024 * 1024
/** The most files of a folder that are shown. */
const MOST_ENTRIES = 1000
const README = /^readme(?:\.\w+)?$/i

/** Files and folders of a commit, and READMEs. */
export function addContentRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/contents/:path{.+}?', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const path = (c.req.param('path') ?? '').replace(/^\/+|\/+$/g, '')
    const ref = c.req.query('ref') ?? repo.defaultBranch
    const commit = await commitAt(repo, ref)
    const entry = await findEntry(repo.gitDir, commit, path)
    if (!entry) throw notFound()
    if (entry.type === 'blob') return file(c, repo, commit, entry, ref)
    if (entry.type === 'commit') {
      const url = await submoduleUrl(repo, commit, path)
      return c.json({ ...entryShape(hub, repo, entry, ref), submodule_git_url: url })
    }
    const entries = (await listFolder(repo.gitDir, commit, path)).slice(0, MOST_ENTRIES)
    const shown = entries.map((each) => {
      const shape = entryShape(hub, repo, each, ref)
      // So that older clients go on: https://git.io/v1YCW
      return shape.type === 'submodule' ? { ...shape, type: 'file' } : shape
    })
    if (!wants(c, 'object')) return c.json(shown)
    return c.json({ ...entryShape(hub, repo, entry, ref), entries: shown })
  })

  for (const path of ['/repos/:owner/:repo/readme', '/repos/:owner/:repo/readme/:dir{.+}']) {
    app.get(path, async (c) => {
      const repo = repoOf(hub, c, 'contents', 'read')
      const ref = c.req.query('ref') ?? repo.defaultBranch
      const commit = await commitAt(repo, ref)
      const dir = (c.req.param('dir') ?? '').replace(/\/+$/, '')
      const readme = await findReadme(repo, commit, dir)
      if (!readme) throw notFound()
      return file(c, repo, commit, readme, ref)
    })
  }

  async function file(c: Ctx, repo: Repository, commit: string, found: TreeEntry, ref: string) {
    const target = found.mode === SYMLINK ? await follow(repo, commit, found) : undefined
    const entry = target ? { ...target, path: found.path } : found
    if (entry.size > 100 * MB) {
      const message =
        'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.'
      throw new ApiError(403, message, { errors: [{ resource: 'Blob', code: 'too_large', field: 'data' }] })
    }
    const { bytes } = (await readObject(repo.gitDir, entry.sha))!
    if (wants(c, 'raw')) {
      const headers = { 'content-type': 'application/vnd.github.raw; charset=utf-8' }
      return c.body(bytes as never, 200, headers)
    }
    if (wants(c, 'html')) {
      // Loaded when somebody asks for it: most servers are never asked.
      const { renderMarkdown } = await import('../../pages/markdown.ts')
      return c.html((await renderMarkdown(bytes.toString('utf8'), fullName(repo))).text)
    }
    const shape = entryShape(hub, repo, entry, ref)
    if (shape.type === 'symlink') return c.json({ ...shape, target: bytes.toString('utf8') })
    const isShown = entry.size <= MB
    return c.json({ ...shape, encoding: isShown ? 'base64' : 'none', content: isShown ? toBase64(bytes) : '' })
  }

  async function findReadme(repo: Repository, commit: string, dir: string): Promise<TreeEntry | undefined> {
    if (dir !== '' && !isPath(dir)) return undefined
    for (const folder of dir === '' ? ['.github', '', 'docs'] : [dir]) {
      const names = (await listFolder(repo.gitDir, commit, folder)).filter(
        ({ path, type }) => type === 'blob' && README.test(path.split('/').at(-1)!),
      )
      // Markdown before other formats.
      const readme = names.find(({ path }) => /\.md$/i.test(path)) ?? names[0]
      if (readme) return readme
    }
    return undefined
  }
}

/** The commit of a ref, in GitHub's words where there is none. */
async function commitAt(repo: Repository, ref: string): Promise<string> {
  const commit = await resolve(repo.gitDir, ref)
  if (commit) return commit
  const isEmpty = (await git(repo.gitDir, ['for-each-ref', '--count=1', 'refs/heads'])) === ''
  throw new ApiError(404, isEmpty ? 'This repository is empty.' : `No commit found for the ref ${ref}`)
}

/** The file that a link leads to, where it is one of the repository. */
async function follow(repo: Repository, commit: string, link: TreeEntry): Promise<TreeEntry | undefined> {
  const { bytes } = (await readObject(repo.gitDir, link.sha))!
  const target = posix.join(posix.dirname(link.path), bytes.toString('utf8'))
  const found = await findEntry(repo.gitDir, commit, target)
  return found?.type === 'blob' && found.mode !== SYMLINK ? found : undefined
}

/** Where `.gitmodules` says that a submodule comes from. */
async function submoduleUrl(repo: Repository, commit: string, path: string): Promise<string> {
  const text = (await showFile(repo.gitDir, commit, '.gitmodules')) ?? ''
  const section = text.split(/^\[submodule/m).find((part) => settingOf(part, 'path') === path)
  return settingOf(section ?? '', 'url') ?? ''
}

/** What the line `key = value` of a section says. */
function settingOf(section: string, key: string): string | undefined {
  const pairs = section.split('\n').map((line) => line.split(/=(.*)/s, 2).map((part) => part.trim()))
  return pairs.find(([name]) => name === key)?.[1]
}

/** Whether `Accept` asks for a form of GitHub's own: `application/vnd.github.raw+json`, `…v3.raw`. */
function wants(c: Ctx, form: 'raw' | 'html' | 'object'): boolean {
  return new RegExp(`application/vnd\\.github\\.(?:v3\\.)?${form}\\b`).test(c.req.header('accept') ?? '')
}
