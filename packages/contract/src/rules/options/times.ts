import { quoteLiteral } from '@modelyard/data'
import { type Asked, decided, noRows, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, ofValues, sql, sqlOf, type Values } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'

/** Letters of the JDK's DateTimeFormatter as DuckDB's strptime writes them; the longest of a letter come first. */
const letters: ReadonlyArray<[string, string]> = [
  ['yyyy', '%Y'],
  ['uuuu', '%Y'],
  ['yy', '%y'],
  ['MMMM', '%B'],
  ['MMM', '%b'],
  ['MM', '%m'],
  ['M', '%-m'],
  ['dd', '%d'],
  ['d', '%-d'],
  ['EEEE', '%A'],
  ['EEE', '%a'],
  ['HH', '%H'],
  ['H', '%-H'],
  ['hh', '%I'],
  ['h', '%-I'],
  ['mm', '%M'],
  ['ss', '%S'],
  ['SSSSSSSSS', '%n'],
  ['SSSSSS', '%f'],
  ['SSS', '%g'],
  ['a', '%p'],
  ['XXX', '%z'],
  ['XX', '%z'],
  ['Z', '%z'],
  // No letter of the JDK's, but the standard's own examples write it without quotes.
  ['T', 'T'],
]

/** A format of the JDK as one of strptime; undefined where it has letters that no one else knows. */
export function strptimeFormat(format: string): string | undefined {
  let written = ''
  for (let rest = format; rest !== ''; ) {
    const quoted = /^'((?:[^']|'')*)'/.exec(rest)
    const letter = quoted ? undefined : letters.find(([name]) => rest.startsWith(name) && rest[name.length] !== name[0])
    const taken = quoted?.[0] ?? letter?.[0] ?? rest[0]!
    if (!quoted && !letter && /[A-Za-z]/.test(taken)) return undefined
    // Two quotes are one, alone or within others.
    const text = quoted ? quoted[1]!.replaceAll("''", "'") || "'" : taken
    written += letter?.[1] ?? text.replaceAll('%', '%%')
    rest = rest.slice(taken.length)
  }
  return written
}

/** The SQL of the time that a value is, a TIME or else a TIMESTAMP; undefined where it is none. */
export function timestampOf(values: Values, format: unknown): string | undefined {
  const family = familyOf(values.type)
  if (family === 'time') return `${sqlOf(values)}::TIME`
  if (family === 'date' || family === 'timestamp') return `${sqlOf(values)}::TIMESTAMP`
  const written = family === 'text' && typeof format === 'string' ? strptimeFormat(format) : undefined
  return written && `try_strptime(${sqlOf(values)}::VARCHAR, ${quoteLiteral(written)})::TIMESTAMP`
}

/** How times are written: asked of text alone, and to the letter, but for an offset, which has several ways. */
export function planTimeFormat(format: string, values: Values, asked: Asked): Planned {
  const family = familyOf(values.type)
  if (family === 'date' || family === 'timestamp' || family === 'time') {
    return decided(asked, 'pass', `They are ${kindOf(values.type)}, not text, and have no format.`)
  }
  if (family !== 'text') return notExecuted(asked, `They are ${kindOf(values.type)}, and no time.`)
  const written = strptimeFormat(format)
  if (written === undefined) {
    return notExecuted(asked, `The format ${format} has letters that Modelyard does not know; write it as a pattern.`)
  }
  const text = `${sqlOf(values)}::VARCHAR`
  const time = `try_strptime(${text}, ${quoteLiteral(written)})`
  const again = written.includes('%z') ? 'false' : `strftime(${time}, ${quoteLiteral(written)}) <> ${text}`
  return noRows(asked, sql(ofValues(values, `${time} IS NULL OR ${again}`)), `are not written as ${format}`)
}

/** Whether times say in which zone they are. */
export function planTimezone(wanted: boolean, values: Values, format: unknown, asked: Asked): Planned {
  const family = familyOf(values.type)
  const written = family === 'text' && typeof format === 'string' ? strptimeFormat(format) : undefined
  if (family !== 'timestamp' && family !== 'time' && written === undefined) {
    return notExecuted(
      asked,
      `They are ${kindOf(values.type)}, and no time, and without a format nothing says where text has its zone.`,
    )
  }
  const has = written?.includes('%z') ?? /WITH TIME ZONE/.test(values.type)
  const found = written === undefined ? `The column is ${values.type}, which has` : 'The format has'
  return decided(asked, has === wanted ? 'pass' : 'fail', `${found} ${has ? 'a' : 'no'} time zone.`)
}
