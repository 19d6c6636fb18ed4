import { isUtf8 } from 'node:buffer'
import { UserError } from '@modelyard/spec'
import { unpacked } from './text.ts'
import type { TextFile } from './text-source.ts'

const LINE_FEED = 10
const MOST_OF_LINE = 2 ** 24

/** Refuses a text file whose bytes are not all there, or are no UTF-8: with the first such line, and what it looks like. */
export async function refuseBytes({ name, path }: TextFile): Promise<undefined> {
  let line = 1
  let place = 0
  let begun: Buffer[] = []
  const refuse = (text: Buffer) => {
    if (!isUtf8(text)) throw notUtf8(name, text, line)
  }
  try {
    for await (const chunk of unpacked(path) as AsyncIterable<Buffer>) {
      if (place === 0 && isUtf16(chunk)) throw new UserError(`${name} is not UTF-8. ${looksLike('UTF-16', 'UTF-16')}`)
      place += chunk.length
      const end = chunk.lastIndexOf(LINE_FEED) + 1
      if (end > 0) {
        const lines = Buffer.concat([...begun, chunk.subarray(0, end)])
        refuse(lines)
        for (let at = lines.indexOf(LINE_FEED); at !== -1; at = lines.indexOf(LINE_FEED, at + 1)) line++
        begun = []
      }
      begun.push(chunk.subarray(end))
      // Longer lines are refused by who reads them.
      if (begun.reduce((sum, { length }) => sum + length, 0) > MOST_OF_LINE) return undefined
    }
    refuse(Buffer.concat(begun))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const cut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    const what = cut ? 'is cut short: its compressed bytes end before they are complete' : 'is damaged'
    throw new UserError(`${name} ${what}. Fetch or write it again.`, { cause })
  }
  return undefined
}

function notUtf8(name: string, lines: Buffer, line: number): UserError {
  let from = 0
  for (let end = lines.indexOf(LINE_FEED); end !== -1; end = lines.indexOf(LINE_FEED, from)) {
    if (!isUtf8(lines.subarray(from, end))) break
    from = end + 1
    line++
  }
  const end = lines.indexOf(LINE_FEED, from)
  const known = isWestern(lines.subarray(from, end === -1 ? lines.length : end))
  const mend = known ? looksLike('Latin-1 or Windows-1252', 'WINDOWS-1252') : 'Write the file again as UTF-8.'
  return new UserError({
    message: `The file is not UTF-8: this line is the first. ${mend}`,
    place: { file: name, line },
  })
}

function looksLike(encoding: string, option: string): string {
  return `It looks like ${encoding}: write it again as UTF-8, as iconv -f ${option} -t UTF-8 does.`
}

/** Whether the bytes beyond ASCII stand alone among letters, as in the languages of Western Europe. */
function isWestern(line: Buffer): boolean {
  const high = [...line].flatMap((byte, at) => (byte >= 0x80 ? [at] : []))
  const alone = high.filter((at) => !(line[at - 1]! >= 0x80) && !(line[at + 1]! >= 0x80))
  return alone.length * 2 > high.length
}

/** By its mark, or by the zeros that are half of what is ASCII. */
function isUtf16(chunk: Buffer): boolean {
  const [first, second] = chunk
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  const some = chunk.subarray(0, 1000)
  const zeros = [0, 1].map((odd) => some.filter((byte, at) => byte === 0 && at % 2 === odd).length)
  return Math.max(...zeros) > some.length / 4 && Math.min(...zeros) < some.length / 20
}
