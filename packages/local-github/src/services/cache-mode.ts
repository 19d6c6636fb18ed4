import type { Hub } from '../hub.ts'
import type { Run } from '../store/entities.ts'

/** What starts with nobody's help but that of those who may write. */
const TRUSTED = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'delete',
  'registry_package',
  'page_build',
]

/**
 * What a run's jobs may do with the cache, as `ACTIONS_CACHE_MODE` says it: those that strangers can start on the
 * default branch read it only, as what they put there would be restored by others (GitHub's changelog of 2026-06-26).
 */
export function cacheMode({ store }: Hub, run: Run): 'read' | 'write' {
  const { defaultBranch, id } = store.repositories.get(run.repo)!
  if (run.ref !== `refs/heads/${defaultBranch}` || TRUSTED.includes(run.event)) return 'write'
  // What follows a run is trusted as far as that one is: a fork's is not.
  const followed = run.payload.workflow_run as { head_repository?: { id: number } } | undefined
  return run.event === 'workflow_run' && followed?.head_repository?.id === id ? 'write' : 'read'
}
