import type { Span } from '@modelyard/github'
import type { Digest } from '../bytes/measure.ts'

/** A place beside GitHub that keeps bytes by their digest. */
export interface Store {
  /** As it stands in a manifest: `s3://bucket/prefix`, `oci://host/repository`, `lfs`. */
  pointer: string
  /** Whether it has files whole, whatever their size. */
  whole?: boolean
  /** Whether it holds these bytes, whole. */
  has(digest: Digest): Promise<boolean>
  /** Sends bytes; the store refuses those of another digest. */
  put(digest: Digest, content: Blob): Promise<void>
  /** Reads a part of them as a stream. */
  open(digest: Digest, span: Span): Promise<AsyncIterable<Uint8Array>>
}
