import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { html } from './html.ts'
import { box } from './layout.ts'
import type { Page } from './render.ts'

export function deploymentsPage(hub: Hub, repo: Repository): Page {
  const rows = hub.store.deployments.filter((row) => row.repo === repo.id).reverse()
  const statuses = (id: number) => hub.store.deploymentStatuses.filter((row) => row.deployment === id)
  return {
    title: 'Deployments',
    content: html`<h1>Deployments</h1>${rows.map((row) => {
      const steps = statuses(row.id)
      const { state = 'pending', environmentUrl = '' } = steps.at(-1) ?? {}
      return box(
        html`<span class="state ${state}">${state}</span> <b>${row.environment}</b> by ${row.user} on ${row.createdAt}`,
        html`<code>${row.ref}</code> ${row.description} ${isAddress(environmentUrl) && html`<a href="${environmentUrl}">${environmentUrl}</a>`}
          <div class="muted">${steps.map((step) => step.state).join(' → ')}</div>`,
      )
    })}`,
  }
}

/** A workflow says where it deployed to: no address but one of the web is made a link. */
const isAddress = (text: string) => /^https?:\/\//i.test(text)
