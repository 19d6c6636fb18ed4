import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileDigest, readFile, sha256 } from '@modelyard/spec'

/** Where a file lies, or what it holds. */
export type Content = { path: string } | { bytes: Uint8Array<ArrayBuffer> }

/** A content by its digest. */
export interface Digest {
  sha256: string
  bytes: number
}

/** A content by its digest; one that is larger than a part, by those of its parts too. */
export interface Measured extends Digest {
  parts?: Digest[]
}

/**
 * The size of all parts but the last. GitHub's releases take files of less than 2 GiB; this is the size of a shard of
 * OpenSSF Model Signing, so that parts and signed shards are the same bytes.
 */
export const PART_SIZE = 1_000_000_000

/** Measures a content, reading it once, as a stream. */
export async function measure(content: Content, partSize: number = PART_SIZE): Promise<Measured> {
  if ('bytes' in content && content.bytes.length <= partSize) {
    return { sha256: sha256(content.bytes), bytes: content.bytes.length }
  }
  if ('path' in content && (await stat(content.path)).size <= partSize) return fileDigest(content.path)

  const whole = createHash('sha256')
  let part = createHash('sha256')
  const parts: Digest[] = []
  let [bytes, inPart] = [0, 0]
  const endPart = () => {
    parts.push({ sha256: part.digest('hex'), bytes: inPart })
    part = createHash('sha256')
    inPart = 0
  }
  for await (const chunk of 'path' in content ? readFile(content.path) : [content.bytes]) {
    whole.update(chunk)
    bytes += chunk.length
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + partSize - inPart)
      part.update(piece)
      at += piece.length
      inPart += piece.length
      if (inPart === partSize) endPart()
    }
  }
  if (inPart > 0) endPart()
  return { sha256: whole.digest('hex'), bytes, parts }
}

/** A content that can be sent in slices. It fails to be read where the file has changed since. */
export function blobOf(content: Content): Promise<Blob> | Blob {
  return 'path' in content ? openAsBlob(content.path) : new Blob([content.bytes])
}
