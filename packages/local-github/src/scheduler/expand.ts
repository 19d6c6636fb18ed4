import type { Hub } from '../hub.ts'
import { repoHtml } from '../shapes/common.ts'
import type { Conclusion, Job } from '../store/entities.ts'
import { rowsFromBefore } from './attempts.ts'
import { expandCalls } from './calls.ts'
import { jobContexts } from './contexts.ts'
import { type Contexts, evaluateCondition, evaluateDeep, evaluateTemplate } from './expressions.ts'
import { createRow, isSettled, keyOf, type LiveJob, type LiveRow, type LiveRun, statusFor } from './live-run.ts'
import { type Combination, expandMatrix, matrixJobName } from './matrix.ts'
import { needsContext } from './outputs.ts'
import { defaultsFor, jobPermissions } from './permissions.ts'
import type { Mapping } from './workflow-file.ts'

/** One combination of a job's matrix: what its expressions see, and how it is called. */
export interface Leg {
  name: string
  matrix: Record<string, unknown> | null
  strategy: Job['strategy']
  contexts: Contexts
}

/**
 * Looks at a job whose needs are settled: skipped, or one queued row (one call, where it calls a workflow) per
 * combination of its matrix. An expression that cannot be evaluated makes a failed row that says so. False while a
 * need is open.
 */
export function expandJob(hub: Hub, live: LiveRun, job: LiveJob): boolean {
  if (job.rows || job.calls || !job.needs.every((key) => isSettled(job.scope.jobs.get(key)!))) return false
  job.rows = rowsFromBefore(hub, live, job)
  if (job.rows) return true
  try {
    const needs = needsContext(hub, live, job)
    const contexts = jobContexts(hub, live, job, { needs })
    if (!evaluateCondition(job.raw.if, contexts, statusFor(live, job))) {
      job.rows = [settledRow(hub, live, job, 'skipped', '')]
      return true
    }
    const legs = legsOf(hub, live, job, needs)
    if ('uses' in job.raw) job.calls = expandCalls(hub, live, job, legs)
    else job.rows = legs.map((leg) => queuedRow(hub, live, job, leg))
  } catch (error) {
    job.rows = [settledRow(hub, live, job, 'failure', (error as Error).message)]
  }
  return true
}

function legsOf(hub: Hub, live: LiveRun, job: LiveJob, needs: Contexts): Leg[] {
  const { matrix: stated, ...written } = (job.raw.strategy ?? {}) as Mapping
  const contexts = jobContexts(hub, live, job, { needs })
  const all: (Combination | null)[] =
    stated === undefined ? [null] : expandMatrix(evaluateDeep(stated, contexts) as Record<string, unknown>)
  if (all.length === 0) throw new Error('Matrix vector does not contain any values')
  const settings = evaluateDeep(written, contexts) as Mapping
  return all.map((combination, index) => {
    const strategy: Job['strategy'] = {
      'fail-fast': settings['fail-fast'] !== false,
      'job-index': index,
      'job-total': all.length,
      'max-parallel': Number(settings['max-parallel'] ?? all.length),
    }
    const matrix = combination?.values ?? null
    const own = jobContexts(hub, live, job, { needs, matrix, strategy })
    return { name: legName(job, combination, own), matrix, strategy, contexts: own }
  })
}

/** A name that has an expression stands as it comes out; any other is told apart by the matrix. */
function legName({ key, raw }: LiveJob, combination: Combination | null, contexts: Contexts): string {
  const named = typeof raw.name === 'string' ? raw.name : ''
  const evaluated = named.includes('${{') ? String(evaluateTemplate(named, contexts) ?? '') : ''
  return evaluated || matrixJobName(named.includes('${{') ? key : named || key, combination?.shown ?? [])
}

