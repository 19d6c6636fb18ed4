import { listRefs, showFile } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { findPull, findRepository, fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { box, layout, mark } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { runList, runPage } from './run.ts'

/**
 * The page at one of GitHub's usual paths (`/acme/model/pull/1`), as whole HTML; undefined where there is none. Pages
 * are for whoever sits at this machine: they ask for no token, show no drafts and change nothing.
 */
export async function renderPage(hub: Hub, path: string): Promise<string | undefined> {
  const [owner = '', name = '', ...rest] = decodeURIComponent(path).split('/').filter(Boolean)
  const repo = findRepository(hub.store, `${owner}/${name}`)
  if (!repo) return undefined
  const page = await choose(hub, repo, rest)
  return page && layout(fullName(repo), page.title, page.content).text
}

export interface Page {
  title: string
  content: Html
}

function choose(hub: Hub, repo: Repository, parts: string[]): Page | undefined | Promise<Page> {
  const [section, ...rest] = parts
  const last = rest.at(-1) ?? ''
  if (section === undefined) return homePage(hub, repo)
  if (section === 'pulls') return { title: 'Pull requests', content: pullList(hub, repo) }
  if (section === 'pull') return pullPage(hub, repo, Number(rest[0]))
  if (section === 'releases' && rest[0] === 'tag') return releasePage(hub, repo, rest.slice(1).join('/'))
  if (section === 'releases' && rest.length === 0) return { title: 'Releases', content: releaseList(hub, repo) }
  if (section === 'deployments') return deploymentsPage(hub, repo)
  if (section === 'actions' && rest.length === 0) return { title: 'Actions', content: runList(hub, repo) }
  if (section === 'actions' && rest[0] === 'runs')
    return runPage(hub, repo, Number(rest[1]), rest[2] === 'job' ? Number(last) : undefined)
  return undefined
}

async function homePage(hub: Hub, repo: Repository): Promise<Page> {
  const tags = (await listRefs(repo.gitDir, 'refs/tags/')).reverse()
  const readme = await showFile(repo.gitDir, `refs/heads/${repo.defaultBranch}`, 'README.md')
  return {
    title: 'Code',
    content: html`
      <h1>${fullName(repo)}</h1>
      <p><code>git clone ${hub.urls.server}/${fullName(repo)}.git</code></p>
      <h2>Pull requests</h2>${pullList(hub, repo)}
      <h2>Releases</h2>${releaseList(hub, repo)}
      <h2>Tags</h2><ul class="list">${tags.map(({ ref }) => html`<li><code>${ref.slice('refs/tags/'.length)}</code></li>`)}</ul>
      <h2>Actions</h2>${runList(hub, repo)}
      ${readme && html`<h2>README</h2>${renderMarkdown(readme, fullName(repo))}`}`,
  }
}

function stateOf({ state, pull }: Pull): string {
  return pull.mergedAt ? 'merged' : state
}

function pullList(hub: Hub, repo: Repository): Html {
  const pulls = hub.store.issues.filter((row) => row.repo === repo.id && row.pull !== undefined) as Pull[]
  return html`<ul class="list">${pulls.reverse().map(
    (issue) => html`<li><a href="/${fullName(repo)}/pull/${issue.number}">${issue.title}</a>
      <span class="muted">#${issue.number} by ${issue.user}, ${stateOf(issue)}</span></li>`,
  )}</ul>`
}

function pullPage(hub: Hub, repo: Repository, number: number): Page | undefined {
  const issue = findPull(hub.store, repo.id, number)
  if (!issue) return undefined
  const { store } = hub
  const name = fullName(repo)
  const checks = store.checkRuns.filter((row) => row.repo === repo.id && row.headSha === issue.pull.headSha)
  const comments = store.comments.filter((row) => row.issue === issue.id)
  const said = (who: string, when: string, what: string | null) =>
    box(html`<b>${who}</b> commented on ${when}`, renderMarkdown(what || '_No description provided._', name))
  return {
    title: `${issue.title} · Pull request #${number}`,
    content: html`
      <h1>${issue.title} <span class="muted">#${number}</span></h1>
      <p><span class="state ${stateOf(issue)}">${stateOf(issue)}</span>
        <b>${issue.user}</b> wants to merge <code>${issue.pull.headRef}</code> into <code>${issue.pull.baseRef}</code></p>
      ${said(issue.user, issue.createdAt, issue.body)}
      ${comments.map((row) => said(row.user, row.createdAt, row.body))}
      <h2>Checks</h2>
      <ul class="list">${checks.map((row) => {
        const title = row.title ?? row.conclusion ?? row.status
        return html`<li>${mark(row.status, row.conclusion)} <a href="${row.detailsUrl ?? '#'}">${row.name}</a> <span class="muted">${title}</span></li>`
      })}</ul>`,
  }
}

function releaseList(hub: Hub, repo: Repository): Html {
  const rows = hub.store.releases.filter((row) => row.repo === repo.id && !row.draft).reverse()
  return html`<ul class="list">${rows.map(
    (
      row,
    ) => html`<li><a href="/${fullName(repo)}/releases/tag/${encodeURIComponent(row.tag)}">${row.name ?? row.tag}</a>
      <span class="muted">${row.tag}, ${row.publishedAt}</span></li>`,
  )}</ul>`
}

function releasePage(hub: Hub, repo: Repository, tag: string): Page | undefined {
  const release = hub.store.releases.find((row) => row.repo === repo.id && !row.draft && row.tag === tag)
  if (!release) return undefined
  const assets = hub.store.assets.filter((row) => row.release === release.id)
  const name = fullName(repo)
  return {
    title: `Release ${release.name ?? tag}`,
    content: html`
      <h1>${release.name ?? tag}</h1>
      <p class="muted"><b>${release.user}</b> released this on ${release.publishedAt} · <code>${tag}</code></p>
      ${renderMarkdown(release.body, name)}
      <h2>Assets</h2>
      <ul class="list">${assets.map(
        (
          row,
        ) => html`<li><a href="/${name}/releases/download/${encodeURIComponent(tag)}/${encodeURIComponent(row.name)}">${row.name}</a>
          <span class="muted">${row.size.toLocaleString('en')} bytes</span> <code>${row.digest}</code></li>`,
      )}</ul>`,
  }
}

function deploymentsPage(hub: Hub, repo: Repository): Page {
  const rows = hub.store.deployments.filter((row) => row.repo === repo.id).reverse()
  const statuses = (id: number) => hub.store.deploymentStatuses.filter((row) => row.deployment === id)
  return {
    title: 'Deployments',
    content: html`<h1>Deployments</h1>${rows.map((row) => {
      const steps = statuses(row.id)
      const { state = 'pending', environmentUrl = '' } = steps.at(-1) ?? {}
      return box(
        html`<span class="state ${state}">${state}</span> <b>${row.environment}</b> by ${row.user} on ${row.createdAt}`,
        html`<code>${row.ref}</code> ${row.description} ${environmentUrl && html`<a href="${environmentUrl}">${environmentUrl}</a>`}
          <div class="muted">${steps.map((step) => step.state).join(' → ')}</div>`,
      )
    })}`,
  }
}
