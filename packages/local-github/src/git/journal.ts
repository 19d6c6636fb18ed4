import type { Hub } from '../hub.ts'
import type { RefChangeEntry, Repository } from '../store/entities.ts'

/**
 * Does what changes refs and what follows from it, written down meanwhile: a server that is killed in between brings it
 * to its end when it starts again.
 */
export async function journaled<T>(
  hub: Hub,
  repo: Repository,
  entry: Omit<RefChangeEntry, 'id' | 'repo'>,
  work: () => Promise<T>,
): Promise<T> {
  const { id } = hub.store.refChanges.insert({ repo: repo.id, ...entry })
  try {
    return await work()
  } finally {
    hub.store.refChanges.delete(id)
  }
}
