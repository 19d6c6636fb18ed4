import { createReadStream } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

const QUOTE = 34
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

/** The first record of a CSV file, byte order mark and quotes taken away; undefined where it has more than `most` bytes. */
export async function firstRecord(path: string, most = 2 ** 21): Promise<string[] | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  let quoted = false
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    let end = 0
    for (; end < chunk.length; end++) {
      if (chunk[end] === QUOTE) quoted = !quoted
      else if (!quoted && (chunk[end] === LINE_FEED || chunk[end] === CARRIAGE_RETURN)) break
    }
    chunks.push(chunk.subarray(0, end))
    bytes += end
    if (end < chunk.length || bytes > most) break
  }
  return bytes > most
    ? undefined
    : cells(
        Buffer.concat(chunks)
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
      )
}

function cells(record: string): string[] {
  const found = record.match(/(?:"(?:[^"]|"")*"|[^,])*(?:,|$)/g)!.map((cell) => cell.replace(/,$/, ''))
  // The expression also matches nothing at the end of a record that does not end in a comma.
  if (!record.endsWith(',') && record !== '') found.pop()
  return found.map((cell) => (/^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell))
}

/**
 * The lines at which records of a text file begin, from 1. Records are counted from 0 and asked for in rising order;
 * blank lines are none. Line ends between quotes do not end a record of CSV.
 */
export async function linesOfRecords(path: string, records: readonly number[], csv: boolean): Promise<number[]> {
  const found: number[] = []
  let record = 0
  let line = 1
  let begins = true
  let quoted = false
  let before = 0
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      const ends = byte === LINE_FEED || byte === CARRIAGE_RETURN
      if (begins && !ends) {
        if (record === records[found.length]) found.push(line)
        if (found.length === records.length) return found
        record++
        begins = false
      }
      if (csv && byte === QUOTE) quoted = !quoted
      if (ends && !(byte === LINE_FEED && before === CARRIAGE_RETURN)) line++
      if (ends && !quoted) begins = true
      before = byte
    }
  }
  return found
}

/**
 * The first line, from 1, that has more bytes than a number of MB; undefined where none has. Such a line holds a whole
 * block of 1 MB without an end of line, and only then every byte is looked at.
 */
export async function firstLongLine(path: string, megabytes: number): Promise<number | undefined> {
  let block = 0
  let ended = false
  let suspect = false
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    ended ||= chunk.includes(LINE_FEED) || chunk.includes(CARRIAGE_RETURN)
    block += chunk.length
    if (block < 2 ** 20) continue
    suspect = !ended
    if (suspect) break
    block = 0
    ended = false
  }
  if (!suspect) return undefined
  let line = 1
  let length = 0
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) {
      const feed = chunk.indexOf(LINE_FEED, from)
      const end = feed === -1 ? chunk.length : feed
      length += end - from
      if (length > megabytes * 2 ** 20) return line
      from = end + 1
      if (feed !== -1) {
        line++
        length = 0
      }
    }
  }
  return undefined
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
