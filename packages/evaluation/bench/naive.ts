import { quantile, randomSource } from '@modelyard/stats'

/** What a resample is made of. */
export interface Rows {
  labels: Float64Array
  candidate: Float64Array
  champion: Float64Array
}

type Metric = (labels: Float64Array, scores: Float64Array) => number

/** The metrics as one writes them down: on rows that lie there. */
export const naiveMetrics: Record<string, Metric> = {
  roc_auc(labels, scores) {
    const order = Array.from(labels.keys()).sort((i, j) => scores[i]! - scores[j]!)
    let ranks = 0
    let positives = 0
    for (let from = 0, to = 0; from < order.length; from = to) {
      while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
      for (let i = from; i < to; i++) {
        if (labels[order[i]!] !== 1) continue
        ranks += (from + to + 1) / 2
        positives++
      }
    }
    return (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives))
  },
  average_precision(labels, scores) {
    const order = Array.from(labels.keys()).sort((i, j) => scores[j]! - scores[i]!)
    let sum = 0
    let positives = 0
    for (let from = 0, to = 0; from < order.length; from = to) {
      let tied = 0
      for (to = from; to < order.length && scores[order[to]!] === scores[order[from]!]; to++)
        tied += labels[order[to]!]!
      positives += tied
      sum += (tied * positives) / to
    }
    return sum / positives
  },
  log_loss: meanOf((label, score) => -Math.log(label === 1 ? score : 1 - score)),
  brier_score: meanOf((label, score) => (score - label) ** 2),
  f1(labels, scores) {
    let hits = 0
    let total = 0
    for (let row = 0; row < labels.length; row++) {
      const chosen = +(scores[row]! > 0.5)
      hits += 2 * labels[row]! * chosen
      total += labels[row]! + chosen
    }
    return hits / total
  },
}

function meanOf(loss: (label: number, score: number) => number): Metric {
  return (labels, scores) => {
    let sum = 0
    for (let row = 0; row < labels.length; row++) sum += loss(labels[row]!, scores[row]!)
    return sum / labels.length
  }
}

/**
 * The floor: a paired bootstrap that copies the rows of each resample and measures the copy. It draws what ours draws,
 * so that both give the same intervals. Returns the interval of the difference for each metric.
 */
export function naiveBootstrap(rows: Rows, metrics: readonly string[], replicates: number, seed: number) {
  const random = randomSource(seed)
  const n = rows.labels.length
  const differences = metrics.map(() => [] as number[])
  for (let replicate = 0; replicate < replicates; replicate++) {
    const [labels, candidate, champion] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
    for (let i = 0; i < n; i++) {
      const row = random.below(n)
      labels[i] = rows.labels[row]!
      candidate[i] = rows.candidate[row]!
      champion[i] = rows.champion[row]!
    }
    for (const [index, name] of metrics.entries()) {
      const metric = naiveMetrics[name]!
      differences[index]!.push(metric(labels, candidate) - metric(labels, champion))
    }
  }
  return differences.map((values) => ({ low: quantile(values, 0.025), high: quantile(values, 0.975) }))
}
