import { resolve } from '../git/git.ts'
import type { Hub } from '../hub.ts'
import { findRepository } from '../store/store.ts'
import { findWorkflows } from './create-run.ts'
import { scheduleEvent } from './events.ts'
import type { Scheduler } from './scheduler.ts'

/** Starts a run as if the time of a workflow's first schedule had come; answers with the run's id. */
export async function runSchedule(hub: Hub, scheduler: Scheduler, fullName: string, workflow: string): Promise<number> {
  const repo = findRepository(hub.store, fullName)
  const sha = repo && (await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`))
  const found = sha ? (await findWorkflows(repo, sha)).find(({ path }) => path.endsWith(`/${workflow}`)) : undefined
  const cron = found?.parsed.ok ? firstCron(found.parsed.workflow.events.schedule) : undefined
  if (!repo || !found || cron === undefined) throw new Error(`${fullName} has no ${workflow} with a schedule.`)
  const event = await scheduleEvent(repo, found.path, cron)
  const [run] = event ? await scheduler.handle(event) : []
  if (!run) throw new Error(`${workflow} of ${fullName} was not started.`)
  return run.id
}

function firstCron(schedule: unknown): string | undefined {
  return Array.isArray(schedule) ? (schedule[0] as { cron?: string } | undefined)?.cron : undefined
}
