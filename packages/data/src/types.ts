/** A type that text may have. */
interface TextType {
  name: string
  /** An SQL expression that gives the value, and null where the text is none of the type. */
  sql(text: string): string
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
    sql: (text) =>
      `CASE WHEN TRY_CAST(${text} AS ${name})::VARCHAR = ${text} OR ${pattern(text, expression)} THEN TRY_CAST(${text} AS ${name}) END`,
  }
}

/** From the narrowest to the widest. Integers beyond 2^63 are decimals, which keep all digits. */
const textTypes: readonly TextType[] = [
  strict('BIGINT', '[+-]?[0-9]+'),
  strict('DECIMAL(38,0)', '[+-]?[0-9]+'),
  {
    name: 'DOUBLE',
    looks: /^\s*[+-]?(?:[0-9.]+(?:e[+-]?[0-9]+)?|inf|infinity|nan)\s*$/i,
    sql: (text) => `CASE WHEN NOT contains(${text}, '_') THEN TRY_CAST(${text} AS DOUBLE) END`,
  },
  {
    name: 'BOOLEAN',
    looks: /^(?:true|false)$/i,
    sql: (text) => `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`,
  },
  strict('DATE', date),
  strict('TIMESTAMP', `${date}([ T]${time})?`),
  strict('TIMESTAMP WITH TIME ZONE', `${date}[ T]${time} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)`),
  strict('TIME', time),
]

/** Text as a value of a type, as SQL; null where it is none. */
export function fromText(text: string, type: string): string {
  return textTypes.find(({ name }) => name === type)?.sql(text) ?? text
}

/** The narrowest type that some values look like; undefined where there are none. */
export function guessType(values: ReadonlyArray<string | null>): string | undefined {
  const given = values.filter((value) => value !== null)
  if (given.length === 0) return undefined
  return textTypes.find(({ looks }) => given.every((value) => looks.test(value)))?.name ?? 'VARCHAR'
}

/** Counts how many values of a column of text there are, and how many are of each type. */
export function countTypes(text: string): string {
  return `[count(${text}), ${textTypes.map((type) => `count(${type.sql(text)})`).join(', ')}]`
}

/**
 * The type of a column by `countTypes`: the narrowest that takes all its values, else text. Where a type takes all but
 * at most one in a thousand, that is the type, and the few are `broken`: who writes a number a thousand times means it.
 */
export function typeBy([values = 0, ...fitting]: readonly number[]): { type: string; broken: number } {
  if (values === 0) return { type: 'VARCHAR', broken: 0 }
  const most = Math.max(...fitting)
  if (most < values - values / 1000) return { type: 'VARCHAR', broken: 0 }
  return { type: textTypes[fitting.indexOf(most)]!.name, broken: values - most }
}
