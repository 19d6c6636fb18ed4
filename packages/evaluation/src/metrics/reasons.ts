import type { Truth } from '../sample/sample.ts'
import type { Rate } from './rates.ts'

/** Why there is nothing to measure. */
export interface Reason {
  reason: string
}

/** Why there is nothing to tell apart, if there is nothing. */
export function bothClasses({ labels, classes }: Truth): Reason | undefined {
  if (labels.some((label) => label !== labels[0])) return undefined
  return { reason: `All labels are ${classes[labels[0]!]}; a second class is needed to tell classes apart.` }
}

/** How sentences say that no row is something, and that a model takes none for it. */
interface Nothing {
  labelled: string
  predicted: string
}

/** No row of a class. */
export const ofClass = (name: string): Nothing => ({
  labelled: `No label is ${name}`,
  predicted: `predicts no row ${name}`,
})

/** No row with a label, of several that it may have. */
export const withLabel = (name: string): Nothing => ({
  labelled: `No row has the label ${name}`,
  predicted: `gives no row the label ${name}`,
})

/** No row with any label. */
export const withAny: Nothing = { labelled: 'No row has a label', predicted: 'gives no row a label' }

const NAMES: Record<Rate, string> = { precision: 'precision', recall: 'recall', f1: 'F1', jaccard: 'Jaccard index' }

/** Why there is no average of a rate over labels, weighted by the rows that have them. */
export function noWeights(rate: Rate): Reason {
  return { reason: `No row has a label, so there is no weighted ${NAMES[rate]}.` }
}

/** Why a rate is not defined. */
export function noRate(rate: Rate, { labelled, predicted }: Nothing, whose: string): Reason {
  const neither = `${labelled} and ${whose.toLowerCase()} predicts none`
  switch (rate) {
    case 'precision':
      return { reason: `${whose} ${predicted}, so it has no precision.` }
    case 'recall':
      return { reason: `${labelled}, so there is no recall.` }
    case 'f1':
      return { reason: `${neither}, so there is no ${NAMES.f1}.` }
    case 'jaccard':
      return { reason: `${neither}, so there is no ${NAMES.jaccard}.` }
  }
}
