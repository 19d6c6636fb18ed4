import { type Asked, decided, noRows, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, ofValues, sql, sqlOf, type Values } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'
import { matching, probeOf } from '../patterns.ts'

export function planPattern(pattern: string, values: Values, asked: Asked): Planned {
  if (familyOf(values.type) !== 'text')
    return notExecuted(asked, `They are ${kindOf(values.type)}, and no text to match.`)
  const { text, values: bound } = matching(sqlOf(values), pattern)
  const breaking = sql(ofValues(values, `NOT ${text}`), ...bound)
  return { ...noRows(asked, breaking, 'do not match'), probes: [probeOf(pattern)] }
}

export function planLength(key: 'minLength' | 'maxLength', limit: number, values: Values, asked: Asked): Planned {
  if (familyOf(values.type) !== 'text')
    return notExecuted(asked, `They are ${kindOf(values.type)}, and no text and has no length.`)
  const condition = ofValues(values, `length(${sqlOf(values)}::VARCHAR) ${key === 'minLength' ? '<' : '>'} ?`)
  return noRows(asked, sql(condition, limit), `do not have ${lengthWords(key, limit)}`)
}

export function lengthWords(key: 'minLength' | 'maxLength', limit: number): string {
  return `${key === 'minLength' ? 'at least' : 'at most'} ${limit} characters`
}

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const ipv4 = `(?:${octet}\\.){3}${octet}`
const group = '[0-9A-Fa-f]{1,4}'
/** Eight groups, of which `::` stands for one or more, or six of them and an IPv4 address (RFC 4291, section 2.2). */
const ipv6 = [
  `(?:${group}:){7}${group}`,
  `(?:${group}:){6}${ipv4}`,
  ...Array.from({ length: 8 }, (_, before) => {
    const left = before === 0 ? '' : `(?:${group}:){0,${before - 1}}${group}`
    const right = `(?:(?:${group}:){0,${6 - before}}${group})?`
    const address = before < 6 ? `|::(?:${group}:){0,${5 - before}}${ipv4}` : ''
    return before === 7 ? `${left}::` : `${left}(?:::${right}${address.replace('|::', '|::')})`
  }),
].join('|')

/** The forms of text that the standard names; undefined is anything at all. */
const forms: Record<string, string | undefined> = {
  password: undefined,
  binary: undefined,
  byte: '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?',
  // What a browser takes for one (HTML, "valid e-mail address").
  email: `[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*`,
  uuid: '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}',
  uri: '[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"{}|\\\\^`]*',
  hostname: `${label}(?:\\.${label})*`,
  ipv4,
  ipv6,
}

/** What text is: an e-mail address, a URI, … */
export function planTextFormat(format: string, values: Values, asked: Asked): Planned {
  if (familyOf(values.type) !== 'text')
    return notExecuted(asked, `They are ${kindOf(values.type)}, and no text and has no format.`)
  if (!Object.hasOwn(forms, format)) {
    return notExecuted(
      asked,
      `Modelyard knows the formats ${Object.keys(forms).join(', ')}; write ${format} as a pattern.`,
    )
  }
  const form = forms[format]
  if (form === undefined) return decided(asked, 'pass', `Any text can be ${format}.`)
  const condition = ofValues(values, `NOT regexp_full_match(${sqlOf(values)}::VARCHAR, ?)`)
  return noRows(asked, sql(condition, form), `are no ${format}`)
}
