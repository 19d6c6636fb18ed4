import type { Dataset } from '@modelyard/data'

/** What SQL makes of the rows of `modelyard_sample`, a hundred thousand by their place, as far as they meet `where`. */
export async function sample(
  data: Dataset,
  expressions: readonly string[],
  { where = 'true' }: { where?: string } = {},
): Promise<Float64Array[]> {
  return collect(data.numbers(expressions, { where, table: 'modelyard_sample' }), expressions.length)
}

/** Arrays that come in chunks, each as one. */
export async function collect(stream: AsyncIterable<Float64Array[]>, arrays: number): Promise<Float64Array[]> {
  const chunks: Float64Array[][] = []
  for await (const chunk of stream) chunks.push(chunk)
  return joined(chunks, arrays)
}

/** Several runs of rows, each an array for each column, as one. */
export function joined(chunks: readonly Float64Array[][], arrays: number): Float64Array[] {
  return Array.from({ length: arrays }, (_, index) => join(chunks.map((chunk) => chunk[index]!)))
}

function join(chunks: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
