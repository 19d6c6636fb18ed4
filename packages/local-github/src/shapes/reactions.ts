import type { Reaction, ReactionContent, ReactionSubject } from '../store/entities.ts'
import { nodeId, type Shaping, simpleUser } from './common.ts'

export const REACTIONS: readonly ReactionContent[] = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
]

export function reactionShape(shaping: Shaping, { id, user, content, createdAt }: Reaction) {
  const node_id = nodeId('Reaction', id)
  return { id, node_id, user: simpleUser(shaping, user), content, created_at: createdAt }
}

/** The counts that go with what was reacted to; `url` is its own. */
export function reactionRollup({ store }: Shaping, kind: ReactionSubject, subject: number, url: string) {
  const given = store.reactions.filter((row) => row.kind === kind && row.subject === subject)
  const count = (content: ReactionContent) => given.filter((row) => row.content === content).length
  const counts = Object.fromEntries(REACTIONS.map((content) => [content, count(content)]))
  return { url: `${url}/reactions`, total_count: given.length, ...(counts as Record<ReactionContent, number>) }
}
