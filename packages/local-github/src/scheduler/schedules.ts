import { Cron } from 'croner'
import { resolve } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import type { Repository, Workflow } from '../store/entities.ts'
import { type FoundWorkflow, findWorkflows, workflowRow } from './create-run.ts'
import { type GitHubEvent, scheduleEvent } from './events.ts'

const MINUTE = 60_000
/** Nothing runs more often than this. */
const SHORTEST_INTERVAL = 5 * MINUTE
/** For so long without a push a public repository's schedules go on. */
const INACTIVE_AFTER = 60 * 24 * 60 * MINUTE

export interface Schedules {
  /** The workflow files of a repository's default branch have become these. */
  set: (repo: Repository, found: readonly FoundWorkflow[]) => void
}

/** Lets the times of `on: schedule` come by the clock. */
export function createSchedules(hub: Hub, handle: (event: GitHubEvent) => Promise<unknown>): Schedules {
  const alarms = new Map<number, Set<() => void>>()

  function set(repo: Repository, found: readonly FoundWorkflow[]): void {
    for (const cancel of alarms.get(repo.id) ?? []) cancel()
    const own = new Set<() => void>()
    alarms.set(repo.id, own)
    for (const each of found) {
      const times = each.parsed.ok ? (each.parsed.workflow.events.schedule ?? []) : []
      for (const { cron, timezone } of times as { cron: string; timezone?: string }[]) {
        arm(repo, workflowRow(hub, repo, each), new Cron(cron, { timezone: timezone ?? 'UTC', paused: true }), own)
      }
    }
  }

  function arm(repo: Repository, workflow: Workflow, cron: Cron, own: Set<() => void>, after = hub.clock.time()): void {
    const next = nextRun(cron, after)
    if (!next) return
    const cancel = hub.clock.at(next, async () => {
      own.delete(cancel)
      // A minute less, so that what is to come exactly five minutes later does.
      arm(repo, workflow, cron, own, new Date(next.getTime() + SHORTEST_INTERVAL - MINUTE))
      await fire(repo, workflow, cron.getPattern()!)
    })
    own.add(cancel)
  }

  async function fire(repo: Repository, workflow: Workflow, pattern: string): Promise<void> {
    if (workflow.state !== 'active') return
    if (!repo.private && isInactive(hub, repo, workflow)) {
      hub.store.workflows.update(workflow, { state: 'disabled_inactivity', updatedAt: hub.clock.now() })
      return
    }
    const event = await scheduleEvent(repo, workflow.path, pattern)
    if (event) await handle(event)
  }

  return { set }
}

/** Never, in a time zone that does not exist: the parser takes any text for one. */
function nextRun(cron: Cron, after: Date): Date | null {
  try {
    return cron.nextRun(after)
  } catch {
    return null
  }
}

/** Of all repositories, when the server starts. */
export async function readSchedules(hub: Hub, schedules: Schedules): Promise<void> {
  for (const repo of hub.store.repositories.filter(() => true)) {
    const sha = await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`)
    if (sha) schedules.set(repo, await findWorkflows(repo, sha))
  }
}

/** Who enables a workflow again gives it as long as a push does. */
function isInactive(hub: Hub, repo: Repository, workflow: Workflow): boolean {
  const last = Math.max(Date.parse(repo.pushedAt), Date.parse(workflow.updatedAt))
  return hub.clock.time().getTime() - last > INACTIVE_AFTER
}
