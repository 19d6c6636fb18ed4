import type { Hub } from '../hub.ts'
import type { Lease, Run } from '../store/entities.ts'
import { type Contexts, evaluateDeep } from './expressions.ts'
import type { Mapping } from './workflow-file.ts'

/** What a `concurrency:` says, evaluated. */
export type Concurrency = Pick<Lease, 'group' | 'queue' | 'cancelInProgress'>

/** Undefined where there is none. */
export function readConcurrency(stated: unknown, contexts: Contexts): Concurrency | undefined {
  if (stated === undefined || stated === null) return undefined
  const value = evaluateDeep(stated, contexts)
  const mapping = (typeof value === 'object' ? value : { group: value }) as Mapping
  return {
    group: String(mapping.group),
    queue: mapping.queue === 'max' ? 'max' : 'single',
    cancelInProgress: mapping['cancel-in-progress'] === true,
  }
}

type Memory = Pick<Hub, 'store' | 'clock'>

const MAX_QUEUE = 100

/** Who holds a concurrency group of a repository, then who waits for it, in order. Case makes no difference. */
export function lineOf({ store }: Memory, repo: number, group: string): Lease[] {
  const key = group.toLowerCase()
  return store.leases.filter((row) => row.repo === repo && row.releasedAt === null && row.group.toLowerCase() === key)
}

/** Who asks for a place: a run, a call of it, or a job, with the key that the latter two have in their run. */
export type Contender = Pick<Lease, 'job' | 'call'> & { key: string }

/** The sentence for one that would wait for the run, or the call, that waits for it. */
export function findDeadlock(hub: Memory, run: Run, { key, ...who }: Contender, group: string): string | undefined {
  const isWhole = who.job === null && who.call === undefined
  const holder = lineOf(hub, run.repo, group).find(
    ({ run: id, job, call }) => id === run.id && job === null && (call === undefined || key.startsWith(`${call}/`)),
  )
  if (!holder || isWhole) return undefined
  const between = `between '${holder.call ?? 'top level workflow'}' and '${key}'`
  return `Canceling since a deadlock for concurrency group '${group}' was detected ${between}`
}

/**
 * Joins a group's line; who is in it already keeps its place. Those `replaced` have lost theirs, and are to be
 * cancelled.
 */
export function enterLine(
  hub: Memory,
  wanted: Concurrency,
  who: Pick<Lease, 'repo' | 'run' | 'attempt' | 'job' | 'call'>,
): { lease: Lease; replaced: Lease[] } {
  const line = lineOf(hub, who.repo, wanted.group)
  const known = line.find(
    ({ run, attempt, job, call }) => run === who.run && attempt === who.attempt && job === who.job && call === who.call,
  )
  if (known) return { lease: known, replaced: [] }
  const [holder, ...waiting] = line
  const replaced = wanted.queue === 'max' && waiting.length < MAX_QUEUE ? [] : waiting
  for (const lease of replaced) leaveLine(hub, lease)
  const acquiredAt = holder ? null : hub.clock.now()
  const lease = hub.store.leases.insert({ ...who, ...wanted, acquiredAt, releasedAt: null })
  return { lease, replaced: holder && wanted.cancelInProgress ? [...replaced, holder] : replaced }
}

export function holdsGroup(hub: Memory, lease: Lease): boolean {
  return lineOf(hub, lease.repo, lease.group)[0] === lease
}

/** The next in the line holds the group. */
export function leaveLine(hub: Memory, lease: Lease): void {
  if (lease.releasedAt !== null) return
  hub.store.leases.update(lease, { releasedAt: hub.clock.now() })
  const [next] = lineOf(hub, lease.repo, lease.group)
  if (next?.acquiredAt === null) hub.store.leases.update(next, { acquiredAt: hub.clock.now() })
}
