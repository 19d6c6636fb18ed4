import { type Contexts, evaluateDeep } from './expressions.ts'
import type { Mapping } from './workflow-file.ts'

/** One that wants to be alone in its group: a run or a job. */
export interface Contender {
  group: string
  /** `max`: wait in line (up to 100), instead of replacing who waits already. */
  queue: 'single' | 'max'
  cancelInProgress: boolean
  cancel: (reason: string) => void
}

/** What a `concurrency:` says, evaluated; undefined where there is none. */
export function readConcurrency(stated: unknown, contexts: Contexts): Omit<Contender, 'cancel'> | undefined {
  if (stated === undefined || stated === null) return undefined
  const value = evaluateDeep(stated, contexts)
  const mapping = (typeof value === 'object' ? value : { group: value }) as Mapping
  return {
    group: String(mapping.group),
    queue: mapping.queue === 'max' ? 'max' : 'single',
    cancelInProgress: mapping['cancel-in-progress'] === true,
  }
}

const MAX_QUEUE = 100

/** Who holds each concurrency group of a repository, and who waits for it. */
export class ConcurrencyGroups {
  readonly #lines = new Map<string, Contender[]>()

  /** Joins the group's line, at the cost of whom GitHub cancels for it. */
  enter(contender: Contender): void {
    const key = contender.group.toLowerCase()
    const [holder, ...waiting] = this.#lines.get(key) ?? []
    const line = holder ? [holder] : []
    const replaced = contender.queue === 'max' && waiting.length < MAX_QUEUE ? [] : waiting
    this.#lines.set(key, [...line, ...waiting.filter((other) => !replaced.includes(other)), contender])
    const reason = `Canceling since a higher priority waiting request for ${contender.group} exists`
    for (const other of replaced) other.cancel(reason)
    if (holder && contender.cancelInProgress) holder.cancel(reason)
  }

  holds(contender: Contender): boolean {
    return this.#lines.get(contender.group.toLowerCase())?.[0] === contender
  }

  leave(contender: Contender): void {
    const key = contender.group.toLowerCase()
    const line = (this.#lines.get(key) ?? []).filter((other) => other !== contender)
    if (line.length) this.#lines.set(key, line)
    else this.#lines.delete(key)
  }
}
