import type { Open } from '@modelyard/github'
import type { Model } from '@modelyard/spec'

/** An entry of `data.fetch`. */
export type Wanted = Model['data']['fetch'][number]

/** A file that lies elsewhere. */
export interface Remote {
  /** Where it lies, without what may be secret. */
  from: string
  /** The file that it becomes, in the model's folder. */
  to: string
  /** What its bytes must be, where the model file says it. */
  pinned: string | undefined
  /** Asks the place for it; throws a `UserError` where it is not there, or may not be read. */
  locate(): Promise<Located>
}

/** What a place says of a file, and how it is read there. */
export interface Located {
  /** What its bytes must be, where the place says it. */
  sha256?: string | undefined
  /** Stands for the place and for what lies there now: where this is the same, the bytes are. */
  version?: string | undefined
  content: InParts | Whole
}

/** A content that is read part by part, so that an interrupted download goes on where it was. */
export interface InParts {
  bytes: number
  open: Open
}

/** A content that is sent from its beginning to its end, of a size that nobody tells. */
export interface Whole {
  stream(): Promise<AsyncIterable<Uint8Array>>
}
