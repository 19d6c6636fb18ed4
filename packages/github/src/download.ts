import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** A response's body, as octokit hands it on when it is told not to parse it. */
export type Bytes = ReadableStream<Uint8Array>

/** The bytes of a content from `start` up to `end`, which is not among them. */
export interface Span {
  start: number
  end: number
}

/**
 * How `fetch` sends a body as a stream. Otherwise Node keeps a copy of all that was sent, in case that a redirect asks
 * for it again.
 */
export const STREAMED = { redirect: 'error', window: null } as const

/** Reads a part of a content as a stream. */
export type Open = (span: Span) => Promise<AsyncIterable<Uint8Array>>

/** The header that asks for a part. */
export function rangeOf({ start, end }: Span): { range: string } {
  return { range: `bytes=${start}-${end - 1}` }
}

/** The part that was asked for, of an answer: a server may send everything instead (200, not 206). */
export function partOf(status: number, body: AsyncIterable<Uint8Array>, span: Span): AsyncIterable<Uint8Array> {
  return status === 206 ? body : cut(body, span)
}

async function* cut(body: AsyncIterable<Uint8Array>, { start, end }: Span): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of body) {
    const piece = chunk.subarray(Math.max(start - at, 0), Math.max(end - at, 0))
    if (piece.length > 0) yield piece
    at += chunk.length
    if (at >= end) return
  }
}

/** Writes a stream to a file. */
export async function save(stream: Bytes, path: string): Promise<void> {
  await pipeline(Readable.fromWeb(stream), createWriteStream(path))
}
