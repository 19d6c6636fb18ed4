/** A piece of a workflow text: literal, or the inside of one `${{ … }}`. */
export interface TemplatePart {
  kind: 'text' | 'expression'
  text: string
}

/**
 * Splits a text at its `${{ … }}`, as GitHub does: `}}` inside a quoted string does not end an expression.
 * What is opened and never closed is text.
 */
export function splitTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('${{', from)
    const close = open < 0 ? -1 : endOfExpression(text, open + 3)
    if (close < 0) break
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open) })
    parts.push({ kind: 'expression', text: text.slice(open + 3, close).trim() })
    from = close + 2
  }
  if (from < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

function endOfExpression(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text.startsWith('}}', at)) return at
  }
  return -1
}
