import type { Hub } from '../hub.ts'
import type { Job, Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { box, mark } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import type { Page } from './render.ts'

export function runList(hub: Hub, repo: Repository): Html {
  const rows = hub.store.runs.filter((row) => row.repo === repo.id).reverse()
  return html`<ul class="list">${rows.map(
    (
      row,
    ) => html`<li>${mark(row.status, row.conclusion)} <a href="/${fullName(repo)}/actions/runs/${row.id}">${row.title}</a>
      <span class="muted">${row.name} #${row.number}, ${row.event} by ${row.actor}</span></li>`,
  )}</ul>`
}

/** A run with its jobs, their summaries and annotations; with `job`, that job's log instead. */
export function runPage(hub: Hub, repo: Repository, id: number, job: number | undefined): Page | undefined {
  const run = hub.store.runs.get(id)
  if (run?.repo !== repo.id) return undefined
  const name = fullName(repo)
  const jobs = hub.store.jobs.filter((row) => row.run === id)
  const one = jobs.find((row) => row.id === job)
  if (one) return { title: `${one.name} · ${run.title}`, content: jobContent(one) }
  const state = run.conclusion ?? run.status
  const waiting = jobs.filter((row) => row.status === 'waiting').map((row) => row.environment)
  return {
    title: `${run.title} · Workflow run`,
    content: html`
      <h1>${run.title} <span class="muted">#${run.number}</span></h1>
      <p><span class="state ${state}">${state.replace('_', ' ')}</span> ${run.name}: ${run.event} by ${run.actor} on ${run.createdAt}</p>
      ${run.message && box(html`Error`, html`${run.message}`)}
      ${waiting.length > 0 && box(html`Review`, html`Waiting for review: <b>${[...new Set(waiting)].join(', ')}</b> needs approval before it goes on.`)}
      <h2>Jobs</h2>
      <ul class="list">${jobs.map(
        (
          row,
        ) => html`<li>${mark(row.status, row.conclusion)} <a href="/${name}/actions/runs/${id}/job/${row.id}">${row.name}</a>
          <span class="muted">${row.environment}</span></li>`,
      )}</ul>
      ${jobs
        .flatMap(({ annotations }) => annotations)
        .map(({ annotation_level: level, title, message, path, start_line: line }) =>
          box(
            html`${level === 'failure' ? '❌' : level === 'warning' ? '⚠️' : 'ℹ️'} ${title} ${path}#L${line}`,
            html`${message}`,
          ),
        )}
      ${jobs.filter(({ summary }) => summary).map((row) => box(html`<b>${row.name}</b> summary`, renderMarkdown(row.summary, name)))}`,
  }
}

function jobContent(job: Job): Html {
  return html`
    <h1>${mark(job.status, job.conclusion)} ${job.name}</h1>
    <ul class="list">${job.steps.map((step) => html`<li>${mark(step.status, step.conclusion)} ${step.name}</li>`)}</ul>
    <pre>${job.log}</pre>`
}
