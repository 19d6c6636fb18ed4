import type { Hub } from '../hub.ts'
import { finishMerge } from '../pulls/merge.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { RefChangeEntry, Repository } from '../store/entities.ts'
import { readRefs } from './ref-files.ts'
import { announce, diffRefs } from './refs.ts'

/**
 * At the start: what git had done when the server was killed is announced, although part of it may have been before.
 * Where git had not done it yet it stays undone, as nobody was answered.
 */
export async function finishChanges(hub: Hub): Promise<void> {
  for (const entry of hub.store.refChanges.filter(() => true)) {
    const repo = hub.store.repositories.get(entry.repo)
    try {
      if (repo) await finish(hub, repo, entry)
    } finally {
      // What cannot be announced is told once, and not in the way of every start.
      hub.store.refChanges.delete(entry.id)
    }
  }
}

async function finish(hub: Hub, repo: Repository, { by, before, all, merge }: RefChangeEntry): Promise<void> {
  const named = new Set(before.map(({ ref }) => ref))
  const now = readRefs(repo.gitDir).filter(({ ref }) => all || named.has(ref))
  const updates = diffRefs(before, now)
  const [update] = updates
  const issue = merge === undefined ? undefined : hub.store.issues.get(merge)
  if (issue?.pull && update) await finishMerge(hub, repo, by, issue as Pull, update)
  else await announce(hub, repo, by, updates)
}
