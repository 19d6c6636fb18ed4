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

/** What areas are taken of: the rows of each class, found once. */
interface Classified {
  truth: Truth
  predictions: Float64Array
  rowsOfClass: Uint32Array[]
}

/** Every class must have rows: an area needs both sides. */
function areas(partsOf: (of: Classified, how: Weighting) => Iterable<Part>, how: Weighting): Builder {
  return (truth, predictions) => {
    const rowsOfClass = rowsByClass(truth)
    const absent = rowsOfClass.findIndex(({ length }) => length === 0)
    if (absent >= 0) {
      return bothClasses(truth) ?? { reason: `No label is ${truth.classes[absent]}, so there is no AUC of that class.` }
    }
    return meanArea(truth.labels.length, partsOf({ truth, predictions, rowsOfClass }, how))
  }
}

function rowsByClass({ labels, classes }: Truth): Uint32Array[] {
  const rows: number[][] = classes.map(() => [])
  for (let row = 0; row < labels.length; row++) rows[labels[row]!]!.push(row)
  return rows.map((each) => Uint32Array.from(each))
}

/** Each class against all others; weighted by the rows that it has. */
function* againstRest({ truth, predictions, rowsOfClass }: Classified, how: Weighting): Iterable<Part> {
  for (const [class_, own] of rowsOfClass.entries()) {
    yield {
      labels: truth.labels.map((label) => +(label === class_)),
      scores: truth.labels.map((_, row) => predictions[row * rowsOfClass.length + class_]!),
      rows: null,
      weighedBy: how === 'weighted' ? [own] : null,
    }
  }
}

/**
 * Each class against each other, on the rows of the two, by the probability of the one and by that of the other (Hand and
 * Till 2001); weighted by the rows of both.
 */
function* againstEachOther({ predictions, rowsOfClass }: Classified, how: Weighting): Iterable<Part> {
  for (const [class_, own] of rowsOfClass.entries()) {
    for (const others of rowsOfClass) {
      if (others === own) continue
      const rows = new Uint32Array(own.length + others.length)
      rows.set(own)
      rows.set(others, own.length)
      yield {
        labels: new Float64Array(rows.length).fill(1, 0, own.length),
        scores: Float64Array.from(rows, (row) => predictions[row * rowsOfClass.length + class_]!),
        rows,
        weighedBy: how === 'weighted' ? [own, others] : null,
      }
    }
  }
}
