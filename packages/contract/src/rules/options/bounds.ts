import { type Asked, noRows, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, isNumeric, ofRows, ofValues, sql, sqlOf, type Values } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'
import { timestampOf } from './times.ts'

export interface Bound {
  /** The comparison that a row breaks the rule with. */
  breaks: string
  words: string
  extreme: 'min' | 'max'
}

export const bounds: Record<string, Bound> = {
  minimum: { breaks: '<', words: 'at least', extreme: 'min' },
  exclusiveMinimum: { breaks: '<=', words: 'more than', extreme: 'min' },
  maximum: { breaks: '>', words: 'at most', extreme: 'max' },
  exclusiveMaximum: { breaks: '>=', words: 'less than', extreme: 'max' },
}

/** The least or the greatest value, of numbers or of times; text is a time where `format` says how it is written. */
export function planBound(
  bound: Bound,
  limit: unknown,
  values: Values,
  format: unknown,
  asked: (expected: string) => Asked,
): Planned {
  const value = sqlOf(values)
  const expectation = asked(`The values are ${bound.words} ${limit}.`)
  const broken = `are not ${bound.words} ${limit}`
  if (typeof limit === 'number' && isNumeric(values.type)) {
    // 0.1 in four bytes is more than 0.1 in eight.
    const beyond = `${value} ${bound.breaks} ${values.type === 'FLOAT' ? '?::FLOAT' : '?'}`
    // NULL is below no number, and neither is NaN, which DuckDB takes for the greatest: that need not be asked.
    const breaking = sql(bound.extreme === 'min' ? ofRows(values, beyond) : ofValues(values, beyond), limit)
    if (values.each) return noRows(expectation, breaking, broken)
    return noRows(expectation, breaking, broken, {
      aggregate: {
        sql: sql(`${bound.extreme}(CASE WHEN ${ofValues(values, 'true')} THEN ${value} END)`),
        merge: bound.extreme,
      },
      name: bound.extreme === 'min' ? 'least' : 'greatest',
    })
  }
  const time = typeof limit === 'string' ? timestampOf(values, format) : undefined
  if (typeof limit === 'string' && time !== undefined) {
    // Without an offset, a time is UTC.
    const written = familyOf(values.type) === 'time' ? '?::TIME' : '?::TIMESTAMPTZ::TIMESTAMP'
    const breaking = sql(ofValues(values, `${time} ${bound.breaks} ${written}`), limit)
    const why = `${limit} is no ${written === '?::TIME' ? 'time such as 23:59:00' : 'date or time such as 2026-01-31 or 2026-01-31T23:59:00Z'}, whatever the format of the values.`
    return { ...noRows(expectation, breaking, broken), probes: [{ ...sql(written, limit), of: 'The limit', why }] }
  }
  return notExecuted(expectation, `${JSON.stringify(limit)} cannot be compared with ${kindOf(values.type)}.`)
}
