import { showFile } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { html } from './html.ts'
import { issueList } from './issue.ts'
import { renderMarkdown } from './markdown.ts'
import { pullList } from './pull.ts'
import { releaseList } from './releases.ts'
import type { Page } from './render.ts'
import { runList } from './run.ts'
import { tagList } from './tags.ts'

export async function homePage(hub: Hub, repo: Repository): Promise<Page> {
  const readme = await showFile(repo.gitDir, `refs/heads/${repo.defaultBranch}`, 'README.md')
  return {
    title: 'Code',
    content: html`
      <h1>${fullName(repo)}</h1>
      <p><code>git clone ${hub.urls.server}/${fullName(repo)}.git</code></p>
      <h2>Pull requests</h2>${pullList(hub, repo)}
      <h2>Issues</h2>${issueList(hub, repo)}
      <h2>Releases</h2>${releaseList(hub, repo)}
      <h2>Tags</h2>${await tagList(repo)}
      <h2>Actions</h2>${runList(hub, repo)}
      ${readme && html`<h2>README</h2>${await renderMarkdown(readme, fullName(repo))}`}`,
  }
}
