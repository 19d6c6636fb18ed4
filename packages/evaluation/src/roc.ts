import type { Predicate } from '@modelyard/spec'
import { ascendingOrder } from '@modelyard/stats'
import { defect } from './metrics/defects.ts'
import type { Sample } from './sample.ts'

type Rocs = NonNullable<Predicate<'gate'>['roc']>
type Curve = Rocs['candidate']

const MOST_POINTS = 41

/**
 * The ROC curves of a binary classification, drawn with at most 41 points each. Undefined where there is no curve: with
 * one class only, or without a score for every row.
 */
export function drawRoc(sample: Sample): Rocs | undefined {
  const { task, labels } = sample
  if (task !== 'binary-classification' || !(labels.includes(0) && labels.includes(1))) return undefined
  const of = (scores: Float64Array, whose: string) =>
    defect('roc_auc', sample, scores, whose) ? null : simplify(rocCurve(labels, scores), MOST_POINTS)
  const candidate = of(sample.candidate, 'The candidate')
  return candidate ? { candidate, champion: sample.champion && of(sample.champion, 'The champion') } : undefined
}

/** From 0, 0 a point for every different score, from the highest down, to 1, 1. */
function rocCurve(labels: Float64Array, scores: Float64Array): Curve {
  const order = ascendingOrder(scores).reverse()
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const curve: Curve = [{ false_positive_rate: 0, true_positive_rate: 0 }]
  let above = 0
  for (const [place, row] of order.entries()) {
    above += labels[row]!
    if (place + 1 < order.length && scores[row] === scores[order[place + 1]!]) continue
    curve.push({
      false_positive_rate: (place + 1 - above) / (labels.length - positives),
      true_positive_rate: above / positives,
    })
  }
  return curve
}

/** A stretch of the curve, and the point that is furthest from the straight line between its ends. */
interface Stretch {
  from: number
  to: number
  furthest: number
  distance: number
}

/** The ends and, one after the other, the point from which the line so far is furthest (Ramer, Douglas and Peucker). */
function simplify(curve: Curve, most: number): Curve {
  const stretches = [stretch(curve, 0, curve.length - 1)]
  while (stretches.length < most - 1) {
    const worst = stretches.reduce((one, other) => (other.distance > one.distance ? other : one))
    if (worst.distance === 0) break
    const { from, furthest, to } = worst
    stretches.splice(stretches.indexOf(worst), 1, stretch(curve, from, furthest), stretch(curve, furthest, to))
  }
  return [curve[0]!, ...stretches.map(({ to }) => curve[to]!)]
}

function stretch(curve: Curve, from: number, to: number): Stretch {
  const [start, end] = [curve[from]!, curve[to]!]
  const [width, height] = [
    end.false_positive_rate - start.false_positive_rate,
    end.true_positive_rate - start.true_positive_rate,
  ]
  const length = Math.hypot(width, height)
  let furthest = from
  let distance = 0
  for (let at = from + 1; at < to; at++) {
    const [right, up] = [
      curve[at]!.false_positive_rate - start.false_positive_rate,
      curve[at]!.true_positive_rate - start.true_positive_rate,
    ]
    const away = Math.abs(width * up - height * right) / length
    if (away > distance) {
      distance = away
      furthest = at
    }
  }
  return { from, to, furthest, distance }
}
