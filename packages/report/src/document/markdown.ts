import { markdownTable } from 'markdown-table'
import type { Block, Phrase, Table } from './document.ts'
import { escapeHtml, escapeMarkdown, guardStart, manyLines, oneLine, safeUrl } from './escape.ts'

/** The longest text, inline code and listing that a document shows, in characters. */
const LONGEST = { text: 500, code: 200, listing: 4000 }

/** Rows of a table or list inside `<details>`, step by step, where the whole does not fit. */
const STEPS = [100, 30, 10, 3]

/** Rows of a table or list outside, where it does not fit even without details. */
const FEWEST = 20

/**
 * The document as GitHub's markdown in at most `budget` bytes of UTF-8. What is too long loses rows of its details
 * first, then the details, the largest before the smaller and one that is open last, then blocks from its end, and says
 * so in `notice`. Nothing is ever cut inside.
 */
export function renderMarkdown(
  blocks: readonly Block[],
  { budget, notice }: { budget: number; notice: Phrase },
): string {
  const whole = render(blocks)
  if (fits(whole, budget)) return whole
  const note: Block = { note: notice }
  for (const rows of STEPS) {
    const shorter = render([...blocks.map((block) => ('details' in block ? shorten(block, rows) : block)), note])
    if (fits(shorter, budget)) return shorter
  }
  const left = blocks.map((block) => shorten(block, 'details' in block ? STEPS.at(-1)! : FEWEST))
  return render([...giveUp(left, budget - bytes(`\n\n${renderBlock(note)}`)), note])
}

/** Folds details into their title, then drops blocks from the end, until what is left fits. */
function giveUp(blocks: readonly Block[], budget: number): Block[] {
  const left = blocks.map((block) => ({ block, size: bytes(renderBlock(block)) + 2 }))
  let size = left.reduce((sum, each) => sum + each.size, 0)
  const folded = left
    .filter(({ block }) => 'details' in block)
    .sort((a, b) => Number(isOpen(a.block)) - Number(isOpen(b.block)) || b.size - a.size)
  for (const each of folded) {
    if (size <= budget || !('details' in each.block)) break
    const paragraph = { paragraph: each.block.details }
    const smaller = bytes(renderBlock(paragraph)) + 2
    size += smaller - each.size
    Object.assign(each, { block: paragraph, size: smaller })
  }
  while (size > budget && left.length > 0) size -= left.pop()!.size
  return left.map(({ block }) => block)
}

function isOpen(block: Block): boolean {
  return 'details' in block && block.open === true
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

function fits(text: string, budget: number): boolean {
  return bytes(text) <= budget
}

function shorten(block: Block, rows: number): Block {
  if ('details' in block) return { ...block, blocks: block.blocks.map((inner) => shorten(inner, rows)) }
  if ('list' in block && block.list.length > rows) {
    return { list: [...block.list.slice(0, rows), `… and ${block.list.length - rows} more`] }
  }
  if ('table' in block && block.table.rows.length > rows) {
    const more = `… and ${block.table.rows.length - rows} more`
    return { table: { ...block.table, rows: [...block.table.rows.slice(0, rows), [more]] } }
  }
  return block
}

function render(blocks: readonly Block[]): string {
  return blocks.map(renderBlock).join('\n\n')
}

function renderBlock(block: Block): string {
  if ('heading' in block) return `### ${inline(block.heading).trim()}`
  if ('paragraph' in block) return guardStart(inline(block.paragraph))
  if ('note' in block) return `> [!NOTE]\n> ${guardStart(inline(block.note))}`
  if ('small' in block) return `<sub>${inline(block.small).trim()}</sub>`
  if ('list' in block) return block.list.map((item) => `- ${guardStart(inline(item))}`).join('\n')
  if ('table' in block) return renderTable(block.table)
  if ('listing' in block) return fence(block.listing, block.language)
  return [
    `<details${block.open ? ' open' : ''}><summary>${html(block.details).trim()}</summary>`,
    render(block.blocks),
    '</details>',
  ].join('\n\n')
}

function renderTable({ head, align, rows }: Table): string {
  const cells = [head, ...rows].map((row) => head.map((_, column) => inline(row[column] ?? '').trim()))
  return markdownTable(cells, { align: [...align], alignDelimiters: false, padding: true })
}

/** A block that shows any text literally: its fence is longer than any run of backticks inside. */
function fence(text: string, language: string): string {
  const content = manyLines(text, LONGEST.listing)
  const runs = [...content.matchAll(/`+/g)].map(([run]) => run.length + 1)
  const ticks = '`'.repeat(Math.max(3, ...runs))
  return `${ticks}${language}\n${content}\n${ticks}`
}

function inline(text: Phrase): string {
  if (typeof text === 'string') return escapeMarkdown(oneLine(text, LONGEST.text))
  if ('code' in text) return inlineCode(oneLine(text.code, LONGEST.code))
  if ('strong' in text) return `**${inline(text.strong)}**`
  if ('lines' in text) return text.lines.map(inline).join('<br>')
  if ('link' in text) {
    const url = safeUrl(text.url)
    return url === undefined ? inline(text.link) : `[${inline(text.link)}](${url})`
  }
  return text.map(inline).join('')
}

/** A pipe in backticks would end the cell of a table, and a backtick the code: both are HTML. */
function inlineCode(text: string): string {
  if (text.trim() === '') return '—'
  return /[`|]/.test(text) ? `<code>${escapeMarkdown(text)}</code>` : `\`${text}\``
}

/** The same inside `<summary>`, where markdown is not read. */
function html(text: Phrase): string {
  if (typeof text === 'string') return escapeHtml(oneLine(text, LONGEST.text))
  if ('code' in text) return `<code>${escapeHtml(oneLine(text.code, LONGEST.code))}</code>`
  if ('strong' in text) return `<b>${html(text.strong)}</b>`
  if ('lines' in text) return text.lines.map(html).join('<br>')
  if ('link' in text) return html(text.link)
  return text.map(html).join('')
}
