import { escapeFormat } from '../escape-format.ts'

/** A text as Python writes it: what JSON writes is Python too, but for what is not seen, which is escaped. */
export function literal(text: string): string {
  return escapeFormat(JSON.stringify(text))
}

/** A list of texts as Python writes it, one on a line where they are many. */
export function list(texts: readonly string[]): string {
  const line = `[${texts.map(literal).join(', ')}]`
  return line.length <= 100 ? line : `[\n${texts.map((each) => `    ${literal(each)},\n`).join('')}]`
}
