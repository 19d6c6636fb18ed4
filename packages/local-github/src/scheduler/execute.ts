import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { type RunnerSettings, type RunningJob, runJob } from '../runner/act.ts'
import type { JobReport } from '../runner/act-log.ts'
import type { StepTitle } from '../runner/act-steps.ts'
import type { ActionFolders } from '../runner/actions.ts'
import { cacheMode } from '../services/cache-mode.ts'
import { BOT } from '../store/store.ts'
import { jobSecrets, missingMembers, oidcClaims, runnerVariables, visibleVariables } from './contexts.ts'
import type { LiveJob, LiveRow, LiveRun } from './live-run.ts'
import { needsContext } from './outputs.ts'
import { projectJob, readResults } from './project-job.ts'
import type { RunnerLabels } from './runners.ts'
import type { Mapping } from './workflow-file.ts'

export interface Execution {
  done: Promise<JobReport & { outputs: Record<string, string>; url: string | undefined }>
  cancel: () => void
}

export interface ExecutionSettings extends RunnerSettings {
  root: string
  actions: ActionFolders
  labels: RunnerLabels
}

/** Runs one released job: mints its token, projects it, hands it to act and reads its outputs back. */
export function executeJob(
  hub: Hub,
  settings: ExecutionSettings,
  live: LiveRun,
  job: LiveJob,
  row: LiveRow,
): Execution {
  let running: RunningJob | undefined
  let cancelled = false
  const done = (async () => {
    const { run } = live
    const folder = join(settings.root, 'work', String(row.job.id))
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const resultsFile = join(folder, 'results')
    const token = mintToken(hub, live, row)
    try {
      const workflow = projectJob(job.scope.source, job.key, {
        needs: needsContext(hub, live, job),
        matrix: row.job.matrix,
        strategy: row.job.strategy,
        inputs: job.scope.inputs,
        name: row.job.name,
        event: run.event,
        workflow: run.name,
        ...missingMembers(hub, run),
        resultsFile,
      })
      running = runJob(settings, {
        folder,
        workflow,
        resultsFile,
        steps: stepTitles(job.raw),
        event: run.event,
        payload: run.payload,
        actor: run.actor,
        env: { ...settings.env, ...runnerVariables(hub, run), ...serviceVariables(hub, live, job, row) },
        secrets: { ...jobSecrets(hub, live, job, row.job.environment), GITHUB_TOKEN: token },
        vars: visibleVariables(hub, run, row.job.environment),
        actions: await settings.actions.resolve(job.raw.steps),
      })
      if (cancelled) running.cancel()
      const report = await running.done
      const { outputs, url } = readResults(job.raw, report.results ?? '')
      return { ...report, outputs: report.results === undefined ? {} : withoutSecrets(outputs, report.masks), url }
    } finally {
      hub.jobTokens.delete(token)
    }
  })()
  const cancel = () => {
    cancelled = true
    running?.cancel()
  }
  return { done, cancel }
}

/** GitHub hands on no output in which a masked value stands. */
function withoutSecrets(outputs: Record<string, string>, masks: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !masks.some((mask) => value.includes(mask))))
}

function mintToken(hub: Hub, { run }: LiveRun, { job }: LiveRow): string {
  const token = `ghs_${randomBytes(18).toString('hex')}`
  const { permissions } = job
  const principal: Principal = { kind: 'job', login: BOT, repo: run.repo, run: run.id, job: job.id, permissions }
  hub.jobTokens.set(token, principal)
  return token
}

/** Where the artifact, cache and OIDC clients find their services. */
function serviceVariables(hub: Hub, { run }: LiveRun, { scope }: LiveJob, { job }: LiveRow): Record<string, string> {
  const server = hub.urls.server
  const scopes = `Actions.Results:${run.id}:${job.id}`
  const runtime = hub.oidc.issue({ scp: scopes, run: run.id, job: job.id }, 24 * 3600)
  const variables = {
    ACTIONS_RESULTS_URL: `${server}/`,
    ACTIONS_RUNTIME_URL: `${server}/`,
    ACTIONS_RUNTIME_TOKEN: runtime,
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ACTIONS_CACHE_MODE: cacheMode(hub, run),
  }
  if (job.permissions['id-token'] !== 'write') return variables
  const request = hub.oidc.issue({ use: 'id-token', claims: oidcClaims(hub, run, job, scope.call?.file) }, 24 * 3600)
  return {
    ...variables,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server}/_services/oidc/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: request,
  }
}

function stepTitles(raw: Mapping): StepTitle[] {
  return (raw.steps as Record<string, string | undefined>[]).map(({ id, name, uses, run }) => ({
    ...(id ? { id } : {}),
    name: name ?? (uses ? `Run ${uses}` : `Run ${(run ?? '').trim().split('\n')[0]}`),
    isNamed: name !== undefined,
  }))
}
