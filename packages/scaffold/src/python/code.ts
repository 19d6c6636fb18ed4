/** Code of Python, and the folder in which it runs: relative to the model's, '' for itself. */
export interface Code {
  /** The script or notebook. */
  file: string
  text: string
  runsIn: string
}

/** A quoted text of one line, as a pattern: what is quoted is in its first or second group. */
export const QUOTED = `[rbuf]{0,2}(?:"([^"\\n]*)"|'([^'\\n]*)')`

/** A quoted text or a name, as a pattern with one group. */
export const WORD = `([rbuf]{0,2}(?:"[^"\\n]*"|'[^'\\n]*')|\\w+)`

/** Whole lines of comment alone: a `#` elsewhere may be part of a text. */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, '')
}

/** Names that stand for a text: `TARGET = "late"`. */
export function constantsOf(text: string): Map<string, string> {
  const pattern = new RegExp(`^[ \\t]*(\\w+)(?:\\s*:\\s*\\w+)?\\s*=\\s*${QUOTED}\\s*$`, 'gm')
  return new Map([...text.matchAll(pattern)].map(([, name, double, single]) => [name!, double ?? single!]))
}

/** The text that a word is or stands for. */
export function textOf(word: string, names: ReadonlyMap<string, string>): string | undefined {
  const quoted = /^[rbuf]{0,2}(["'])(.*)\1$/.exec(word)
  return quoted ? quoted[2] : names.get(word)
}

/** The statement that begins at a place: over several lines, while brackets are open. */
export function statementAt(text: string, from: number): string {
  let open = 0
  for (let end = from; end < text.length; end++) {
    if ('([{'.includes(text[end]!)) open++
    if (')]}'.includes(text[end]!)) open--
    if (text[end] === '\n' && open <= 0) return text.slice(from, end)
  }
  return text.slice(from)
}
