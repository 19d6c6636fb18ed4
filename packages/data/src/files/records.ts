import { linesOfBytes, unpacked } from './text.ts'

const QUOTE = 34
const COMMA = 44
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const MARK = Buffer.from('\uFEFF')

/** Outside of quotes, between them, or after a quote that closes or, if another follows, stands for one. */
type State = 0 | 1 | 2
const OUTSIDE: State = 0
const BETWEEN: State = 1
const AFTER: State = 2

/** What has to be known of the records of a CSV file before it is read. */
export interface Records {
  /** Whether there are ends of lines between quotes. */
  multiline: boolean
  /** The line, from 1, of the first record that is too long, or whose quotes are not closed where the file ends. */
  broken?: { line: number; why: 'long' | 'long or open' | 'open' }
}

/** Looks over the records of a CSV file, each of which may have `most` bytes. What has no quotes is not looked at byte by byte. */
export async function recordsOf(path: string, most: number): Promise<Records> {
  let state: State = OUTSIDE
  let before = LINE_FEED
  let multiline = false
  let quoted = false
  // Where the record and the chunk begin.
  let start = 0
  let place = 0
  const broken = async (why: 'long' | 'open') => ({
    multiline,
    broken: {
      line: (await linesOfBytes(path, [start]))[0]!,
      why: why === 'long' && quoted ? ('long or open' as const) : why,
    },
  })
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    if (state === OUTSIDE && !chunk.includes(QUOTE)) {
      const feed = chunk.indexOf(LINE_FEED)
      const end = feed === -1 ? chunk.indexOf(CARRIAGE_RETURN) : feed
      if (end >= 0) {
        if (place + end - start > most) return broken('long')
        quoted = false
        start = place + Math.max(chunk.lastIndexOf(LINE_FEED), chunk.lastIndexOf(CARRIAGE_RETURN)) + 1
      }
    } else {
      for (let at = place === 0 ? markOf(chunk) : 0; at < chunk.length; at++) {
        const byte = chunk[at]!
        state = follow(state, byte, before)
        before = byte
        if (byte === QUOTE) quoted = true
        else if (endsLine(byte)) {
          if (state === BETWEEN) {
            multiline = true
          } else {
            if (place + at - start > most) return broken('long')
            quoted = false
            start = place + at + 1
          }
        }
      }
    }
    before = chunk.at(-1)!
    place += chunk.length
    if (place - start > most) return broken('long')
  }
  return state === BETWEEN ? broken('open') : { multiline }
}

/** The cells of the first record of a CSV file, with their quotes; undefined where it has more than `most` bytes. */
export async function firstRecord(path: string, most = 2 ** 21): Promise<string[] | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  let state: State = OUTSIDE
  let before = LINE_FEED
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    let end = bytes === 0 ? markOf(chunk) : 0
    for (; end < chunk.length; end++) {
      const byte = chunk[end]!
      state = follow(state, byte, before)
      if (state !== BETWEEN && endsLine(byte)) break
      before = byte
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
  return found
}

/** What a cell of CSV says; undefined where there is text before or after its quotes. */
export function unquoted(cell: string): string | undefined {
  if (/^"(?:[^"]|"")*"$/.test(cell)) return cell.slice(1, -1).replaceAll('""', '"')
  return /^\s*"/.test(cell) ? undefined : cell
}

/**
 * The lines at which records of a text file begin, from 1. Records are counted from 0 and asked for in rising order.
 * With `quotes`, ends of lines between these end none; with `blank`, a blank line is one, as in CSV of a single column.
 */
export async function linesOfRecords(
  path: string,
  records: readonly number[],
  { quotes, blank }: { quotes: boolean; blank: boolean },
): Promise<number[]> {
  const found: number[] = []
  let record = 0
  let line = 1
  let begins = true
  let state: State = OUTSIDE
  let before = LINE_FEED
  let first = true
  for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
    for (let at = first ? markOf(chunk) : 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      const ends = endsLine(byte)
      const follows = byte === LINE_FEED && before === CARRIAGE_RETURN
      if (begins && (!ends || (blank && !follows))) {
        if (record === records[found.length]) found.push(line)
        if (found.length === records.length) return found
        record++
        begins = false
      }
      if (quotes) state = follow(state, byte, before)
      if (ends && !follows) line++
      if (ends && state !== BETWEEN) begins = true
      before = byte
    }
    first = false
  }
  return found
}

/** The state after a byte, which follows another. A quote opens at the beginning of a value only. */
function follow(state: State, byte: number, before: number): State {
  if (state === BETWEEN) return byte === QUOTE ? AFTER : BETWEEN
  return byte === QUOTE && (state === AFTER || before === COMMA || endsLine(before)) ? BETWEEN : OUTSIDE
}

function endsLine(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN
}

/** How many bytes at the beginning of a file are a byte order mark. */
function markOf(chunk: Buffer): number {
  return chunk.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0
}
