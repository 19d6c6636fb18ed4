import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { CheckRun, Repository, Review } from '../store/entities.ts'
import { findPull, fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { box, mark } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import type { Page } from './render.ts'

function stateOf({ state, pull }: Pull): string {
  return pull.mergedAt ? 'merged' : state
}

export function pullList(hub: Hub, repo: Repository): Html {
  const pulls = hub.store.issues.filter((row) => row.repo === repo.id && row.pull !== undefined) as Pull[]
  return html`<ul class="list">${pulls.reverse().map(
    (issue) => html`<li><a href="/${fullName(repo)}/pull/${issue.number}">${issue.title}</a>
      <span class="muted">#${issue.number} by ${issue.user}, ${stateOf(issue)}</span></li>`,
  )}</ul>`
}

/** A pull request with what was said about it, in the order of saying it, and its checks. */
export async function pullPage(hub: Hub, repo: Repository, number: number): Promise<Page | undefined> {
  const issue = findPull(hub.store, repo.id, number)
  if (!issue) return undefined
  const { store } = hub
  const name = fullName(repo)
  const comments = store.comments.filter((row) => row.issue === issue.id)
  const reviews = store.reviews.filter((row) => row.issue === issue.id && row.submittedAt !== null)
  const talk = [
    ...comments.map((row) => ({ at: row.createdAt, show: () => said(name, row.user, row.createdAt, row.body) })),
    ...reviews.map((row) => ({ at: row.submittedAt ?? '', show: () => reviewed(name, row) })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const checks = store.checkRuns.filter((row) => row.repo === repo.id && row.headSha === issue.pull.headSha)
  return {
    title: `${issue.title} · Pull request #${number}`,
    content: html`
      <h1>${issue.title} <span class="muted">#${number}</span></h1>
      <p><span class="state ${stateOf(issue)}">${stateOf(issue)}</span>
        <b>${issue.user}</b> wants to merge <code>${issue.pull.headRef}</code> into <code>${issue.pull.baseRef}</code></p>
      ${await said(name, issue.user, issue.createdAt, issue.body)}
      ${await Promise.all(talk.map(({ show }) => show()))}
      <h2>Checks</h2>
      <ul class="list">${latest(checks).map((row) => {
        const title = row.title ?? row.conclusion ?? row.status
        return html`<li>${mark(row.status, row.conclusion)} <a href="${row.detailsUrl ?? '#'}">${row.name}</a> <span class="muted">${title}</span></li>`
      })}</ul>`,
  }
}

/** Of several runs of a check the newest. */
function latest(checks: readonly CheckRun[]): CheckRun[] {
  return [...new Map(checks.map((check) => [check.name, check])).values()]
}

/** What somebody wrote, in a box of its own. */
export async function said(repository: string, who: string, when: string, what: string | null): Promise<Html> {
  const text = await renderMarkdown(what || '_No description provided._', repository)
  return box(html`<b>${who}</b> commented on ${when}`, text)
}

const DONE: Record<string, string> = {
  APPROVED: '✅ approved these changes',
  CHANGES_REQUESTED: '❌ requested changes',
  COMMENTED: 'reviewed',
  DISMISSED: 'reviewed, and was dismissed,',
}

async function reviewed(repository: string, { user, state, submittedAt, body }: Review): Promise<Html> {
  const head = html`<b>${user}</b> ${DONE[state]} on ${submittedAt}`
  return box(head, body ? await renderMarkdown(body, repository) : html``)
}
