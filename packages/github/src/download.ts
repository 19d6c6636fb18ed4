import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** A response's body, as octokit hands it on when it is told not to parse it. */
export type Bytes = ReadableStream<Uint8Array>

/** Writes a stream to a file; answers with the size in bytes and the SHA-256 of what was written. */
export async function save(stream: Bytes, path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const count = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(stream), count, createWriteStream(path))
  return { bytes, sha256: hash.digest('hex') }
}
