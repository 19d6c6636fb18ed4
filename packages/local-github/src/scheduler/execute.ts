import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { type RunnerSettings, type RunningJob, runJob } from '../runner/act.ts'
import { type JobReport, toAnnotation } from '../runner/act-log.ts'
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
    const work = join(settings.root, 'work')
    await mkdir(work, { recursive: true })
    // No job comes upon the folder of another by chance.
    const folder = await mkdtemp(join(work, `${row.job.id}-`))
    const resultsFile = join(folder, 'results')
    const token = mintToken(hub, live, row)
    const services = serviceVariables(hub, live, job, row)
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
        env: { ...settings.env, ...runnerVariables(hub, run), ...services },
        masked: Object.entries(services).flatMap(([name, value]) => (name.endsWith('_TOKEN') ? [value] : [])),
        secrets: { ...jobSecrets(hub, live, job, row.job.environment), GITHUB_TOKEN: token },
        vars: visibleVariables(hub, run, row.job.environment),
        actions: await settings.actions.resolve(job.raw.steps),
      })
      if (cancelled) running.cancel()
      const report = await running.done
      return { ...report, ...resultsOf(job, row, report) }
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

/** GitHub hands on no output, and no address of an environment, in which a masked value stands. */
function resultsOf(
  job: LiveJob,
  row: LiveRow,
  { results, masker, annotations }: JobReport & { results: string | undefined },
): Pick<Awaited<Execution['done']>, 'outputs' | 'url' | 'annotations'> {
  if (results === undefined) return { outputs: {}, url: undefined, annotations }
  const { outputs, url } = readResults(job.raw, results)
  const shown = Object.fromEntries(Object.entries(outputs).filter(([, value]) => masker.passes(value)))
  if (url === undefined || masker.passes(url)) return { outputs: shown, url, annotations }
  const message = `Skip setting environment url as environment '${row.job.environment}' may contain secret.`
  return { outputs: shown, url: undefined, annotations: [...annotations, toAnnotation('warning', {}, message)] }
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
  const claims = oidcClaims(hub, run, job, scope.call?.file)
  const request = hub.oidc.issue({ use: 'id-token', job: job.id, claims }, 24 * 3600)
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
