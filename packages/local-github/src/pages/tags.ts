import { listRefs } from '../git/git.ts'
import type { Repository } from '../store/entities.ts'
import { type Html, html } from './html.ts'

/** As many as a page holds. */
const MAX_TAGS = 100

/** The last tags by name, each with its commit. */
export async function tagList(repo: Repository): Promise<Html> {
  const tags = (await listRefs(repo.gitDir, 'refs/tags/')).reverse()
  const more = tags.length - MAX_TAGS
  return html`<ul class="list">${tags
    .slice(0, MAX_TAGS)
    .map(
      ({ ref, sha }) =>
        html`<li><code>${ref.slice('refs/tags/'.length)}</code> <span class="muted">${sha.slice(0, 7)}</span></li>`,
    )}
    ${more > 0 && html`<li class="muted">and ${more} more</li>`}</ul>`
}
