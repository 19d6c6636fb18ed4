import type { Hub } from '../hub.ts'
import type { Job, Run } from '../store/entities.ts'
import { isAwaiting, startsRuns } from './admission.ts'
import { admit, readCalledAnew } from './admit.ts'
import { beginAttempt } from './attempts.ts'
import { parseCalledFiles } from './called-files.ts'
import { holdsGroup, leaveLine } from './concurrency.ts'
import { githubContext, visibleVariables } from './contexts.ts'
import { findWorkflows, messageOf } from './create-run.ts'
import { deleteRun } from './delete-run.ts'
import { type GitHubEvent, workflowRunEvent } from './events.ts'
import type { ExecutionSettings } from './execute.ts'
import { expandJob } from './expand.ts'
import { isSkipped } from './filters.ts'
import { conclusionOf, createScope, isScopeSettled, jobsOf, type LiveRun } from './live-run.ts'
import { cancelLive, contend, endCall, isOpen } from './places.ts'
import { createSchedules, readSchedules } from './schedules.ts'
import { fail, settle } from './settling.ts'
import { tryStart, type Work } from './start-job.ts'
import { report, setRunStatus } from './status.ts'
import { parseWorkflowFile } from './workflow-file.ts'

const DAY = 24 * 3600 * 1000
const LONGEST_RUN = 35 * DAY
const LONGEST_APPROVAL = 30 * DAY
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
  const work: Work = { hub, settings, lives, executing, isClosed: () => closed, pump }
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
        const admitted = await admit(hub, event, found)
        if (!admitted) continue
        const { run, root, called } = admitted
        runs.push(run)
        if (root && called) start({ run, root, called })
        if (isAwaiting(run)) expire(run)
      }
      for (const run of runs) report(hub, 'run', run)
      for (const run of runs) if (lives.has(run.id) || isAwaiting(run)) await announce(run, 'requested')
      pump()
      return runs
    })
  }

  /** A run that nobody approves goes away. */
  function expire(run: Run): void {
    const end = new Date(Date.parse(run.createdAt) + LONGEST_APPROVAL)
    hub.clock.at(end, async () => {
      if (isAwaiting(run)) await deleteRun(hub, run)
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
      for (const row of job.rows ?? [])
        if (row.job.status !== 'completed' && tryStart(work, live, job, row)) changed = true
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
    const failure = redo === 'all' ? await readCalledAnew(hub, run) : undefined
    if (failure) {
      const message = `Invalid workflow file: ${failure.message}`
      hub.store.runs.update(run, { status: 'completed', conclusion: 'startup_failure', message })
      return
    }
    setRunStatus(hub, run, 'queued')
    await takeUp(run)
    pump()
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
