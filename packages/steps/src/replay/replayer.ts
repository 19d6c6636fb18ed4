import type { Engine, Kind, Model, Predicate, Statement, Subject } from '@modelyard/spec'

/** A record that is to be made again, and where the files may lie that it names. */
export interface Asked<K extends Kind> {
  record: Statement<K>
  /** The record's folder. */
  folder: string
  model: Model
  /** Where the champion's model lies, if not beside the record: a file or a folder. */
  champion?: string
  log: (message: string) => void
}

/** What the files say: a record but for what is a fact about the run that made it. */
export interface Found<K extends Kind> {
  subject: Subject[]
  said: Omit<Predicate<K>, 'model' | 'source' | 'engine' | 'run'> & { engine: Omit<Engine, 'modelyard'> }
  /** What was not made again but taken as the record has it, as sentences. */
  notes: string[]
}

/** Makes a record of one kind again. Throws a `UserError` for a file that is not there under its digest. */
export type Again<K extends Kind> = (asked: Asked<K>) => Promise<Found<K>>
