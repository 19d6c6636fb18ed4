import type { Hub } from '../hub.ts'
import { repoHtml } from '../shapes/common.ts'
import type { Conclusion, Job } from '../store/entities.ts'
import { jobContexts } from './contexts.ts'
import { type Contexts, evaluateCondition, evaluateDeep, evaluateTemplate } from './expressions.ts'
import { createRow, isSettled, type LiveJob, type LiveRow, type LiveRun, needsContext, statusFor } from './live-run.ts'
import { expandMatrix, matrixJobName } from './matrix.ts'
import { jobPermissions } from './permissions.ts'
import type { Mapping } from './workflow-file.ts'

/**
 * Looks at a job whose needs are settled: skipped, or one queued row per combination of its matrix. An expression
 * that cannot be evaluated makes a failed row that says so. False while a need is open.
 */
export function expandJob(hub: Hub, live: LiveRun, job: LiveJob): boolean {
  if (job.rows || !job.needs.every((key) => isSettled(live.jobs.get(key)!))) return false
  const needs = needsContext(live, job)
  try {
    const contexts = jobContexts(hub, live.run, { needs })
    if (!evaluateCondition(job.raw.if, contexts, statusFor(live, job))) {
      job.rows = [settledRow(hub, live, job, 'skipped', '')]
      return true
    }
    if ('uses' in job.raw)
      throw new Error(`The job ${job.key} calls a reusable workflow: the local GitHub cannot run one yet.`)
    job.rows = combinations(job, contexts).map((matrix, index, all) =>
      queuedRow(hub, live, job, needs, matrix, index, all.length),
    )
  } catch (error) {
    job.rows = [settledRow(hub, live, job, 'failure', (error as Error).message)]
  }
  return true
}

function combinations(job: LiveJob, contexts: Contexts): (Record<string, unknown> | null)[] {
  const matrix = (job.raw.strategy as Mapping | undefined)?.matrix
  if (matrix === undefined) return [null]
  const expanded = expandMatrix(evaluateDeep(matrix, contexts) as Record<string, unknown>)
  if (expanded.length === 0) throw new Error('Matrix vector does not contain any values')
  return expanded
}

function queuedRow(
  hub: Hub,
  live: LiveRun,
  job: LiveJob,
  needs: Contexts,
  matrix: Record<string, unknown> | null,
  index: number,
  total: number,
): LiveRow {
  const { raw, key } = job
  const { matrix: _matrix, ...written } = (raw.strategy ?? {}) as Mapping
  const stated = evaluateDeep(written, jobContexts(hub, live.run, { needs })) as Mapping
  const strategy: Job['strategy'] = {
    'fail-fast': stated['fail-fast'] !== false,
    'job-index': index,
    'job-total': total,
    'max-parallel': Number(stated['max-parallel'] ?? total),
  }
  const contexts = jobContexts(hub, live.run, { needs, matrix, strategy })
  const text = (value: unknown) => String(evaluateTemplate(String(value), contexts) ?? '')
  const environment = raw.environment as string | { name: string; url?: string; deployment?: boolean } | undefined
  const environmentName = typeof environment === 'object' ? environment.name : environment
  const name = raw.name === undefined ? matrixJobName(key, matrix ?? {}) : text(raw.name)
  const row = insertJob(hub, live, job, {
    name,
    labels: [evaluateDeep(raw['runs-on'] ?? 'ubuntu-latest', contexts)].flat().map(String),
    matrix,
    strategy,
    environment: environmentName === undefined ? null : text(environmentName) || null,
    status: 'queued',
    conclusion: null,
    result: null,
    continueOnError: evaluateDeep(raw['continue-on-error'], contexts) === true,
    deploys: !(typeof environment === 'object' && environment.deployment === false),
  })
  return createRow(row)
}

function settledRow(hub: Hub, live: LiveRun, job: LiveJob, conclusion: Conclusion, message: string): LiveRow {
  const row = insertJob(hub, live, job, {
    name: typeof job.raw.name === 'string' && !job.raw.name.includes('${{') ? job.raw.name : job.key,
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
function insertJob(hub: Hub, { run, workflow }: LiveRun, { key, raw }: LiveJob, given: Given): Job {
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
  hub.store.checkRuns.update(check, { detailsUrl: `${repoHtml(hub, repo)}/actions/runs/${run.id}/job/${check.id}` })
  return hub.store.jobs.insert({
    id: check.id,
    repo: run.repo,
    run: run.id,
    attempt: run.attempt,
    key,
    permissions: jobPermissions(raw.permissions, workflow.raw.permissions, run.fork),
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
