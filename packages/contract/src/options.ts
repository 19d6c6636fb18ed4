import { type Column, quoteIdentifier } from '@modelyard/data'
import { familyOf, isNumeric, ofValues, sql } from './conditions.ts'
import type { Path, Property } from './document.ts'
import { type Asked, decided, noRows, notExecuted, type Planned } from './plan.ts'

type Ask = (rule: string, expected: string, ...path: Path) => Asked

interface Bound {
  /** The comparison that a row breaks the rule with. */
  breaks: string
  words: string
  extreme: 'min' | 'max'
}

const bounds: Record<string, Bound> = {
  minimum: { breaks: '<', words: 'at least', extreme: 'min' },
  exclusiveMinimum: { breaks: '<=', words: 'more than', extreme: 'min' },
  maximum: { breaks: '>', words: 'at most', extreme: 'max' },
  exclusiveMaximum: { breaks: '>=', words: 'less than', extreme: 'max' },
}

/** What `logicalTypeOptions` ask of a column. */
export function planOptions({ logicalTypeOptions = {} }: Property, column: Column, ask: Ask): Planned[] {
  return Object.entries(logicalTypeOptions).map(([key, value]) => {
    const asked = (expected: string) => ask(key, expected, 'logicalTypeOptions', key)
    if (bounds[key]) return planBound(bounds[key], value, column, asked)
    if (key === 'pattern' && typeof value === 'string') return planPattern(value, column, asked)
    if ((key === 'minLength' || key === 'maxLength') && typeof value === 'number') {
      return planLength(key, value, column, asked)
    }
    if (key === 'format' && ['date', 'timestamp', 'time'].includes(familyOf(column.type) ?? '')) {
      const found = `The column is ${column.type}: its values are times, not text, and have no format.`
      return decided(asked(`The values are written as ${value}.`), 'pass', found)
    }
    return notExecuted(
      asked(`The values satisfy ${key} ${JSON.stringify(value)}.`),
      'Modelyard does not check this yet.',
    )
  })
}

function planBound(bound: Bound, limit: unknown, column: Column, asked: (expected: string) => Asked): Planned {
  const name = quoteIdentifier(column.name)
  const expectation = asked(`The values are ${bound.words} ${limit}.`)
  const broken = `are not ${bound.words} ${limit}`
  if (typeof limit === 'number' && isNumeric(column.type)) {
    return noRows(expectation, sql(ofValues(column, `${name} ${bound.breaks} ?`), limit), broken, {
      aggregate: {
        sql: sql(`${bound.extreme}(${name}) FILTER (WHERE ${ofValues(column, 'true')})`),
        merge: bound.extreme,
      },
      name: bound.extreme === 'min' ? 'least' : 'greatest',
    })
  }
  const family = familyOf(column.type)
  if (typeof limit === 'string' && (family === 'date' || family === 'timestamp' || family === 'time')) {
    const type = family === 'time' ? 'TIME' : 'TIMESTAMP'
    const breaking = sql(ofValues(column, `${name}::${type} ${bound.breaks} ?::${type}`), limit)
    return { ...noRows(expectation, breaking, broken), probe: sql(`?::${type}`, limit) }
  }
  return notExecuted(expectation, `${JSON.stringify(limit)} cannot be compared with ${column.type}.`)
}

function planPattern(pattern: string, column: Column, asked: (expected: string) => Asked): Planned {
  const expectation = asked(`The values match ${pattern}.`)
  if (familyOf(column.type) !== 'text') return notExecuted(expectation, `${column.type} is no text to match.`)
  const condition = ofValues(column, `NOT regexp_matches(${quoteIdentifier(column.name)}::VARCHAR, ?)`)
  return {
    ...noRows(expectation, sql(condition, pattern), 'do not match'),
    probe: sql("regexp_matches('', ?)", pattern),
  }
}

function planLength(
  key: 'minLength' | 'maxLength',
  limit: number,
  column: Column,
  asked: (expected: string) => Asked,
): Planned {
  const words = `${key === 'minLength' ? 'at least' : 'at most'} ${limit} characters`
  const expectation = asked(`The values have ${words}.`)
  if (familyOf(column.type) !== 'text') return notExecuted(expectation, `${column.type} is no text and has no length.`)
  const comparison = key === 'minLength' ? '<' : '>'
  const condition = ofValues(column, `length(${quoteIdentifier(column.name)}::VARCHAR) ${comparison} ?`)
  return noRows(expectation, sql(condition, limit), `do not have ${words}`)
}
