import { type Dataset, lookLikeData, type Value } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import type { Finding } from '../checks/plan.ts'

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

/** A sentence is cut after so many characters. */
const LONGEST = 300

/** What is wrong with SQL that cannot be run, in DuckDB's words, on one line; undefined where it can be. */
export async function unpreparable(query: string, dataset: Dataset): Promise<string | undefined> {
  try {
    await dataset.prepare(query)
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // Without a header, what DuckDB takes for columns are the values of a row.
    const isTold = !lookLikeData(dataset.columns.map(({ name }) => name))
    if (!isTold) return `${kindOf(error)}.`
    // What it would have instead are tables of its own.
    const unknown = /^Catalog Error: Table with name .* does not exist!/.exec(error.message)?.[0]
    return unknown ? `${unknown} The only table is data, or {object}.` : sentenceOf(error)
  }
}

/** What an error says, on one line, as a sentence. */
export function sentenceOf({ message }: Error): string {
  const line = message.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line.replace(/(?<![.!?])$/, '.')
}

/** Which kind of error DuckDB tells of, or all that is said where no kind is. */
function kindOf({ message }: Error): string {
  return (/^[A-Z][a-z]+(?: [A-Z][a-z]+)* Error/.exec(message)?.[0] ?? message).replace(/\.$/, '')
}

/** What an error says that may quote the data: no more than its kind. */
export function withoutData(error: unknown): string {
  if (!(error instanceof UserError)) throw error
  return `${kindOf(error)}.`
}

/** Runs a query of the contract's own. DuckDB's message may quote the data, so that no more than its kind is told. */
export async function askDataset(
  query: string,
  dataset: Dataset,
  judge: (value: unknown) => Finding,
): Promise<Finding> {
  const unclear = await unpreparable(query, dataset)
  if (unclear !== undefined)
    return { verdict: 'inconclusive', found: `The query could not be run: ${unclear}`, failing: 0 }
  let rows: Array<Record<string, Value>>
  try {
    rows = await dataset.query(query, undefined, { ...LIMIT, repeatable: true })
  } catch (error) {
    return { verdict: 'inconclusive', found: `The query could not be run: ${withoutData(error)}`, failing: 0 }
  }
  const answers = rows.flatMap((row) => Object.values(row))
  if (answers.length === 1) return judge(answers[0])
  return { verdict: 'inconclusive', found: 'The query must answer one value.', failing: 0 }
}
