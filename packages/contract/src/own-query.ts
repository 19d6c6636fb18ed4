import type { Dataset, Value } from '@modelyard/data'
import type { Finding } from './plan.ts'

/** How long SQL of the contract's own may take, a query or a filter. */
export const LIMIT = { seconds: 60 }

/** What the engine calls the rows of one job of a matrix, and those that are drawn. */
const ours = /modelyard_(?:part|sample)/i

/** What answers otherwise at another time, or each time. */
const changing =
  /\b(?:(?:now|today|random|uuid\w*|gen_random_uuid|nextval|(?:get_current|transaction)_\w+)\s*\(|(?:current|local)_?(?:date|time|timestamp)\b|using\s+sample\b|tablesample\b)/i

/** Why SQL of the contract's own is not run; undefined where it may be. */
export function notAsked(sql: string): string | undefined {
  const table = ours.exec(sql)?.[0]
  if (table) return `The rows of ${table} are other ones in each job of a matrix. Ask data, which has all rows.`
  const changes = changing.exec(sql)?.[0].replace(/\s*\($/, '()')
  const instead = 'The age of data is asked for by check: freshness.'
  return changes && `${changes} answers otherwise the next time, and no record could be made again. ${instead}`
}

/** Runs a query of the contract's own. DuckDB's message may quote the data, so that no more than its kind is told. */
export async function askDataset(
  query: string,
  dataset: Dataset,
  judge: (value: unknown) => Finding,
): Promise<Finding> {
  let rows: Array<Record<string, Value>>
  try {
    rows = await dataset.query(query, undefined, { ...LIMIT, repeatable: true })
  } catch (error) {
    const message = (error as Error).message
    const kind = /^[A-Z][a-z]+(?: [A-Z][a-z]+)* Error/.exec(message)?.[0] ?? message
    return { verdict: 'inconclusive', found: `The query could not be run: ${kind.replace(/\.$/, '')}.`, failing: 0 }
  }
  const answers = rows.flatMap((row) => Object.values(row))
  if (answers.length === 1) return judge(answers[0])
  return { verdict: 'inconclusive', found: 'The query must answer one value.', failing: 0 }
}
