import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { studentCdf } from '@modelyard/stats'
import { isNull } from '../conditions.ts'
import { columnIn } from './finding.ts'

/** The share of a class, how far it is off by chance, and of how many groups it is made. */
interface Share {
  share: number
  error: number
  groups: number
}

/**
 * The chance that the share of a class differs as much in samples of groups: rows of one are not independent, so the
 * groups' own shares say how far off it is. Student's test with the degrees of freedom of the fewer groups; 1 where
 * there is but one.
 */
export async function chanceOfGroups(
  train: Dataset,
  holdout: Dataset,
  { label, group, name }: { label: string; group: string; name: string },
): Promise<number> {
  const [one, other] = [await shareOf(train, label, group, name), await shareOf(holdout, label, group, name)]
  const freedom = Math.min(one.groups, other.groups) - 1
  const error = Math.hypot(one.error, other.error)
  if (freedom < 1) return 1
  return error === 0 ? 0 : 2 * studentCdf(-Math.abs(one.share - other.share) / error, freedom)
}

/** The error is that of a ratio of sums over groups, by what each has more of the class than its rows let expect. */
async function shareOf(data: Dataset, label: string, group: string, name: string): Promise<Share> {
  const is = `(${quoteIdentifier(label)}::VARCHAR = $1)::INT`
  const [row] = await data.query(
    `SELECT count(*) AS groups, any_value(p) AS share, sum((y - p * n) ** 2)::DOUBLE AS squares, sum(n)::DOUBLE AS rows
    FROM (SELECT *, (sum(y) OVER () / sum(n) OVER ())::DOUBLE AS p
      FROM (SELECT count(*) AS n, sum(${is})::DOUBLE AS y FROM data
        WHERE NOT ${isNull(columnIn(data, label)!)} GROUP BY ${quoteIdentifier(group)}))`,
    [name],
  )
  const [groups, squares, rows] = [Number(row!.groups), Number(row!.squares), Number(row!.rows)]
  return { share: Number(row!.share), error: Math.sqrt((squares * groups) / Math.max(1, groups - 1)) / rows, groups }
}
