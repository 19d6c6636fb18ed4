import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** DuckDB reads no longer object. */
const MOST_OF_OBJECT = 16 * 2 ** 20

/** The bytes of a file, unpacked if its name says that it is compressed. */
export function unpacked(path: string): Readable {
  const file = createReadStream(path)
  const unpack = /\.gz$/i.test(path) ? createGunzip() : /\.zst$/i.test(path) ? createZstdDecompress() : undefined
  if (!unpack) return file
  file.on('error', (error) => unpack.destroy(error))
  unpack.on('close', () => file.destroy())
  return file.pipe(unpack)
}

/** The lines, from 1, in which bytes of a text file are, given by their places in rising order. */
export async function linesOfBytes(path: string, places: readonly number[]): Promise<number[]> {
  const found: number[] = []
  let place = 0
  let line = 1
  let before = 0
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      while (place === places[found.length]) found.push(line)
      if (found.length === places.length) return found
      if (byte === LINE_FEED ? before !== CARRIAGE_RETURN : byte === CARRIAGE_RETURN) line++
      before = byte
      place++
    }
  }
  return [...found, ...places.slice(found.length).map(() => line)]
}

/** The first line of a file that is no JSON object, or too long for one, from 1. */
export async function firstBrokenLine(path: string): Promise<number | undefined> {
  let number = 1
  let begun: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
        if (isBroken([...begun, chunk.subarray(from, end)])) return number
        begun = []
        bytes = 0
        from = end + 1
        number++
      }
      begun.push(chunk.subarray(from))
      bytes += chunk.length - from
      if (bytes > MOST_OF_OBJECT) return number
    }
  } catch {
    return number
  }
  return isBroken(begun) ? number : undefined
}

function isBroken(pieces: Buffer[]): boolean {
  const line = Buffer.concat(pieces)
  if (line.length > MOST_OF_OBJECT) return true
  const text = line.toString('utf8')
  return text.trim() !== '' && !isObject(text)
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
