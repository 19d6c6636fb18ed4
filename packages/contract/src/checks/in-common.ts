import { type Column, quoteIdentifier } from '@modelyard/data'
import { familyOf, isNumeric } from '../conditions.ts'

/**
 * A column as SQL by which its values are equal to those of another column where they mean the same: integers with gaps
 * are floating point numbers to pandas, and a date is its first moment. Undefined where the types cannot be compared.
 */
export function inCommon({ name, type }: Column, other: Column): string | undefined {
  const value = quoteIdentifier(name)
  if (type === other.type) return value
  const types = [type, other.type]
  if (types.every(isWhole) || types.every((each) => familyOf(each) === 'text')) return `${value}::VARCHAR`
  if (types.every(isNumeric)) return `${value}::DOUBLE`
  return types.every(isDayOrTime) ? `${value}::TIMESTAMP` : undefined
}

/** Whether all values of a type are written as whole numbers. */
function isWhole(type: string): boolean {
  return familyOf(type) === 'integer' || /^DECIMAL\(\d+,0\)$/.test(type)
}

function isDayOrTime(type: string): boolean {
  return ['date', 'timestamp'].includes(familyOf(type) ?? '')
}
