import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import canonicalize from 'canonicalize'

/**
 * Canonical JSON (RFC 8785). Throws on NaN and infinities: a record says `null` and why.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  return text
}

/** Lower-case hexadecimal SHA-256 of text (as UTF-8) or bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Lower-case hexadecimal SHA-256 and size in bytes of a file, read as a stream. */
export async function fileDigest(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}
