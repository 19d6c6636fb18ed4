import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { oneIn } from './hashes.ts'

/**
 * What SQL makes of about `size` rows, or of all where there are fewer, as far as they meet `where`: those whose values in `by` have a hash that is
 * drawn, so that equal rows are drawn together, and the same ones on any machine.
 */
export async function sample(
  data: Dataset,
  expressions: readonly string[],
  { size, by, where = 'true' }: { size: number; by: readonly string[]; where?: string },
): Promise<Float64Array[]> {
  const drawn = oneIn(Math.floor(data.rows / size), by.map(quoteIdentifier))
  return collect(data.numbers(expressions, { where: `${drawn} AND ${where}` }), expressions.length)
}

/** Arrays that come in chunks, each as one. */
export async function collect(stream: AsyncIterable<Float64Array[]>, arrays: number): Promise<Float64Array[]> {
  const chunks: Float64Array[][] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Array.from({ length: arrays }, (_, index) => joined(chunks.map((chunk) => chunk[index]!)))
}

function joined(chunks: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
