import type { Predicate } from '@modelyard/spec'
import { ascendingOrder } from '@modelyard/stats'
import { defect } from '../metrics/defects.ts'
import type { Sample } from '../sample/sample.ts'

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

/** The points of a curve, by their coordinates. */
interface Points {
  falsePositives: Float64Array
  truePositives: Float64Array
  count: number
}

/** From 0, 0 a point for every different score, from the highest down, to 1, 1. */
function rocCurve(labels: Float64Array, scores: Float64Array): Points {
  const order = ascendingOrder(scores).reverse()
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const negatives = labels.length - positives
  const falsePositives = new Float64Array(order.length + 1)
  const truePositives = new Float64Array(order.length + 1)
  let count = 1
  let above = 0
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!
    above += labels[row]!
    if (place + 1 < order.length && scores[row] === scores[order[place + 1]!]) continue
    falsePositives[count] = (place + 1 - above) / negatives
    truePositives[count] = above / positives
    count++
  }
  return { falsePositives, truePositives, count }
}

/** A stretch of the curve, and the point that is furthest from the straight line between its ends. */
interface Stretch {
  from: number
  to: number
  furthest: number
  distance: number
}

/** The ends and, one after the other, the point from which the line so far is furthest (Ramer, Douglas and Peucker). */
function simplify(points: Points, most: number): Curve {
  const stretches = [stretch(points, 0, points.count - 1)]
  while (stretches.length < most - 1) {
    const worst = stretches.reduce((one, other) => (other.distance > one.distance ? other : one))
    if (worst.distance === 0) break
    const { from, furthest, to } = worst
    stretches.splice(stretches.indexOf(worst), 1, stretch(points, from, furthest), stretch(points, furthest, to))
  }
  return [0, ...stretches.map(({ to }) => to)].map((at) => ({
    false_positive_rate: points.falsePositives[at]!,
    true_positive_rate: points.truePositives[at]!,
  }))
}

function stretch({ falsePositives, truePositives }: Points, from: number, to: number): Stretch {
  const [x, y] = [falsePositives[from]!, truePositives[from]!]
  const [width, height] = [falsePositives[to]! - x, truePositives[to]! - y]
  const length = Math.hypot(width, height)
  let furthest = from
  let distance = 0
  for (let at = from + 1; at < to; at++) {
    const away = Math.abs(width * (truePositives[at]! - y) - height * (falsePositives[at]! - x)) / length
    if (away > distance) {
      distance = away
      furthest = at
    }
  }
  return { from, to, furthest, distance }
}
