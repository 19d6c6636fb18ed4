import { may } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { fullName } from '../store/store.ts'
import { html } from './html.ts'
import type { Page } from './render.ts'
import type { Viewer } from './viewer.ts'

/** Every repository that the viewer may see. */
export function repositoriesPage(hub: Hub, viewer: Viewer | undefined): Page {
  const names = hub.store.repositories
    .filter((repo) => !viewer || may(hub, viewer.by, repo, 'read'))
    .map(fullName)
    .sort()
  const hidden = viewer?.by.kind === 'anonymous' && html`<p><a href="/login">Sign in</a> to see private ones.</p>`
  return {
    title: 'Repositories',
    content: html`<h1>Repositories</h1>
      <ul class="list">${names.map((name) => html`<li><a href="/${name}">${name}</a></li>`)}</ul>${hidden}`,
  }
}
