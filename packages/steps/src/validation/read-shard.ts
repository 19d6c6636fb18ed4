import type { Shard } from '@modelyard/data'
import { UserError } from '@modelyard/spec'

/** No matrix has more jobs. */
const MOST_SHARDS = 256

/**
 * Reads `2/4`, the second of four shards; undefined for nothing. `input` is how sentences name what was written. Throws a
 * `UserError` for anything else.
 */
export function readShard(written: string, input: string): Shard | undefined {
  if (written === '') return undefined
  const [, index, of] = (/^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(written) ?? []).map(Number)
  if (index !== undefined && of !== undefined && index <= of && of <= MOST_SHARDS) return { index, of }
  throw new UserError(
    `${input} is ${JSON.stringify(written)}; it must be like 2/4, the second of four shards, and at most ${MOST_SHARDS}/${MOST_SHARDS}.`,
  )
}
