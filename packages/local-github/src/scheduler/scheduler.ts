import type { Hub } from '../hub.ts'
import type { Job, Run } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { awaitsApproval, isAwaiting, startsRuns } from './admission.ts'
import { refusedActions } from './allowed-actions.ts'
import { beginAttempt } from './attempts.ts'
import { CallError, type CalledFiles, loadCalledFiles, parseCalledFiles } from './called-files.ts'
import { holdsGroup, leaveLine } from './concurrency.ts'
import { githubContext, jobContexts, visibleVariables } from './contexts.ts'
import { createRun, type FoundWorkflow, findWorkflows, messageOf, workflowRow } from './create-run.ts'
import { deleteRun } from './delete-run.ts'
import { setJobDeployment } from './deployments.ts'
import { type GitHubEvent, workflowRunEvent } from './events.ts'
import { type ExecutionSettings, executeJob } from './execute.ts'
import { expandJob } from './expand.ts'
import { evaluateDeep } from './expressions.ts'
import { isSkipped, matchesTrigger } from './filters.ts'
import { passEnvironment } from './gates.ts'
import {
  conclusionOf,
  createScope,
  isScopeSettled,
  jobsOf,
  type LiveJob,
  type LiveRow,
  type LiveRun,
} from './live-run.ts'
import { needsContext } from './outputs.ts'
import { defaultsFor } from './permissions.ts'
import { cancelLive, contend, endCall, isOpen } from './places.ts'
import { createSchedules, readSchedules } from './schedules.ts'
import { annotate, fail, settle } from './settling.ts'
import { report, setJobStatus, setRunStatus } from './status.ts'
import { parseWorkflowFile } from './workflow-file.ts'

const MAX_JOBS = 2
const DEFAULT_TIMEOUT_MINUTES = 360
const DAY = 24 * 3600 * 1000
const LONGEST_RUN = 35 * DAY
const LONGEST_APPROVAL = 30 * DAY
/** GitHub's words for a job whose machine went away: here it is the server that did. */
const LOST_RUNNER =
  'The hosted runner lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.'

export interface Scheduler {
  handle: (event: GitHubEvent) => Promise<Run[]>
  /** Looks again at what may go on: an approval came, a deployment was rejected. */
  pump: () => void
  reject: (run: Run, environment: string, message: string) => void
  /** False for a run that has ended. With `force`, what `always()` asks for does not run either. */
  cancel: (run: Run, force?: boolean) => boolean
  rerun: (run: Run, by: string, redo: Run['redo']) => Promise<void>
  /** Starts a run that waited for approval. */
  approve: (run: Run) => Promise<void>
  /** Goes on with what a stopped server left; schedules come by the clock from now on, where that is wished. */
  resume: (schedules: boolean) => Promise<void>
  idle: () => Promise<void>
  close: () => Promise<void>
}

