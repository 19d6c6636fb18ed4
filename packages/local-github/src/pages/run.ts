import type { Hub } from '../hub.ts'
import { isReviewer } from '../rules/environments.ts'
import { isAwaiting } from '../scheduler/admission.ts'
import type { Environment, Job, Repository, Run } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { type Html, html } from './html.ts'
import { box, mark } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import type { Page } from './render.ts'
import type { Viewer } from './viewer.ts'

export function runList(hub: Hub, repo: Repository): Html {
  const rows = hub.store.runs.filter((row) => row.repo === repo.id).reverse()
  return html`<ul class="list">${rows.map(
    (
      row,
    ) => html`<li>${mark(row.status, row.conclusion)} <a href="/${fullName(repo)}/actions/runs/${row.id}">${row.title}</a>
      <span class="muted">${row.name} #${row.number}, ${row.event} by ${row.actor}</span></li>`,
  )}</ul>`
}

/** A run with its jobs, their summaries and annotations, and who must look at it; with `job`, that job's log instead. */
export async function runPage(
  hub: Hub,
  repo: Repository,
  id: number,
  { job, viewer }: { job: number | undefined; viewer: Viewer | undefined },
): Promise<Page | undefined> {
  const run = hub.store.runs.get(id)
  if (run?.repo !== repo.id) return undefined
  const name = fullName(repo)
  const jobs = hub.store.jobs.filter((row) => row.run === id)
  const one = jobs.find((row) => row.id === job)
  if (one) return { title: `${one.name} · ${run.title}`, content: jobContent(one) }
  const state = run.conclusion ?? run.status
  return {
    title: `${run.title} · Workflow run`,
    content: html`
      <h1>${run.title} <span class="muted">#${run.number}</span></h1>
      <p><span class="state ${state}">${state.replace('_', ' ')}</span> ${run.name}: ${run.event} by ${run.actor} on ${run.createdAt}</p>
      ${run.message && box(html`Error`, html`${run.message}`)}
      ${isAwaiting(run) && approvalBox(name, run, viewer)}
      ${reviewBox(hub, repo, run, jobs, viewer)}
      ${hub.store.approvals
        .filter((row) => row.run === id)
        .map(({ user, state, environment, comment }) =>
          box(html`<b>${user}</b> ${state} <b>${environment}</b>`, html`${comment}`),
        )}
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
      ${await Promise.all(jobs.filter(({ summary }) => summary).map((row) => summaryOf(row, name)))}`,
  }
}

async function summaryOf({ name, summary }: Job, repository: string): Promise<Html> {
  return box(html`<b>${name}</b> summary`, await renderMarkdown(summary, repository))
}

function jobContent(job: Job): Html {
  return html`
    <h1>${mark(job.status, job.conclusion)} ${job.name}</h1>
    <ul class="list">${job.steps.map((step) => html`<li>${mark(step.status, step.conclusion)} ${step.name}</li>`)}</ul>
    <pre>${job.log}</pre>`
}

/** What waits for a reviewer, with a form for who may be one. */
function reviewBox(hub: Hub, repo: Repository, run: Run, jobs: Job[], viewer: Viewer | undefined): Html | false {
  const waiting = new Set(jobs.filter((row) => row.status === 'waiting').map((row) => row.environment))
  const environments = hub.store.environments.filter((row) => row.repo === repo.id && waiting.has(row.name))
  if (environments.length === 0) return false
  const names = environments.map(({ name }) => name).join(', ')
  const mine = environments.filter((row) => viewer && mayReview(hub, row, run, viewer))
  const form = html`<form method="post" action="/${fullName(repo)}/actions/runs/${run.id}/review">
      ${mine.map((row) => html`<label><input type="checkbox" name="environment" value="${row.id}" checked> ${row.name}</label>`)}
      <textarea name="comment" placeholder="Leave a comment" aria-label="Comment"></textarea>
      <button name="state" value="rejected">Reject</button>
      <button class="primary" name="state" value="approved">Approve and deploy</button>
    </form>`
  return box(
    html`<b>Review pending deployments</b>`,
    html`<p><b>${names}</b> must be reviewed before it goes on.</p>${mine.length > 0 ? form : signInHint(viewer)}`,
  )
}

function mayReview(hub: Hub, environment: Environment, run: Run, { by }: Viewer): boolean {
  if (by.kind !== 'user' || !isReviewer(hub, environment, by.login)) return false
  return !(environment.preventSelfReview && by.login === run.triggeringActor)
}

/** A run that nothing of has started: a stranger's, or one that a workflow's own token asked for. */
function approvalBox(repository: string, run: Run, viewer: Viewer | undefined): Html {
  return box(
    html`<b>This workflow is awaiting approval</b>`,
    viewer?.by.kind === 'user'
      ? html`<form method="post" action="/${repository}/actions/runs/${run.id}/approve"><button class="primary">Approve and run</button></form>`
      : signInHint(viewer),
  )
}

const signInHint = (viewer: Viewer | undefined) =>
  viewer?.by.kind === 'user'
    ? html`<p class="muted">You are ${viewer.by.login}, who is not asked to review it.</p>`
    : html`<p class="muted"><a href="/login">Sign in</a> as who may.</p>`
