import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import type { Page } from './render.ts'

export function releaseList(hub: Hub, repo: Repository): Html {
  const rows = hub.store.releases.filter((row) => row.repo === repo.id && !row.draft).reverse()
  return html`<ul class="list">${rows.map(
    (
      row,
    ) => html`<li><a href="/${fullName(repo)}/releases/tag/${encodeURIComponent(row.tag)}">${row.name ?? row.tag}</a>
      <span class="muted">${row.tag}, ${row.publishedAt}${row.immutable && ', 🔒 immutable'}</span></li>`,
  )}</ul>`
}

export async function releasePage(hub: Hub, repo: Repository, tag: string): Promise<Page | undefined> {
  const release = hub.store.releases.find((row) => row.repo === repo.id && !row.draft && row.tag === tag)
  if (!release) return undefined
  const assets = hub.store.assets.filter((row) => row.release === release.id)
  const name = fullName(repo)
  return {
    title: `Release ${release.name ?? tag}`,
    content: html`
      <h1>${release.name ?? tag}${release.prerelease && html` <span class="state">Pre-release</span>`}</h1>
      <p class="muted"><b>${release.user}</b> released this on ${release.publishedAt} · <code>${tag}</code>${release.immutable && ' · 🔒 immutable'}</p>
      ${await renderMarkdown(release.body, name)}
      <h2>Assets</h2>
      <ul class="list">${assets.map(
        (
          row,
        ) => html`<li><a href="/${name}/releases/download/${encodeURIComponent(tag)}/${encodeURIComponent(row.name)}">${row.name}</a>
          <span class="muted">${row.size.toLocaleString('en')} bytes</span> <code>${row.digest}</code></li>`,
      )}</ul>`,
  }
}
