/** A field of a STRUCT. */
export interface Field {
  name: string
  type: string
}

/** The fields of a DuckDB type such as `STRUCT(a BIGINT, "b c" VARCHAR[])`; undefined where it is none. */
export function fieldsOf(type: string): Field[] | undefined {
  const inner = /^STRUCT\((.*)\)$/s.exec(type)?.[1]
  return inner === undefined ? undefined : split(inner).map(fieldOf)
}

/** The type of a list's items: `BIGINT` of `BIGINT[]` and of `BIGINT[3]`; undefined where it is none. */
export function itemOf(type: string): string | undefined {
  return /^(.*)\[\d*\]$/s.exec(type)?.[1]
}

/** Parts at the commas that stand in no parentheses and no quotes. */
function split(text: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (!quoted && character === '(') depth++
    if (!quoted && character === ')') depth--
    if (character === ',' && depth === 0 && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim())
}

function fieldOf(text: string): Field {
  const quoted = /^"((?:[^"]|"")*)" (.*)$/s.exec(text)
  if (quoted) return { name: quoted[1]!.replaceAll('""', '"'), type: quoted[2]! }
  const space = text.indexOf(' ')
  return { name: text.slice(0, space), type: text.slice(space + 1) }
}
