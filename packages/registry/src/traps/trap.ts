/** Something in the tags or logs of a repository that people or GTO read otherwise than it was meant. */
export interface Trap {
  /** Which one: the guide on GTO (docs/gto.md) explains each under this name. */
  kind: TrapKind
  /** `fail` where GTO reads nothing any more, or where a thing that was announced is not there. */
  level: 'warn' | 'fail'
  /** Null where it is about the whole repository. */
  model: string | null
  tags: string[]
  /** What it is, as a sentence. */
  finding: string
  /** What to do about it, as a sentence. */
  mend: string
  /** What mends it with new events alone; none where only a person can. */
  remedy?: Remedy
}

export type TrapKind =
  | 'abandoned draft'
  | 'another tag'
  | 'created tag'
  | 'disagreement'
  | 'equal seconds'
  | 'event without tag'
  | 'lightweight tag'
  | 'moved version'
  | 'not a commit'
  | 'not by Modelyard'
  | 'not in the grammar'
  | 'order of counters'
  | 'past the log'
  | 'registered twice'
  | 'shallow clone'
  | 'time out of range'
  | 'unfinished event'
  | 'unregistered commit'
  | 'versions on one commit'

/**
 * What mends a trap without rewriting history: a new event, what an event announced already, or the end of what never
 * became one. What it was found on (`changed`, `after`) has to be there still.
 */
export type Remedy =
  | { do: 'finish'; model: string }
  | { do: 'restore'; model: string; tag: string; entry: string }
  | { do: 'discard'; model: string; release: number; changed: string }
  | { do: 'assign' | 'unassign'; model: string; stage: string; version: string; after: string }

/** An entry of a model's log, as its commit tells it. */
export interface LoggedEvent {
  model: string
  /** The entry's commit. */
  entry: string
  /** The tag that it announces, and the commit that this names. */
  tag: string
  commit: string
  /** Whether it is the newest: whoever comes next finishes it. */
  isTip: boolean
  /** Whether it announces a release that is still a draft. */
  isDraft: boolean
  /** The tag that a registration's draft had before. */
  pending?: string
}
