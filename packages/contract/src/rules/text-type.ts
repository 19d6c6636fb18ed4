import { isWritten } from '@modelyard/data'
import { type Asked, noRows, type Planned } from '../checks/plan.ts'
import { ofValues, sql, sqlOf, type Values } from '../conditions.ts'
import type { LogicalType, Property } from '../document/document.ts'
import { kindOf } from '../kinds.ts'

/** The types that text has where it is written as a logical type. */
const writtenAs: Partial<Record<LogicalType, string[]>> = {
  integer: ['BIGINT', 'DECIMAL(38,0)'],
  number: ['DOUBLE'],
  boolean: ['BOOLEAN'],
  date: ['DATE'],
  timestamp: ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'],
  time: ['TIME'],
}

/**
 * Text that should be numbers, times, …: the rows whose text is none. It fails in any case: where all text is written so,
 * the column is text nevertheless. Undefined for types that no text has.
 */
export function planTextType(asked: Asked, values: Values, logicalType: LogicalType): Planned | undefined {
  const types = writtenAs[logicalType]
  if (!types) return undefined
  const text = `${sqlOf(values)}::VARCHAR`
  const breaking = `NOT (${types.map((type) => isWritten(text, type)).join(' OR ')})`
  const measured = noRows(asked, sql(ofValues(values, breaking)), `are no ${logicalType}`)
  return {
    ...measured,
    judge(counts, rows, exact) {
      const finding = measured.judge(counts, rows, exact)
      return finding.failing > 0 ? finding : { verdict: 'fail', found: `They are ${kindOf(values.type)}.`, failing: 0 }
    },
  }
}

/** A column without a value as one of the type that is asked for: there is none that would be of another. */
export function asAsked(values: Values, { logicalType, logicalTypeOptions }: Property): Values {
  const types = logicalType && writtenAs[logicalType]
  if (!values.empty || !types) return values
  const type = logicalTypeOptions?.timezone === true ? types.at(-1)! : types[0]!
  return { ...values, type, sql: `TRY_CAST(${sqlOf(values)} AS ${type})` }
}
