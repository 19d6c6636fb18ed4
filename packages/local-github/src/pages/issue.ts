import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { said } from './pull.ts'
import type { Page } from './render.ts'

export function issueList(hub: Hub, repo: Repository): Html {
  const issues = hub.store.issues.filter((row) => row.repo === repo.id && row.pull === undefined)
  return html`<ul class="list">${[...issues].reverse().map(
    (issue) => html`<li><a href="/${fullName(repo)}/issues/${issue.number}">${issue.title}</a>
      <span class="muted">#${issue.number} by ${issue.user}, ${issue.state}</span></li>`,
  )}</ul>`
}

/** An issue with what was said about it. */
export async function issuePage(hub: Hub, repo: Repository, number: number): Promise<Page | undefined> {
  const issue = hub.store.issues.find((row) => row.repo === repo.id && row.number === number && row.pull === undefined)
  if (!issue) return undefined
  const name = fullName(repo)
  const comments = hub.store.comments.filter((row) => row.issue === issue.id)
  return {
    title: `${issue.title} · Issue #${number}`,
    content: html`
      <h1>${issue.title} <span class="muted">#${number}</span></h1>
      <p><span class="state ${issue.state}">${issue.state}</span> <b>${issue.user}</b> opened this issue</p>
      ${await said(name, issue.user, issue.createdAt, issue.body)}
      ${await Promise.all(comments.map((row) => said(name, row.user, row.createdAt, row.body)))}`,
  }
}
