import { parseTag } from './grammar.ts'
import type { State } from './state.ts'

/**
 * The number of a stage's next event: each stage counts its own, so that `m#production#3` is production's third.
 * Where GTO wrote, it counted all stages together; a name that is occupied in whatever way counts.
 */
export function nextCounter({ tags }: State, stage: string): number {
  return tags.reduce((next, name) => {
    const tag = parseTag(name)
    const own = (tag?.kind === 'assignment' || tag?.kind === 'unassignment') && tag.stage === stage
    return own ? Math.max(next, (tag.counter ?? 0) + 1) : next
  }, 1)
}
