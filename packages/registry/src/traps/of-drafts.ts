import type { PendingDraft } from './read-drafts.ts'
import type { LoggedEvent, Trap } from './trap.ts'

/** A registration takes minutes; one that failed takes its draft up when it runs again. */
const DAY = 24 * 60 * 60 * 1000

/**
 * Drafts that no registration came back to. One that the log knows is never among them, whatever became of its release:
 * the version's bytes may be there alone.
 */
export function findTrapsOfDrafts(drafts: readonly PendingDraft[], logs: readonly LoggedEvent[], now: Date): Trap[] {
  const registered = new Set(logs.map(({ pending }) => pending))
  return drafts.flatMap(({ id, model, tag, changed }) => {
    if (registered.has(tag) || changed === null || now.getTime() - Date.parse(changed) < DAY) return []
    return [
      {
        ...{ kind: 'abandoned draft', level: 'warn', model, tags: [tag] },
        finding: `A draft of a release (${id}) was last changed at ${changed} for a version of ${model} that was never registered.`,
        mend: 'Delete it; or run the registration again, which goes on with it.',
        remedy: { do: 'discard', model, release: id, changed },
      } satisfies Trap,
    ]
  })
}
