/** A value as an expression. */
export function literal(value: unknown): string {
  return `fromJSON('${json(value)}')`
}

// Spaces between structural braces: `}}` would end the expression for a reader that does not know quotes.
function json(value: unknown): string {
  if (typeof value === 'string') return escapeJson(value)
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const members = Object.entries(value).map(([key, item]) => `${escapeJson(key)}: ${json(item)}`)
  return `{ ${members.join(', ')} }`
}

function escapeJson(text: string): string {
  return JSON.stringify(text).replace(/[{}$'\u007f-\u{10ffff}]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
}

/** A text that act would take for a template, as one that evaluates to itself. */
export function escapeText(text: string): string {
  return text.includes('${{') ? `\${{ ${literal(text)} }}` : text
}
