import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { familyOf } from '../conditions.ts'
import { columnIn } from './finding.ts'

/** Of so many of the values all are different, but for mistakes. */
const UNIQUE = 0.999

/** By an estimate, which errs by a tenth and more, fewer are not worth a count. */
const NEARLY = 0.5

/**
 * Of some columns, those that name a row rather than describe it: in a sample of both datasets, their values are all
 * different, as e-mail addresses, order numbers and times of writing are. So are fractions, which describe. What the
 * contract marks as personal names somebody, if it is text.
 */
export async function columnsOfNames(
  train: Dataset,
  holdout: Dataset,
  columns: readonly string[],
  masked: ReadonlySet<string>,
): Promise<string[]> {
  const family = (name: string) => familyOf(columnIn(train, name)!.type)
  const personal = columns.filter((name) => masked.has(name) && family(name) === 'text')
  let unique = columns.filter((name) => !personal.includes(name) && family(name) !== 'fraction')
  for (const data of [train, holdout]) {
    unique = await thatDiffer(data, unique, 'approx_count_distinct', NEARLY)
    unique = await thatDiffer(data, unique, 'count_distinct', UNIQUE)
  }
  return columns.filter((name) => personal.includes(name) || unique.includes(name))
}

/** Columns that have, for their values in the sample, at least a share of different ones. */
async function thatDiffer(
  data: Dataset,
  names: readonly string[],
  how: 'approx_count_distinct' | 'count_distinct',
  share: number,
): Promise<string[]> {
  if (names.length === 0) return []
  const counts = names.map((name, index) => {
    const column = quoteIdentifier(name)
    const different =
      how === 'count_distinct'
        ? `count(DISTINCT hash(${column})) FILTER (WHERE ${column} IS NOT NULL)`
        : `approx_count_distinct(${column})`
    return `${different} AS d${index}, count(${column}) AS n${index}`
  })
  const [row] = await data.query(`SELECT ${counts.join(', ')} FROM modelyard_sample`)
  return names.filter((_, index) => {
    const values = Number(row![`n${index}`])
    return values > 1 && Number(row![`d${index}`]) >= share * values
  })
}
