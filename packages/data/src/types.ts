/** A type that text may have. Its SQL takes the names of columns. */
interface TextType {
  name: string
  /** The value of text, null where it has none. */
  cast(text: string): string
  /** Whether the value, which is given, is all that the text says. */
  fits(text: string, value: string): string
  /** What all text of the type looks like, and perhaps some other. */
  looks: RegExp
}

const pattern = (text: string, expression: string) => `regexp_full_match(${text}, '${expression}')`
const time = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}'

/**
 * DuckDB's casts take more than they keep: 1.5 as BIGINT is 2, a time as DATE loses its hour. So text is taken if it
 * comes back the same, which is quick, or if it looks like the type.
 */
function strict(name: string, expression: string): TextType {
  return {
    name,
    looks: new RegExp(`^(?:${expression}|-?infinity|.*[(]BC[)].*)$`),
    cast: (text) => `TRY_CAST(${text} AS ${name})`,
    fits: (text, value) =>
      `CASE WHEN ${value}::VARCHAR = ${text} OR ${pattern(text, expression)} THEN ${value} IS NOT NULL ELSE false END`,
  }
}

/** From the narrowest to the widest. Integers beyond 2^63 are decimals, which keep all digits. */
const textTypes: readonly TextType[] = [
  strict('BIGINT', '[+-]?[0-9]+'),
  strict('DECIMAL(38,0)', '[+-]?[0-9]+'),
  {
    name: 'DOUBLE',
    looks: /^\s*[+-]?(?:[0-9.]+(?:e[+-]?[0-9]+)?|inf|infinity|nan)\s*$/i,
    cast: (text) => `TRY_CAST(${text} AS DOUBLE)`,
    fits: (text, value) => `(${value} IS NOT NULL AND NOT contains(${text}, '_'))`,
  },
  {
    name: 'BOOLEAN',
    looks: /^(?:true|false)$/i,
    cast: (text) => `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`,
    fits: (_, value) => `(${value} IS NOT NULL)`,
  },
  strict('DATE', date),
  strict('TIMESTAMP', `${date}([ T]${time})?`),
  strict('TIMESTAMP WITH TIME ZONE', `${date}[ T]${time} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)`),
  strict('TIME', time),
]

/** The value that text has as a type, as SQL. It may be less than the text says: see `fits`. */
export function castText(text: string, type: string): string {
  return textTypes.find(({ name }) => name === type)?.cast(text) ?? text
}

/**
 * Whether text is a value of a type, as SQL over two columns: the text, and `castText` of it. Both in one expression
 * would be planned in quadratic time, which thousands of columns feel.
 */
export function fits(text: string, value: string, type: string): string {
  return textTypes.find(({ name }) => name === type)?.fits(text, value) ?? `(${text} IS NOT NULL)`
}

/** The narrowest type that some values look like; undefined where there are none. */
export function guessType(values: ReadonlyArray<string | null>): string | undefined {
  const given = values.filter((value) => value !== null)
  if (given.length === 0) return undefined
  return textTypes.find(({ looks }) => given.every((value) => looks.test(value)))?.name ?? 'VARCHAR'
}

/** The types that text may have, from the narrowest to the widest, by name. */
export const typesOfText: readonly string[] = textTypes.map(({ name }) => name)

/**
 * The type of a column by how many values it has, and how many are of each of `typesOfText`: the narrowest that takes
 * all its values, else text. Where a type takes all but at most one in a thousand, that is the type, and the few are
 * `broken`: who writes a number a thousand times means it.
 */
export function typeBy([values = 0, ...fitting]: readonly number[]): { type: string; broken: number } {
  if (values === 0) return { type: 'VARCHAR', broken: 0 }
  const most = Math.max(...fitting)
  if (most < values - values / 1000) return { type: 'VARCHAR', broken: 0 }
  return { type: textTypes[fitting.indexOf(most)]!.name, broken: values - most }
}
