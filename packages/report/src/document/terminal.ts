import { styleText } from 'node:util'
import { disarm } from '@modelyard/spec'
import { type Block, type Phrase, plain, type Table } from './document.ts'
import { manyLines, oneLine } from './escape.ts'
import { formatCount } from './numbers.ts'

/** Nobody reads more rows of a table; what is printed for people stays quick to make. */
const MOST_ROWS = 1000

/**
 * The document as plain text for a terminal: tables aligned, details open and indented. With `color`, headings and
 * strong text are bold. No line of it is a command to GitHub's runner, whatever the data say.
 */
export function renderText(blocks: readonly Block[], { color }: { color: boolean }): string {
  const write = (text: Phrase): string => {
    if (typeof text === 'string') return oneLine(text, 500)
    if ('strong' in text) return bold(write(text.strong), color)
    if ('link' in text) return write(text.link)
    if ('lines' in text) return text.lines.map(write).join('; ')
    if ('code' in text) return oneLine(text.code, 200)
    return text.map(write).join('')
  }
  const block = (each: Block): string => {
    if ('heading' in each) return bold(write(each.heading), color)
    if ('paragraph' in each) return write(each.paragraph)
    if ('note' in each) return write(each.note)
    if ('small' in each) return write(each.small)
    if ('list' in each) return each.list.map((item) => `- ${write(item)}`).join('\n')
    if ('table' in each) return table(each.table)
    if ('listing' in each) return indent(manyLines(each.listing, 4000))
    return `${write(each.details)}\n${indent(each.blocks.map(block).join('\n\n'))}`
  }
  return disarm(blocks.map(block).join('\n\n'))
}

function bold(text: string, color: boolean): string {
  return color ? styleText('bold', text, { validateStream: false }) : text
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

function table({ head, align, rows }: Table): string {
  const shown = [head, ...rows.slice(0, MOST_ROWS)]
  const cells = shown.map((row) => head.map((_, column) => oneLine(plain(row[column] ?? ''), 200)))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => width(row[column]!))))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const room = ' '.repeat(widths[column]! - width(cell))
        return align[column] === 'r' ? room + cell : cell + room
      })
      .join('  ')
      .trimEnd(),
  )
  const more = rows.length - MOST_ROWS
  return [...lines, ...(more > 0 ? [`… and ${formatCount(more)} more: --json lists all.`] : [])].join('\n')
}

/** Columns that a text takes: pictographs and East Asian wide letters take two, marks and joiners none. */
function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of segments.segment(text))
    columns += WIDE.test(segment) ? 2 : /^[\p{M}\p{Cf}]+$/u.test(segment) ? 0 : 1
  return columns
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
