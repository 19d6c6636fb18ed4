import { rowsOf, type Truth } from '../sample/sample.ts'
import { meanArea, type Part } from './area.ts'
import { averagePrecision, rankingOf } from './average-precision.ts'
import { averages } from './averages.ts'
import { type Builder, type Builders, meanOf, resampled, shareOfRows } from './kinds.ts'
import { averageRate, RATES, type Rate, type Tally, undefinedClass } from './rates.ts'
import { noRate, noWeights, type Reason, withAny, withLabel } from './reasons.ts'

/** Rows that have several labels, or none: truths and probabilities are rows × labels. */
export const MULTILABEL: Builders = {
  accuracy: (truth, predictions) => shareOfRows(wrongLabels(truth, predictions).map((wrong) => +(wrong === 0))),
  hamming_loss: (truth, predictions) =>
    meanOf(wrongLabels(truth, predictions).map((wrong) => wrong / truth.classes.length)),
  ...averages((rate, how) => (truth, predictions, whose) => {
    const tally = tallies(truth, predictions)
    const all = tally(new Int32Array(rowsOf(truth)).fill(1))
    const nameless = how === 'micro' ? -1 : undefinedClass(rate, how, 'labels', all)
    if (how === 'weighted' && !truth.labels.includes(1)) return noWeights(rate)
    if (nameless >= 0) return noRate(rate, withLabel(truth.classes[nameless]!), whose)
    if (Number.isNaN(averageRate(rate, how, 'labels', all))) return noRate(rate, withAny, whose)
    return resampled(rowsOf(truth), (counts) => averageRate(rate, how, 'labels', tally(counts)))
  }),
  precision_samples: samples('precision', 'are given no label'),
  recall_samples: samples('recall', 'have no label'),
  f1_samples: samples('f1', 'have no label and are given none'),
  jaccard_samples: samples('jaccard', 'have no label and are given none'),
  roc_auc_macro: areas(false),
  roc_auc_weighted: areas(true),
  average_precision_macro(truth, predictions) {
    const precisions = truth.classes.map((_, label) =>
      averagePrecision(rankingOf(column(truth.labels, label, truth), column(predictions, label, truth))),
    )
    const mean = (counts: Int32Array) => precisions.reduce((sum, of) => sum + of(counts), 0) / precisions.length
    return oneSided(truth) ?? resampled(rowsOf(truth), mean)
  },
  average_precision_micro(truth, predictions) {
    const { labels, classes } = truth
    if (labels.every((label) => label === labels[0])) {
      return { reason: `Every row has ${labels[0] === 1 ? 'every' : 'no'} label; some of each are needed.` }
    }
    return resampled(rowsOf(truth), averagePrecision(rankingOf(labels, predictions, classes.length)))
  },
}

function isGiven(probability: number): number {
  return +(probability > 0.5)
}

/** How many labels of each row are wrong. */
function wrongLabels(truth: Truth, predictions: Float64Array): Float64Array {
  const wrong = new Float64Array(rowsOf(truth))
  const width = truth.classes.length
  for (const [at, label] of truth.labels.entries()) {
    wrong[Math.floor(at / width)]! += Math.abs(label - isGiven(predictions[at]!))
  }
  return wrong
}

/** Counts each label's rows in a resample. The tally is used again for the next. */
function tallies({ labels, classes: { length: width } }: Truth, predictions: Float64Array) {
  const cells = Uint8Array.from(labels, (label, at) => 2 * label + isGiven(predictions[at]!))
  const empty = () => new Float64Array(width)
  const tally: Tally = { hits: empty(), labelled: empty(), chosen: empty() }
  return (counts: Int32Array): Tally => {
    for (const sums of Object.values(tally)) sums.fill(0)
    for (let row = 0, at = 0; row < counts.length; row++) {
      const count = counts[row]!
      for (let label = 0; label < width; label++, at++) {
        const cell = cells[at]!
        if (cell === 3) tally.hits[label]! += count
        if (cell & 2) tally.labelled[label]! += count
        if (cell & 1) tally.chosen[label]! += count
      }
    }
    return tally
  }
}

/** The mean of a rate of each row; scikit-learn takes 0 where a row has none. */
function samples(rate: Rate, without: string): Builder {
  return (truth, predictions) => {
    const width = truth.classes.length
    const rates = new Float64Array(rowsOf(truth)).map((_, row) => {
      let [hits, labelled, given] = [0, 0, 0]
      for (let at = row * width; at < (row + 1) * width; at++) {
        const one = isGiven(predictions[at]!)
        hits += one * truth.labels[at]!
        labelled += truth.labels[at]!
        given += one
      }
      return RATES[rate](hits, labelled, given)
    })
    const undefinedRows = rates.reduce((count, value) => count + +Number.isNaN(value), 0)
    if (undefinedRows === 0) return meanOf(rates)
    const rows = `${undefinedRows.toLocaleString('en-US')} of ${rates.length.toLocaleString('en-US')} rows`
    return { reason: `${rows} ${without}, so there is no mean of rows. The micro average needs none.` }
  }
}

function areas(weighted: boolean): Builder {
  return (truth, predictions) => {
    return oneSided(truth) ?? meanArea(rowsOf(truth), eachLabel(truth, predictions, weighted))
  }
}

/** Each label on all rows; weighted by the rows that have it. */
function* eachLabel(truth: Truth, predictions: Float64Array, weighted: boolean): Iterable<Part> {
  for (const index of truth.classes.keys()) {
    const labels = column(truth.labels, index, truth)
    const having = () => Uint32Array.from([...labels.keys()].filter((row) => labels[row] === 1))
    yield { labels, scores: column(predictions, index, truth), rows: null, weighedBy: weighted ? [having()] : null }
  }
}

/** A label that every row has, or none, has no order to judge. */
function oneSided(truth: Truth): Reason | undefined {
  for (const [index, name] of truth.classes.entries()) {
    const labels = column(truth.labels, index, truth)
    if (labels.some((label) => label !== labels[0])) continue
    return {
      reason: `${labels[0] === 1 ? 'Every' : 'No'} row has the label ${name}; rows with and without are needed.`,
    }
  }
  return undefined
}

function column(values: Float64Array, index: number, { classes: { length: width } }: Truth): Float64Array {
  return new Float64Array(values.length / width).map((_, row) => values[row * width + index]!)
}
