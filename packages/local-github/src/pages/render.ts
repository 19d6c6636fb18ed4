import { may } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { findRepository, fullName } from '../store/store.ts'
import { deploymentsPage } from './deployments.ts'
import { homePage } from './home.ts'
import { type Html, html } from './html.ts'
import { issueList, issuePage } from './issue.ts'
import { layout } from './layout.ts'
import { loginPage } from './login.ts'
import { pullList, pullPage } from './pull.ts'
import { releaseList, releasePage } from './releases.ts'
import { repositoriesPage } from './repositories.ts'
import { runList, runPage } from './run.ts'
import { tagList } from './tags.ts'
import type { Viewer } from './viewer.ts'

export interface Page {
  title: string
  content: Html
}

/**
 * The page at one of GitHub's usual paths (`/acme/model/pull/1`), as whole HTML; undefined where there is none, or none
 * that the viewer may see. Without a viewer it is what the owner of this machine sees, with nothing to press.
 */
export async function renderPage(
  hub: Hub,
  path: string,
  { viewer, refusal }: { viewer?: Viewer; refusal?: string | undefined } = {},
): Promise<string | undefined> {
  const [owner = '', name = '', ...rest] = decode(path).split('/').filter(Boolean)
  if (owner === '') return layout({ ...repositoriesPage(hub, viewer), viewer }).text
  if (owner === 'login') return layout({ title: 'Sign in', content: loginPage(viewer), viewer, refusal }).text
  const repo = findRepository(hub.store, `${owner}/${name}`)
  if (!repo || (viewer && !may(hub, viewer.by, repo, 'read'))) return undefined
  const page = await choose(hub, repo, rest, viewer)
  return page && layout({ ...page, repository: fullName(repo), viewer, refusal }).text
}

/** What stands in place of a page that there is none of, or none that the viewer may see. */
export function renderMissing(viewer: Viewer): string {
  const content = html`<h1>There is no such page</h1>
    <p>There are the <a href="/">repositories</a> and, of each, its pull requests, issues, runs, releases, tags and
      deployments. <a href="/login">Sign in</a> to see private ones.</p>`
  return layout({ title: 'Not Found', content, viewer }).text
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function choose(
  hub: Hub,
  repo: Repository,
  [section, ...rest]: string[],
  viewer: Viewer | undefined,
): Page | undefined | Promise<Page | undefined> {
  const last = rest.at(-1) ?? ''
  switch (section) {
    case undefined:
      return homePage(hub, repo)
    case 'pulls':
      return { title: 'Pull requests', content: pullList(hub, repo) }
    case 'pull':
      return pullPage(hub, repo, Number(rest[0]))
    case 'issues':
      if (rest.length === 0) return { title: 'Issues', content: issueList(hub, repo) }
      return issuePage(hub, repo, Number(rest[0]))
    case 'releases':
      if (rest[0] === 'tag') return releasePage(hub, repo, rest.slice(1).join('/'))
      return rest.length === 0 ? { title: 'Releases', content: releaseList(hub, repo) } : undefined
    case 'tags':
      return tagList(repo).then((tags) => ({ title: 'Tags', content: html`<h1>Tags</h1>${tags}` }))
    case 'deployments':
      return deploymentsPage(hub, repo)
    case 'actions':
      if (rest.length === 0) return { title: 'Actions', content: runList(hub, repo) }
      if (rest[0] !== 'runs') return undefined
      return runPage(hub, repo, Number(rest[1]), { job: rest[2] === 'job' ? Number(last) : undefined, viewer })
    default:
      return undefined
  }
}
