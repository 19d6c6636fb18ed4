import type { Predicate } from '@modelyard/spec'
import { choose, type Sample } from './sample.ts'

/** Rows that only one of the two models gives the right class; null where there are not two, or rows have not one class each. */
export function countChanged(sample: Sample): Predicate<'gate'>['changed'] {
  const { task, labels, candidate, champion } = sample
  if (!champion || (task !== 'binary-classification' && task !== 'multiclass-classification')) return null
  if ([labels, candidate, champion].some((values) => values.some(Number.isNaN))) return null
  const now = choose(sample, candidate)
  const before = choose(sample, champion)
  let newlyRight = 0
  let newlyWrong = 0
  for (const [row, label] of labels.entries()) {
    if (now[row] === label && before[row] !== label) newlyRight++
    if (now[row] !== label && before[row] === label) newlyWrong++
  }
  return { newly_right: newlyRight, newly_wrong: newlyWrong }
}
