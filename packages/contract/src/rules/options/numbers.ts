import { type Asked, decided, noRows, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, isNumeric, ofValues, sql, sqlOf, type Values } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'

/** Twice the rounding of a number, for the quotient and for the product. */
const ROUNDING = { DOUBLE: 4 * 2 ** -52, FLOAT: 4 * 2 ** -23 }

/** Integers are divided exactly; of other numbers the nearest multiple is the value but for its last digit. */
export function planMultiple(of: number, values: Values, asked: Asked): Planned {
  if (!isNumeric(values.type)) return notExecuted(asked, `They are ${kindOf(values.type)}, and no number.`)
  const value = sqlOf(values)
  const broken = `are no multiple of ${of}`
  if (familyOf(values.type) === 'integer' && Number.isSafeInteger(of)) {
    return noRows(asked, sql(ofValues(values, `${value} % ? <> 0`), of), broken)
  }
  const double = `${value}::DOUBLE`
  const rounding = ROUNDING[values.type === 'FLOAT' ? 'FLOAT' : 'DOUBLE']
  const far = `abs(${double} - round(${double} / ?) * ?) > ${rounding} * abs(${double})`
  return noRows(asked, sql(ofValues(values, `isinf(${double}) OR ${far}`), of, of), broken)
}

const widths = /^([iu])(8|16|32|64|128)$/
/** The greatest number that an f32 holds. */
const GREATEST_F32 = '3.4028234663852886e38'

/** Whether numbers fit into a type of Rust. */
export function planNumberFormat(format: string, values: Values, asked: Asked): Planned {
  if (!isNumeric(values.type)) return notExecuted(asked, `They are ${kindOf(values.type)}, and no number.`)
  const value = sqlOf(values)
  const broken = `do not fit into ${format}`
  if (format === 'f64') return decided(asked, 'pass', `Each ${values.type} is a number of 64 bits.`)
  if (format === 'f32') {
    const condition = `NOT isinf(${value}::DOUBLE) AND abs(${value}::DOUBLE) > ${GREATEST_F32}`
    return noRows(asked, sql(ofValues(values, condition)), broken)
  }
  const [, sign, bits] = widths.exec(format) ?? []
  if (bits === undefined) return notExecuted(asked, `Modelyard does not know the format ${format} of numbers.`)
  const size = BigInt(bits)
  const least = sign === 'u' ? 0n : -(2n ** (size - 1n))
  const beyond = sign === 'u' ? 2n ** size : 2n ** (size - 1n)
  // No integer of DuckDB is beyond 128 bits; a double may be.
  const above =
    size < 128n
      ? `${value} >= ?::HUGEINT`
      : familyOf(values.type) === 'fraction'
        ? `${value}::DOUBLE >= ?::DOUBLE`
        : '? IS NULL'
  return noRows(
    asked,
    sql(ofValues(values, `${value} < ?::HUGEINT OR ${above}`), String(least), String(beyond)),
    broken,
  )
}
