import { rm } from 'node:fs/promises'
import type { Hub } from '../hub.ts'
import type { Run } from '../store/entities.ts'

/** A run that has ended goes, with its jobs, their checks, its artifacts and what was said about it. */
export async function deleteRun({ store }: Hub, run: Run): Promise<void> {
  const isOwn = (row: { run: number }) => row.run === run.id
  const files = store.artifacts.filter(isOwn).map(({ file }) => file)
  for (const { id } of store.jobs.filter(isOwn)) store.checkRuns.delete(id)
  for (const table of [store.jobs, store.artifacts, store.approvals, store.leases])
    for (const { id } of table.filter(isOwn)) table.delete(id)
  store.runs.delete(run.id)
  for (const file of files) await rm(file, { force: true })
}
