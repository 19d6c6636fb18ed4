import type { Hub } from '../hub.ts'
import type { Run } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { awaitsApproval } from './admission.ts'
import { refusedActions } from './allowed-actions.ts'
import { CallError, type CalledFiles, loadCalledFiles } from './called-files.ts'
import { createRun, type FoundWorkflow, workflowRow } from './create-run.ts'
import type { GitHubEvent } from './events.ts'
import { matchesTrigger } from './filters.ts'
import { createScope, type LiveRun } from './live-run.ts'
import { defaultsFor } from './permissions.ts'

type Admitted = Pick<LiveRun, 'run'> & Partial<Pick<LiveRun, 'root' | 'called'>>

/**
 * The run of a workflow that wants an event, with what there is to follow; without that where it waits for approval, or
 * has failed already.
 */
export async function admit(hub: Hub, event: GitHubEvent, found: FoundWorkflow): Promise<Admitted | undefined> {
  if (event.only !== undefined && event.only !== found.path) return undefined
  if (workflowRow(hub, event.repo, found).state !== 'active') return undefined
  // GitHub shows a broken file as a failed run of each push that brings it.
  if (!found.parsed.ok) return event.name === 'push' ? { run: await createRun(hub, event, found) } : undefined
  const { ref, filterRef = ref, action, name, workflow, paths = async () => [] } = event
  const facts = { event: name, action, ref: filterRef, paths, ...(workflow === undefined ? {} : { workflow }) }
  if (!(await matchesTrigger(found.parsed.workflow, facts))) return undefined
  const called = await calledBy(hub, event, found)
  const run = await createRun(hub, event, found, called)
  if (called instanceof CallError) return { run }
  const message = refusedActions(hub.store, event.repo, found.parsed.workflow)
  if (message) {
    hub.store.runs.update(run, { status: 'completed', conclusion: 'startup_failure', message })
    return { run }
  }
  if (awaitsApproval(hub, event)) {
    hub.store.runs.update(run, { status: 'completed', conclusion: 'action_required' })
    return { run }
  }
  const { workflow: parsed } = found.parsed
  return { run, root: createScope({ workflow: parsed, source: found.text, inputs: run.inputs }), called }
}

async function calledBy(
  hub: Hub,
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

/** A re-run of all jobs takes called workflows as the branches and tags that name them are now. */
export async function readCalledAnew(hub: Hub, run: Run): Promise<CallError | undefined> {
  if (!run.called) return undefined
  const repo = hub.store.repositories.get(run.repo)!
  const called = await calledBy(
    hub,
    { ...run, repo },
    { path: hub.store.workflows.get(run.workflow)!.path, text: run.source },
  )
  if (called instanceof CallError) return called
  hub.store.runs.update(run, { called: [...called.values()].map(({ file }) => file) })
  return undefined
}
