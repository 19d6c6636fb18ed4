import { UserError } from '@modelyard/spec'
import type { OutputTensor } from './answers.ts'
import type { Outputs } from './outputs.ts'
import type { Predictions } from './predictions.ts'

interface Expected {
  /** The rows that were fed, and how many of them count: the first. */
  fed: number
  rows: number
  /** The labels, as the model's metadata name them. */
  names: string[] | null
}

/**
 * Reads the probabilities of several labels: one tensor, rows × labels, or labels × rows × 2 as forests have it; or a
 * tensor for each label, rows × 1, or rows × 2 of which the second is that the row has it. Throws a `UserError` for others.
 */
export function readLabelAnswers(
  tensors: Record<string, OutputTensor>,
  each: NonNullable<Outputs['each']>,
  { fed, rows, names }: Expected,
): Predictions {
  const given = each.map(({ tensor }) => tensors[tensor]!)
  const columns = given.length === 1 ? allLabels(given[0]!, fed) : given.map((tensor) => oneLabel(tensor, fed))
  const own = each.every(({ label }) => label !== null) ? each.map(({ label }) => label!) : names
  if (own && own.length !== columns.length) {
    throw new UserError(
      `The model gave probabilities of ${columns.length} labels and names ${own.length}: ${own.join(', ')}.`,
    )
  }
  const classProbabilities = new Float64Array(rows * columns.length)
  for (const [label, probabilityOf] of columns.entries()) {
    for (let row = 0; row < rows; row++) classProbabilities[row * columns.length + label] = probabilityOf(row)
  }
  return { rows, ...(own && { classes: own }), classProbabilities }
}

type Column = (row: number) => number

function allLabels({ dims, data }: OutputTensor, fed: number): Column[] {
  if (dims.length === 2 && dims[0] === fed) {
    const width = dims[1]!
    return Array.from({ length: width }, (_, label) => (row) => Number(data[row * width + label]))
  }
  if (dims.length === 3 && dims[1] === fed && dims[2] === 2) {
    return Array.from({ length: dims[0]! }, (_, label) => (row) => Number(data[2 * (label * fed + row) + 1]))
  }
  throw misshapen(dims, fed, 'rows × labels')
}

function oneLabel({ dims, data }: OutputTensor, fed: number): Column {
  const width = dims[1] ?? 1
  if (dims[0] !== fed || dims.length > 2 || width > 2) throw misshapen(dims, fed, 'rows × 1 or rows × 2 of each label')
  return (row) => Number(data[row * width + width - 1])
}

function misshapen(dims: readonly number[], fed: number, wanted: string): UserError {
  return new UserError(
    `The model gave probabilities of the shape ${dims.join(' × ') || 'of a single value'} for ${fed} rows. Export it to give ${wanted}.`,
  )
}
