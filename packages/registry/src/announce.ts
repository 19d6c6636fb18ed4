import { createTagObject, type GitHub } from '@modelyard/github'
import { RegistryEvent } from '@modelyard/spec'
import { type Finished, finish, nextTime, type Snapshot } from './decide.ts'
import { appendEvent } from './log.ts'

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
  /** The page of a registration's release. */
  page?: { name: string; body: string }
}

/**
 * Makes an event: the tag's object, which nobody sees; the entry in the model's log, which decides; then what the entry
 * announces. `lost` means that another event came first, and whoever asks decides again.
 */
export async function announce(
  github: GitHub,
  { tip, state }: Snapshot,
  { event: said, tag: name, message, keeps = [], page }: Announcement,
): Promise<Finished | 'lost'> {
  const { commit, actor } = said
  const time = nextTime(state)
  const object = await createTagObject(github, { name, commit, message, tagger: actor, time })
  const event = RegistryEvent.parse({
    ...said,
    schema: 'https://modelyard.dev/event/v1',
    time,
    tag: { name, object },
  })
  if ((await appendEvent(github, { tip, event, keeps })) === 'lost') return 'lost'
  const finished = await finish(github, event, [], page)
  return finished.holds ? finished : 'lost'
}
