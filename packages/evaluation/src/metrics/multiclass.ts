import type { Truth } from '../sample/sample.ts'
import { meanArea, type Part } from './area.ts'
import { CLASSES, kappa } from './classes.ts'
import { type Builder, type Builders, shareOfRows } from './kinds.ts'
import { bothClasses } from './reasons.ts'

/** Three or more classes. */
export const MULTICLASS: Builders = {
  ...CLASSES,
  cohen_kappa_linear: inOrder((distance) => Math.abs(distance)),
  cohen_kappa_quadratic: inOrder((distance) => distance ** 2),
  top_2_accuracy: amongFirst(2),
  top_3_accuracy: amongFirst(3),
  top_5_accuracy: amongFirst(5),
  roc_auc_ovr: areas(againstRest, 'macro'),
  roc_auc_ovr_weighted: areas(againstRest, 'weighted'),
  roc_auc_ovo: areas(againstEachOther, 'macro'),
  roc_auc_ovo_weighted: areas(againstEachOther, 'weighted'),
}

/** Kappa of classes that have an order: that of their numbers, or of their names, as scikit-learn sorts them. */
function inOrder(weight: (distance: number) => number): Builder {
  return (truth, predictions, whose) => {
    const isNumbers = truth.classes.every((name) => name.trim() !== '' && Number.isFinite(Number(name)))
    const sorted = isNumbers
      ? truth.classes.toSorted((one, other) => Number(one) - Number(other))
      : truth.classes.toSorted((one, other) => (one < other ? -1 : 1))
    const places = truth.classes.map((name) => sorted.indexOf(name))
    return kappa((one, other) => weight(places[one]! - places[other]!))(truth, predictions, whose)
  }
}

/** Whether a row's class is among the `first` that are most probable; of equals the later one is, as in scikit-learn. */
function amongFirst(first: number): Builder {
  return ({ labels, classes: { length: classes } }, predictions) => {
    if (classes <= first) {
      return { reason: `There are ${classes} classes, so every class is among the first ${first}.` }
    }
    return shareOfRows(
      labels.map((label, row) => {
        const own = predictions[row * classes + label]!
        let before = 0
        for (let class_ = 0; class_ < classes; class_++) {
          const other = predictions[row * classes + class_]!
          if (other > own || (other === own && class_ > label)) before++
        }
        return +(before < first)
      }),
    )
  }
}

type Weighting = 'macro' | 'weighted'

/** Every class must have rows: an area needs both sides. */
function areas(partsOf: (truth: Truth, predictions: Float64Array, how: Weighting) => Part[], how: Weighting): Builder {
  return (truth, predictions) => {
    const absent = truth.classes.find((_, class_) => !truth.labels.includes(class_))
    if (absent !== undefined) {
      return bothClasses(truth) ?? { reason: `No label is ${absent}, so there is no AUC of that class.` }
    }
    return meanArea(truth.labels.length, partsOf(truth, predictions, how))
  }
}

/** Each class against all others; weighted by the rows that it has. */
function againstRest({ labels, classes }: Truth, predictions: Float64Array, how: Weighting): Part[] {
  return classes.map((_, class_) => {
    const own = labels.map((label) => +(label === class_))
    return {
      labels: own,
      scores: labels.map((_, row) => predictions[row * classes.length + class_]!),
      weights: how === 'weighted' ? own : null,
      rows: null,
    }
  })
}

/**
 * Each class against each other, on the rows of the two, by the probability of the one and by that of the other (Hand and
 * Till 2001); weighted by the rows of both.
 */
function againstEachOther({ labels, classes }: Truth, predictions: Float64Array, how: Weighting): Part[] {
  return classes.flatMap((_, one) =>
    classes.flatMap((_, other) => {
      if (one === other) return []
      const rows = Uint32Array.from([...labels.keys()].filter((row) => labels[row] === one || labels[row] === other))
      return {
        labels: Float64Array.from(rows, (row) => +(labels[row] === one)),
        scores: Float64Array.from(rows, (row) => predictions[row * classes.length + one]!),
        weights: how === 'weighted' ? labels.map((label) => +(label === one || label === other)) : null,
        rows,
      }
    }),
  )
}
