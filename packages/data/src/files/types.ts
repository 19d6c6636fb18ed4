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
const WHOLE = '-?(0|[1-9][0-9]*)'

/** What begins as a padded number: 007 and +7 are other text than 7, so no number may stand for them. */
const PADDED = '^\\s*([+]|-?0[0-9])'

/** Whether text begins so. Ranges of text are compared many times faster than it is matched. */
const isPadded = (text: string) =>
  `CASE WHEN ${text} < '+' THEN regexp_matches(${text}, '${PADDED}')
  ELSE ${text} < ',' OR ${text} BETWEEN '00' AND '0:' OR ${text} BETWEEN '-00' AND '-0:' END`

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
  strict('BIGINT', WHOLE),
  strict('DECIMAL(38,0)', WHOLE),
  {
    name: 'DOUBLE',
    looks: /^\s*-?(?!0[0-9])(?:[0-9.]+(?:e[+-]?[0-9]+)?|inf|infinity|nan)\s*$/i,
    cast: (text) => `TRY_CAST(${text} AS DOUBLE)`,
    fits: (text, value) => `(${value} IS NOT NULL AND NOT contains(${text}, '_') AND NOT ${isPadded(text)})`,
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

/** Whether text is a value of a type that text may have, as SQL. */
export function isWritten(text: string, type: string): string {
  return fits(text, `(${castText(text, type)})`, type)
}

/** Whether text is a number but for zeros or a plus sign before it. */
export function isPaddedNumber(text: string): string {
  return `(TRY_CAST(${text} AS DOUBLE) IS NOT NULL AND ${isPadded(text)})`
}

/** What the type of a column seems to be by some values, and how many of these at least are of none but text. */
export interface Guess {
  /** Undefined where there are no values. */
  type: string | undefined
  misses: number
}

/** The narrowest type that all of some values look like. */
export function guessType(values: ReadonlyArray<string | null>): Guess {
  const given = values.filter((value) => value !== null)
  if (given.length === 0) return { type: undefined, misses: 0 }
  const type = textTypes.find(({ looks }) => given.every((value) => looks.test(value)))
  if (type) return { type: type.name, misses: 0 }
  const misses = textTypes.map(({ looks }) => given.filter((value) => !looks.test(value)).length)
  return { type: 'VARCHAR', misses: Math.min(...misses) }
}

/** The types that text may have, from the narrowest to the widest, by name. */
export const typesOfText: readonly string[] = textTypes.map(({ name }) => name)

/** So many of the values of a column may be broken: who writes a number a thousand times means it. */
export function mostBroken(values: number): number {
  return values / 1000
}

/**
 * The type of a column by how many values it has, how many of them are padded numbers, and how many are of each of
 * `typesOfText`: the narrowest that takes all its values, else text. Where a type takes all but a few, that is the type,
 * and the few are `broken`. But one padded number makes text of numbers: as such it says less than is written.
 */
export function typeBy([values = 0, padded = 0, ...fitting]: readonly number[]): { type: string; broken: number } {
  if (values === 0) return { type: 'VARCHAR', broken: 0 }
  const most = Math.max(...fitting)
  const type = textTypes[fitting.indexOf(most)]!.name
  const isNumber = /^(?:BIGINT|DECIMAL|DOUBLE)/.test(type)
  if (values - most > mostBroken(values) || (isNumber && padded > 0)) return { type: 'VARCHAR', broken: 0 }
  return { type, broken: values - most }
}
