import type { Contradiction } from './contradictions.ts'
import type { ModelFile } from './schema.ts'

/** The columns with the truth: one, or those of a multilabel classification. */
export function labelColumns({ data }: Pick<ModelFile, 'data'>): string[] {
  return [data.label].flat()
}

/** Labels that are not of the task's kind: a list where there is one truth, or the other way round. */
export function mislabelled({ task, data }: Pick<ModelFile, 'task' | 'data'>): Contradiction[] {
  const say = (message: string) => [{ path: ['data', 'label'], message: `data.label ${message}` }]
  const several = task === 'multilabel-classification'
  if (typeof data.label === 'string') {
    return several
      ? say(`is ${data.label}, and a ${task} has several labels. Write the list of their columns: [${data.label}, …].`)
      : []
  }
  if (!several) {
    return say(
      `is a list, and a ${task} has one label. Name one column; several of 0 and 1 are task: multilabel-classification.`,
    )
  }
  const twice = data.label.find((name, index) => data.label.indexOf(name) !== index)
  return twice === undefined ? [] : say(`names ${twice} twice. Leave one of them out.`)
}