export function createScheduler(hub: Hub, settings: ExecutionSettings): Scheduler {
  const lives = new Map<number, LiveRun>()
  const executing = new Set<Promise<void>>()
  const waiters: (() => void)[] = []
  const schedules = createSchedules(hub, handle)
  let closed = false
  const working = new Set<Promise<unknown>>()
  let scheduled = false

  async function handle(event: GitHubEvent): Promise<Run[]> {
    if (closed) return []
    return tracked(async () => {
      const isMain = event.name === 'push' && event.ref === `refs/heads/${event.repo.defaultBranch}`
      const wanted = startsRuns(hub, event) && !isSkipped(event.name, await messageOf(event))
      const all = wanted || isMain ? await findWorkflows(event.repo, event.sha) : []
      if (isMain && scheduled) schedules.set(event.repo, all)
      const runs: Run[] = []
      for (const found of wanted ? all : []) {
        const run = await admit(event, found)
        if (run) runs.push(run)
      }
      for (const run of runs) report(hub, 'run', run)
      for (const run of runs) if (lives.has(run.id) || isAwaiting(run)) await announce(run, 'requested')
      pump()
      return runs
    })
  }

  /** The run of a workflow that wants an event; it waits for approval, or has failed already, where it must. */
  async function admit(event: GitHubEvent, found: FoundWorkflow): Promise<Run | undefined> {
    if (event.only !== undefined && event.only !== found.path) return undefined
    if (workflowRow(hub, event.repo, found).state !== 'active') return undefined
    // GitHub shows a broken file as a failed run of each push that brings it.
    if (!found.parsed.ok) return event.name === 'push' ? createRun(hub, event, found) : undefined
    const { ref, filterRef = ref, action, name, workflow, paths = async () => [] } = event
    const facts = { event: name, action, ref: filterRef, paths, ...(workflow === undefined ? {} : { workflow }) }
    if (!(await matchesTrigger(found.parsed.workflow, facts))) return undefined
    const called = await calledBy(event, found)
    const run = await createRun(hub, event, found, called)
    if (called instanceof CallError) return run
    const message = refusedActions(hub.store, event.repo, found.parsed.workflow)
    if (message) return hub.store.runs.update(run, { status: 'completed', conclusion: 'startup_failure', message })
    if (awaitsApproval(hub, event)) {
      hub.store.runs.update(run, { status: 'completed', conclusion: 'action_required' })
      expire(run)
      return run
    }
    const { workflow: parsed } = found.parsed
    start({ run, root: createScope({ workflow: parsed, source: found.text, inputs: run.inputs }), called })
    return run
  }

  /** A run that nobody approves goes away. */
  function expire(run: Run): void {
    const end = new Date(Date.parse(run.createdAt) + LONGEST_APPROVAL)
    hub.clock.at(end, async () => {
      if (isAwaiting(run)) await deleteRun(hub, run)
    })
  }

  async function calledBy(
    event: Pick<GitHubEvent, 'repo' | 'ref' | 'sha'>,
    { path, text }: Pick<FoundWorkflow, 'path' | 'text'>,
  ): Promise<CalledFiles | CallError> {
    const { repo, ref, sha } = event
    const file = { repository: fullName(repo), path, ref, sha, text }
    return loadCalledFiles(hub, file, defaultsFor(hub, repo.id)).catch((error) => {
      if (error instanceof CallError) return error
      throw error
    })
  }

  /** Tells the workflows that follow others. */
  async function announce(run: Run, action: 'requested' | 'in_progress' | 'completed'): Promise<void> {
    // The event tells how the run was when it happened: another may come while its commit is read.
    const event = await workflowRunEvent(hub, hub.store.repositories.get(run.repo)!, { ...run }, action)
    if (event) await handle(event)
  }

  function start({ run, root, called }: Pick<LiveRun, 'run' | 'root' | 'called'>): void {
    const isOwn = (row: Job) => row.run === run.id && row.attempt === run.attempt && row.startedAt !== null
    const begun = hub.store.jobs.find(isOwn) !== undefined
    const end = new Date(Date.parse(run.startedAt) + LONGEST_RUN)
    const alarm = hub.clock.at(end, () => void cancel(run))
    const live: LiveRun = { run, root, called, lease: undefined, begun, alarm }
    lives.set(run.id, live)
    const contexts = { github: githubContext(hub, run), inputs: run.inputs, vars: visibleVariables(hub, run) }
    const lease = contend(hub, lives, run, { key: '', job: null }, root.workflow.raw.concurrency, contexts)
    if (typeof lease === 'object') live.lease = lease
  }

  /** Follows a run by the files that it keeps; what its jobs have done already is found as they are looked at. */
  async function takeUp(run: Run): Promise<void> {
    const parsed = await parseWorkflowFile(hub.store.workflows.get(run.workflow)!.path, run.source)
    if (!parsed.ok) throw new Error(parsed.message)
    const root = createScope({ workflow: parsed.workflow, source: run.source, inputs: run.inputs })
    start({ run, root, called: await parseCalledFiles(run) })
  }

  /** Everything that can go on goes on: jobs are expanded, started, runs concluded. Never waits for anything. */
  function pump(): void {
    if (closed) return
    for (let changed = true; changed; ) {
      changed = false
      for (const live of [...lives.values()]) if (advance(live)) changed = true
    }
    if (executing.size === 0 && working.size === 0) for (const wake of waiters.splice(0)) wake()
  }

  function advance(live: LiveRun): boolean {
    const { run, lease } = live
    if (lease && !holdsGroup(hub, lease) && !run.cancelled) {
      setRunStatus(hub, run, 'pending')
      return false
    }
    let changed = false
    for (const job of jobsOf(live.root, (called) => isOpen(hub, lives, live, called))) {
      if (expandJob(hub, live, job)) changed = true
      for (const row of job.rows ?? []) if (row.job.status !== 'completed' && tryStart(live, job, row)) changed = true
      for (const called of job.calls ?? []) if (isScopeSettled(called) && endCall(hub, job, called)) changed = true
    }
    if (isScopeSettled(live.root)) {
      conclude(live)
      return true
    }
    const rows = [...jobsOf(live.root)].flatMap(({ rows = [] }) => rows.map(({ job }) => job.status))
    const status = (['in_progress', 'queued', 'waiting', 'pending'] as const).find((each) => rows.includes(each))
    setRunStatus(hub, run, status ?? 'queued')
    if (status === 'in_progress' && !live.begun) {
      live.begun = true
      void tracked(() => announce(run, 'in_progress'))
    }
    return changed
  }

  /** Starts a queued row when nothing holds it back any more; true when it was settled or started. */
  function tryStart(live: LiveRun, job: LiveJob, row: LiveRow): boolean {
    const { run } = live
    if (row.job.status === 'in_progress') {
      // One that was found so, and not begun here.
      if (!row.cancel) fail(hub, job, row, LOST_RUNNER)
      return !row.cancel
    }
    if (row.cancelled) {
      settle(hub, job, row, 'cancelled')
      return true
    }
    if (!row.lease && job.raw.concurrency !== undefined) {
      const contexts = jobContexts(hub, live, job, {
        needs: needsContext(hub, live, job),
        matrix: row.job.matrix,
        strategy: row.job.strategy,
      })
      const place = contend(hub, lives, run, { key: row.job.key, job: row.job.id }, job.raw.concurrency, contexts)
      if (typeof place === 'string') {
        annotate(hub, row.job, place)
        settle(hub, job, row, 'cancelled')
        return true
      }
      row.lease = place
    }
    if (row.lease && !holdsGroup(hub, row.lease)) {
      setJobStatus(hub, row.job, 'pending')
      return false
    }
    const environment = passEnvironment(hub, run, row, pump)
    if (typeof environment === 'object') {
      fail(hub, job, row, environment.refused)
      return true
    }
    if (environment === 'waiting') {
      setJobStatus(hub, row.job, 'waiting')
      return false
    }
    if (row.job.status !== 'queued') setJobStatus(hub, row.job, 'queued')
    const siblings = job.rows!.filter((other) => other.job.status === 'in_progress').length
    if (executing.size >= MAX_JOBS || siblings >= row.job.strategy['max-parallel']) return false
    execute(live, job, row)
    return true
  }

  function execute(live: LiveRun, job: LiveJob, row: LiveRow): void {
    hub.store.jobs.update(row.job, { startedAt: hub.clock.now() })
    setJobStatus(hub, row.job, 'in_progress')
    setJobDeployment(hub, row.job, 'in_progress')
    const execution = executeJob(hub, settings, live, job, row)
    row.cancel = execution.cancel
    const contexts = jobContexts(hub, live, job, {
      needs: needsContext(hub, live, job),
      matrix: row.job.matrix,
      strategy: row.job.strategy,
    })
    const minutes = Number(evaluateDeep(job.raw['timeout-minutes'], contexts) ?? DEFAULT_TIMEOUT_MINUTES)
    const timeout = setTimeout(() => {
      annotate(hub, row.job, `The job has exceeded the maximum execution time of ${minutes}m0s`)
      execution.cancel()
    }, minutes * 60_000)
    const finished = execution.done
      .then(({ outputs, url, conclusion, steps, log, summary, annotations }) => {
        if (isOver(row)) return
        hub.store.jobs.update(row.job, {
          ...{ steps, log, summary, annotations: [...row.job.annotations, ...annotations] },
          outputs: conclusion === 'success' ? outputs : { ...row.job.outputs, ...outputs },
        })
        settle(hub, job, row, conclusion, url)
      })
      .catch((error: Error) => {
        if (!isOver(row)) fail(hub, job, row, error.message)
      })
      .finally(() => {
        clearTimeout(timeout)
        executing.delete(finished)
        pump()
      })
    executing.add(finished)
  }

  /** Nobody waits for its end: it was cancelled by force, or its server stops and the next one finds it lost. */
  const isOver = ({ job }: LiveRow) => closed || job.status === 'completed'

  function conclude(live: LiveRun): void {
    const { run } = live
    lives.delete(run.id)
    live.alarm?.()
    if (live.lease) leaveLine(hub, live.lease)
    hub.store.runs.update(run, { conclusion: conclusionOf(live) })
    setRunStatus(hub, run, 'completed')
    if (!closed) void tracked(() => announce(run, 'completed'))
  }

  function cancel(run: Run, force = false): boolean {
    const live = lives.get(run.id)
    if (!live) return false
    cancelLive(hub, live)
    if (force) {
      for (const job of jobsOf(live.root)) {
        if (!job.calls) job.rows ??= []
        for (const row of job.rows ?? []) if (row.job.status !== 'completed') settle(hub, job, row, 'cancelled')
      }
    }
    pump()
    return true
  }

  function reject(run: Run, environment: string, message: string): void {
    const live = lives.get(run.id)
    for (const job of live ? jobsOf(live.root) : []) {
      for (const row of job.rows ?? []) {
        if (row.job.status === 'waiting' && row.job.environment === environment) fail(hub, job, row, message)
      }
    }
    pump()
  }

  async function rerun(run: Run, by: string, redo: Run['redo']): Promise<void> {
    beginAttempt(hub, run, by, redo)
    const failure = redo === 'all' ? await readCalledAnew(run) : undefined
    if (failure) {
      const message = `Invalid workflow file: ${failure.message}`
      hub.store.runs.update(run, { status: 'completed', conclusion: 'startup_failure', message })
      return
    }
    setRunStatus(hub, run, 'queued')
    await takeUp(run)
    pump()
  }

  /** A re-run of all jobs takes called workflows as the branches and tags that name them are now. */
  async function readCalledAnew(run: Run): Promise<CallError | undefined> {
    if (!run.called) return undefined
    const repo = hub.store.repositories.get(run.repo)!
    const called = await calledBy(
      { ...run, repo },
      { path: hub.store.workflows.get(run.workflow)!.path, text: run.source },
    )
    if (called instanceof CallError) return called
    hub.store.runs.update(run, { called: [...called.values()].map(({ file }) => file) })
    return undefined
  }

  async function approve(run: Run): Promise<void> {
    hub.store.runs.update(run, { conclusion: null, startedAt: hub.clock.now() })
    setRunStatus(hub, run, 'queued')
    await takeUp(run)
    pump()
  }

  async function resume(wished: boolean): Promise<void> {
    scheduled = wished
    const open = hub.store.runs.filter(({ status }) => status !== 'completed')
    for (const run of open) await takeUp(run)
    for (const run of hub.store.runs.filter(isAwaiting)) expire(run)
    if (wished) void tracked(() => readSchedules(hub, schedules))
    pump()
  }

  async function tracked<T>(work: () => Promise<T>): Promise<T> {
    const promise = work()
    working.add(promise)
    try {
      return await promise
    } finally {
      working.delete(promise)
      pump()
    }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      waiters.push(resolve)
      pump()
    })
  }

  async function close(): Promise<void> {
    closed = true
    for (const live of lives.values())
      for (const { rows = [] } of jobsOf(live.root)) for (const row of rows) row.cancel?.()
    await Promise.allSettled([...executing, ...working])
  }

  return { handle, pump, reject, cancel, rerun, approve, resume, idle, close }
}
