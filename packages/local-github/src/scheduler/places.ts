import type { Hub } from '../hub.ts'
import type { Lease, Run } from '../store/entities.ts'
import { callContexts } from './calls.ts'
import { type Contender, enterLine, findDeadlock, holdsGroup, leaveLine, readConcurrency } from './concurrency.ts'
import { jobContexts } from './contexts.ts'
import type { Contexts } from './expressions.ts'
import { isScopeSettled, jobsOf, type LiveJob, type LiveRun, resultOfScope, type Scope } from './live-run.ts'
import { needsContext } from './outputs.ts'
import { cancelRow, cancelScope } from './settling.ts'

/** The runs that are not finished, by id. */
type Lives = ReadonlyMap<number, LiveRun>

/** Enters the line of a `concurrency:`; undefined where there is none, a sentence where it would wait for itself. */
export function contend(
  hub: Hub,
  lives: Lives,
  run: Run,
  who: Contender,
  stated: unknown,
  contexts: Contexts,
): Lease | string | undefined {
  const wanted = readConcurrency(stated, contexts)
  if (!wanted) return undefined
  const { key: _key, ...place } = who
  const deadlock = findDeadlock(hub, run, who, wanted.group)
  if (deadlock !== undefined) return deadlock
  const { lease, replaced } = enterLine(hub, wanted, { repo: run.repo, run: run.id, attempt: run.attempt, ...place })
  for (const other of replaced) cancelLease(hub, lives, other)
  return lease
}

function cancelLease(hub: Hub, lives: Lives, { run, job, call }: Lease): void {
  const live = lives.get(run)
  if (!live) return
  if (job === null && call === undefined) cancelLive(hub, live)
  for (const each of jobsOf(live.root)) {
    for (const row of each.rows ?? []) if (row.job.id === job) cancelRow(row)
    for (const called of each.calls ?? []) if (called.call?.key === call) cancelScope(called)
  }
}

/** Whether the jobs of a called workflow may be looked at: it is its turn in the lines and in the matrix. */
export function isOpen(hub: Hub, lives: Lives, live: LiveRun, called: Scope): boolean {
  const { run } = live
  const { job, strategy, cancelled } = called.call!
  if (cancelled || run.cancelled) return true
  const going = job.calls!.filter((other) => other.call!.leases && !isScopeSettled(other)).length
  if (!called.call!.leases && going >= strategy['max-parallel']) return false
  called.call!.leases ??= enterCall(hub, lives, live, called)
  return called.call!.cancelled || called.call!.leases.every((lease) => holdsGroup(hub, lease))
}

function enterCall(hub: Hub, lives: Lives, live: LiveRun, called: Scope): Lease[] {
  const { job, key, strategy, matrix } = called.call!
  const who = { key, job: null, call: key }
  const contexts = jobContexts(hub, live, job, { needs: needsContext(hub, live, job), matrix, strategy })
  const places = [
    contend(hub, lives, live.run, who, job.raw.concurrency, contexts),
    contend(hub, lives, live.run, who, called.workflow.raw.concurrency, callContexts(hub, live, called)),
  ]
  if (places.some((place) => typeof place === 'string')) cancelScope(called)
  return places.filter((place) => typeof place === 'object')
}

/** Gives up the places of a call that has ended; true when it did so now. */
export function endCall(hub: Hub, job: LiveJob, called: Scope): boolean {
  const { leases = [], strategy } = called.call!
  const open = leases.filter((lease) => lease.releasedAt === null)
  for (const lease of open) leaveLine(hub, lease)
  if (resultOfScope(called) === 'failure' && strategy['fail-fast'])
    for (const other of job.calls!) if (!isScopeSettled(other) && !other.call!.cancelled) cancelScope(other)
  return open.length > 0
}

/** Cancels what goes on of a run; its `always()` jobs may still run. */
export function cancelLive(hub: Hub, live: LiveRun): void {
  hub.store.runs.update(live.run, { cancelled: true })
  cancelScope(live.root)
}
