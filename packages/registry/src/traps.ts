/** Something in the tags or logs of a repository that GTO or people read otherwise than it was meant. */
export interface Trap {
  /** Which one: the guide on GTO (docs/gto.md) explains each under this name. */
  kind: TrapKind
  /** `fail` where GTO cannot read the repository any more, or a thing that was announced is not there. */
  level: 'warn' | 'fail'
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
  | 'created tag'
  | 'disagreement'
  | 'equal seconds'
  | 'event without tag'
  | 'foreign tag'
  | 'lightweight tag'
  | 'moved version'
  | 'not a commit'
  | 'not in the grammar'
  | 'order of counters'
  | 'registered twice'
  | 'shallow clone'
  | 'unfinished event'
  | 'unregistered commit'
  | 'versions on one commit'

/** New events (or what an event announced already) that mend a trap without rewriting history. */
export type Remedy =
  | { do: 'finish'; model: string }
  | { do: 'restore'; tag: string; object: string }
  | { do: 'assign'; model: string; stage: string; version: string }
  | { do: 'unassign'; model: string; stage: string; version: string }

/** An entry of a model's log, as its commit tells it. */
export interface LoggedEvent {
  model: string
  /** The commit of the log. */
  sha: string
  tag: string
  /** The commit that its tag names. */
  commit: string
}
