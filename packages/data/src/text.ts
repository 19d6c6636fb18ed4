import { createReadStream } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

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

/** The first line of a file that is no JSON object, from 1. */
export async function firstBrokenLine(path: string): Promise<number | undefined> {
  const input = unpacked(path)
  const lines: Interface = createInterface({ input })
  let number = 0
  try {
    for await (const line of lines) {
      number++
      if (line.trim() !== '' && !isObject(line)) return number
    }
  } catch {
    return number + 1
  } finally {
    input.destroy()
  }
  return undefined
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
