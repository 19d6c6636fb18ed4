import { clean } from '@modelyard/spec'

/** A space without width: takes the meaning from `@name` and `::command`, and leaves them readable. */
const BREAK = '\u200b'

/**
 * Text from data, names or titles as one line without anything that steers: no line ends, terminal sequences,
 * control characters, changes of direction or half characters. What is longer than `limit` code points ends in `…`.
 */
export function oneLine(text: string, limit: number = Number.POSITIVE_INFINITY): string {
  return clip(text.replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' '), limit).replace(/ {2,}/g, ' ')
}

/** The same for text that keeps its lines. */
export function manyLines(text: string, limit: number): string {
  return clip(text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replaceAll('\t', '  '), limit)
}

function clip(text: string, limit: number): string {
  // Slicing first bounds the work on hostile megabytes; a code point is two units at most.
  const start = Number.isFinite(limit) ? text.slice(0, 4 * limit) : text
  const cleaned = clean(start)
  const points = [...cleaned]
  if (points.length <= limit && start.length === text.length) return cleaned
  return `${points.slice(0, limit - 1).join('')}…`
}

/** Takes away what GitHub makes of plain text: mentions, references to issues and commits, links, `:names:` of pictures. */
function defuse(text: string): string {
  return (
    text
      .replace(/@(?=[\p{L}\p{N}_-])/gu, `@${BREAK}`)
      .replace(/#(?=\d)/g, `#${BREAK}`)
      .replace(/(?<![A-Za-z\d])GH-(?=\d)/gi, (found) => found + BREAK)
      .replaceAll('://', `:${BREAK}//`)
      .replace(/www\./gi, (found) => `${found.slice(0, 3)}${BREAK}.`)
      // An underscore ends a commit as well: it is no letter once markdown was read.
      .replace(
        /(?<![A-Za-z\d])(?:[\da-f]{40}|(?=\d*[a-f])[\da-f]{7,39})(?![A-Za-z\d])/gi,
        (found) => found.slice(0, 6) + BREAK + found.slice(6),
      )
      // Not the minutes of a time.
      .replace(/:(?!\d\d:)(?=[\w+-]+:)/g, `:${BREAK}`)
  )
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '|': '&#124;',
  $: '&#36;',
}

/** Text as one line of markdown that shows it literally, anywhere: in a paragraph, a heading or the cell of a table. */
export function escapeMarkdown(text: string): string {
  return defuse(oneLine(text)).replace(/[\\`*_[\]~]|[&<>|$]/g, (found) => ENTITIES[found] ?? `\\${found}`)
}

/** Text as one line of HTML, for where markdown is not read (`<summary>`, attributes). */
export function escapeHtml(text: string): string {
  return defuse(oneLine(text)).replace(/[&<>"']/g, (found) => ENTITIES[found]!)
}

/** What would be a heading, list, quote, rule or command at the beginning of a line is text there. */
export function guardStart(line: string): string {
  return line.replace(/^\s+/, '').replace(/^(?:[#+\-=]|::|\d+(?=[.)]))/, (start) => {
    if (/^\d/.test(start)) return `${start}${BREAK}`
    return start === '::' ? `${BREAK}::` : `\\${start}`
  })
}

/** An address that may be linked: absolute, http or https, without what could end the link early. Else undefined. */
export function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  return href.replace(/[()<>"'|\\`*_~[\]$]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
}
