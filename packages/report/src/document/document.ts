/**
 * What is written, before it is markdown or plain text. All text in it is data: a renderer escapes every string, so
 * there is no way to a page around the escaping.
 */
export type Inline =
  | string
  | { code: string }
  | { strong: Phrase }
  | { link: Phrase; url: string }
  | { lines: Phrase[] }
export type Phrase = Inline | readonly Phrase[]

export interface Table {
  head: Phrase[]
  /** One letter a column: left, right, centre. */
  align: ReadonlyArray<'l' | 'r' | 'c'>
  rows: Phrase[][]
}

export type Block =
  | { heading: Phrase }
  | { paragraph: Phrase }
  | { note: Phrase }
  | { small: Phrase }
  | { list: Phrase[] }
  | { table: Table }
  | { listing: string; language: string }
  | { details: Phrase; open?: boolean; blocks: Block[] }

/** A sentence with parts that are not plain text: `` phrase`${code(name)} is better` ``. */
export function phrase(strings: TemplateStringsArray, ...values: Phrase[]): Phrase {
  return strings.flatMap((text, index) => (index < values.length ? [text, values[index]!] : [text]))
}

export const code = (text: string): Inline => ({ code: text })
export const strong = (text: Phrase): Inline => ({ strong: text })

/** A message in which commands and names stand between backticks: these can be copied as they are. */
export function message(text: string): Phrase {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : code(part)))
}

/** A link where there is an address to link to, else the text alone. */
export function link(text: Phrase, url: string | undefined): Phrase {
  return url === undefined ? text : { link: text, url }
}

/** Phrases with something between them. */
export function join(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((each, index) => (index === 0 ? [each] : [separator, each]))
}

/** With a capital letter at its beginning, where that is plain text. */
export function capital(text: Phrase): Phrase {
  if (typeof text === 'string') return text.charAt(0).toUpperCase() + text.slice(1)
  if (!('length' in text)) return text
  const [first, ...rest] = text
  return first === undefined ? text : [capital(first), ...rest]
}

/** The words alone, without markup. */
export function plain(text: Phrase): string {
  if (typeof text === 'string') return text
  if ('code' in text) return text.code
  if ('strong' in text) return plain(text.strong)
  if ('link' in text) return plain(text.link)
  if ('lines' in text) return text.lines.map(plain).join('; ')
  return text.map(plain).join('')
}
