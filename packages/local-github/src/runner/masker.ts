/**
 * What a job must not show: its secrets, each of their lines, and each of those as it commonly looks when it was encoded.
 * The encodings are those of GitHub's runner (HostContext.cs, ValueEncoders.cs).
 */
export class Masker {
  readonly #values = new Set<string>()

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) this.add(secret)
  }

  add(secret: string): void {
    for (const text of [secret, ...secret.split(/[\r\n]+/)])
      for (const value of [text, ...ENCODINGS.map((encode) => encode(text.toWellFormed()))])
        if (value) this.#values.add(value)
  }

  /** The text with `***` for each stretch that secrets cover, also where they overlap. */
  mask(text: string): string {
    const found = [...this.#values].flatMap((value) => occurrences(text, value)).sort(([a], [b]) => a - b)
    let [masked, end] = ['', 0]
    for (const [from, to] of found) {
      if (from > end || masked === '') masked += `${text.slice(end, from)}***`
      end = Math.max(end, to)
    }
    return masked + text.slice(end)
  }

  /** Whether nothing in the text has to be masked. */
  passes(text: string): boolean {
    return ![...this.#values].some((value) => text.includes(value))
  }
}

function occurrences(text: string, value: string): [from: number, to: number][] {
  const found: [number, number][] = []
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push([at, at + value.length])
  return found
}

/** Behind a text of any length, as in `user:password`, the encoding of what follows begins at one of three bytes. */
const base64 = (shift: number) => (text: string) => {
  const bytes = Buffer.from(text)
  return bytes.subarray(bytes.length > shift ? shift : 0).toString('base64')
}

const XML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

const ENCODINGS: readonly ((text: string) => string)[] = [
  base64(0),
  base64(1),
  base64(2),
  (text) => text.replaceAll('"', '\\"'),
  (text) => text.replaceAll("'", "''"),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => encodeURIComponent(text).replace(/[!'()*]/g, percent),
  (text) => text.replace(/[&<>"']/g, (character) => XML[character]!),
  (text) => (text.length > 8 ? (/^"(.*)"$/s.exec(text)?.[1] ?? '') : ''),
]
