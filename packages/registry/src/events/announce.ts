import { createTagObject, type GitHub, readRef } from '@modelyard/github'
import { RegistryEvent, UserError } from '@modelyard/spec'
import { parseTag } from '../tags/grammar.ts'
import { nextTime, type Snapshot } from './decide.ts'
import type { Page } from './draft.ts'
import { type Finished, finish, type Known } from './finish.ts'
import { appendEvent } from './log.ts'
import { refuseConflicts } from './ref-conflict.ts'

/** What is particular to an event; its schema, its time and its tag's object are the same for all. */
type Particular<E> = E extends RegistryEvent ? Omit<E, 'schema' | 'time' | 'tag'> : never

/** An event that was decided on a snapshot. */
export interface Announcement {
  event: Particular<RegistryEvent>
  /** The name and the message of the tag that makes it visible, at the event's commit. */
  tag: string
  message: string
  /** Commits that the log is to hold on to. */
  keeps?: string[]
  /** A registration's draft, and what it is to say. */
  release?: NonNullable<Known['release']>
  page?: Page
}

/**
 * Makes an event: the tag's object, which nobody sees; the entry in the model's log, which decides; then what the entry
 * announces. `lost` means that another event came first, and whoever asks decides again. Throws a `RefusedError`, before
 * the log moves, where the listed tags leave its tag no room.
 */
export async function announce(
  github: GitHub,
  snapshot: Snapshot,
  { event: said, tag: name, message, keeps = [], ...known }: Announcement,
): Promise<Finished | 'lost'> {
  refuseConflicts(name, snapshot.names)
  const { commit, actor } = said
  if (!parseTag(name)) {
    throw new UserError(
      `The tag of this event would be ${name}, which nobody can read: nothing was written. Look at the names in it, and whether its number follows one that is too large: \`modelyard registry doctor\`.`,
    )
  }
  const time = nextTime(snapshot)
  const object = await createTagObject(github, { name, commit, message, tagger: actor, time })
  const event = RegistryEvent.parse({
    ...said,
    schema: 'https://modelyard.dev/event/v1',
    time,
    tag: { name, object },
  })
  if ((await appendEvent(github, { tip: snapshot.tip, event, keeps })) === 'lost') {
    return (await isMade(github, event)) ? { holds: true, published: null } : 'lost'
  }
  const finished = await finish(github, event, known)
  return finished.holds ? finished : 'lost'
}

/**
 * Whether an entry that seems lost is in the log after all: the answer can be lost on the way, and others can stand on
 * the entry by the time it is sent again; they made its tag first. Decided once more, it would undo what they did. A
 * registration knows itself again.
 */
async function isMade(github: GitHub, { type, tag }: RegistryEvent): Promise<boolean> {
  return type !== 'registration' && (await readRef(github, `refs/tags/${tag.name}`))?.sha === tag.object
}
