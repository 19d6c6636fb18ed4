import type { ColumnValues } from '@modelyard/data'
import type { Predictions } from '@modelyard/inference'
import { UserError } from '@modelyard/spec'
import type { Aligned } from './predictions.ts'
import type { Sample } from './sample.ts'

/** The labels and probabilities of a multilabel task, rows × labels, in the order of `data.label`. */
export function alignLabels({ labels, columns, candidate, champion }: Aligned): Omit<Sample, 'groups'> {
  return {
    task: 'multilabel-classification',
    classes: columns,
    labels: interleave(labels.map((values, index) => zeroOrOne(values, columns[index]!))),
    candidate: inOrder(candidate, columns, 'The candidate'),
    champion: champion && inOrder(champion, columns, 'The champion'),
  }
}

function zeroOrOne(values: ColumnValues, column: string): Float64Array {
  const stranger = Array.from(values as ArrayLike<number | string | null>).find(
    (value) => value !== 0 && value !== 1 && !Number.isNaN(value),
  )
  if (stranger === undefined) return values as Float64Array
  throw new UserError(
    `The label column ${column} holds ${JSON.stringify(stranger)}, and a label of several is 0 or 1. Check data.label.`,
  )
}

/** Row by row. */
function interleave(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.length * columns[0]!.length)
  for (const [index, values] of columns.entries()) {
    for (let row = 0; row < values.length; row++) all[row * columns.length + index] = values[row]!
  }
  return all
}

/** A model that names its labels must name these; one that does not gives them in this order. */
function inOrder({ rows, classes, classProbabilities }: Predictions, columns: readonly string[], whose: string) {
  const given = classProbabilities!
  const places = columns.map((name, index) => (classes ? classes.indexOf(name) : index))
  const width = given.length / rows
  if (width !== columns.length || places.includes(-1)) {
    const says = classes ? `tells of ${classes.join(', ')}` : `gives ${width} probabilities a row`
    throw new UserError(
      `${whose} ${says}, and data.label names ${columns.join(', ')}. Train on the labels of data.label.`,
    )
  }
  return Float64Array.from(given, (_, at) => given[at - (at % width) + places[at % width]!]!)
}