function queuedRow(hub: Hub, live: LiveRun, job: LiveJob, { name, matrix, strategy, contexts }: Leg): LiveRow {
  const { raw } = job
  const environment = raw.environment as string | { name: string; url?: string; deployment?: boolean } | undefined
  const environmentName = typeof environment === 'object' ? environment.name : environment
  const row = insertJob(hub, live, job, {
    name: nameWithin(job, name),
    labels: runnerLabels(evaluateDeep(raw['runs-on'], contexts)),
    matrix,
    strategy,
    environment:
      environmentName === undefined ? null : String(evaluateTemplate(environmentName, contexts) ?? '') || null,
    status: 'queued',
    conclusion: null,
    result: null,
    continueOnError: evaluateDeep(raw['continue-on-error'], contexts) === true,
    deploys: !(typeof environment === 'object' && environment.deployment === false),
  })
  return createRow(row)
}

/** `runs-on` as one label, several, or a group with labels. */
function runnerLabels(runsOn: unknown): string[] {
  const labels = runsOn !== null && typeof runsOn === 'object' && 'labels' in runsOn ? runsOn.labels : runsOn
  return [labels].flat().flatMap((label) => (typeof label === 'string' ? [label] : []))
}

function settledRow(hub: Hub, live: LiveRun, job: LiveJob, conclusion: Conclusion, message: string): LiveRow {
  const name = typeof job.raw.name === 'string' && !job.raw.name.includes('${{') ? job.raw.name : job.key
  const row = insertJob(hub, live, job, {
    name: nameWithin(job, name),
    labels: [],
    matrix: null,
    strategy: { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 },
    environment: null,
    status: 'completed',
    conclusion,
    result: conclusion,
    log: message,
    annotations: message ? [failureAnnotation(message)] : [],
  })
  return createRow(row)
}

/** `release / build`: the name of a job in a workflow that another one calls. */
function nameWithin({ scope }: LiveJob, name: string): string {
  return scope.call ? `${scope.call.name} / ${name}` : name
}

export function failureAnnotation(message: string): Job['annotations'][number] {
  return {
    path: '.github',
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    annotation_level: 'failure',
    title: null,
    message,
    raw_details: null,
  }
}

type Given = Pick<Job, 'name' | 'labels' | 'matrix' | 'strategy' | 'environment' | 'status' | 'conclusion' | 'result'> &
  Partial<Pick<Job, 'log' | 'annotations' | 'continueOnError' | 'deploys'>>

/** A job and its check run, which share an id. */
export function insertJob(hub: Hub, { run }: LiveRun, job: LiveJob, given: Given): Job {
  const { raw, scope } = job
  const { workflow, call } = scope
  const done = given.status === 'completed'
  const check = hub.store.checkRuns.insert({
    repo: run.repo,
    headSha: run.headSha,
    name: given.name,
    status: done ? 'completed' : 'queued',
    conclusion: given.conclusion,
    startedAt: hub.clock.now(),
    completedAt: done ? hub.clock.now() : null,
    externalId: '',
    detailsUrl: null,
    title: null,
    summary: null,
    text: null,
    annotations: given.annotations ?? [],
  })
  const repo = hub.store.repositories.get(run.repo)!
  const otherwise = call?.permissions ?? defaultsFor(hub, repo.id)
  hub.store.checkRuns.update(check, { detailsUrl: `${repoHtml(hub, repo)}/actions/runs/${run.id}/job/${check.id}` })
  return hub.store.jobs.insert({
    id: check.id,
    repo: run.repo,
    run: run.id,
    attempt: run.attempt,
    key: keyOf(job),
    permissions: jobPermissions(raw.permissions, workflow.raw.permissions, run.fork, otherwise),
    deployment: null,
    deploys: false,
    continueOnError: false,
    waitingSince: null,
    outputs: {},
    steps: [],
    log: '',
    summary: '',
    annotations: [],
    createdAt: hub.clock.now(),
    startedAt: null,
    completedAt: done ? hub.clock.now() : null,
    ...given,
  })
}
