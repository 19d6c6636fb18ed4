import { readFileSync } from 'node:fs'
import type { PredictionMetric } from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'
import { numberGroups, type Sample } from '../src/sample/sample.ts'

/** Numbers of scikit-learn 1.9.1 and scipy 1.17.1. */
export const golden = JSON.parse(readFileSync(new URL('fixtures/gate.json', import.meta.url), 'utf8'))

export const BINARY: PredictionMetric[] = [
  'roc_auc',
  'average_precision',
  'brier_score',
  'log_loss',
  'accuracy',
  'balanced_accuracy',
  'precision',
  'recall',
  'f1',
  'matthews_corrcoef',
]

export const options = { confidence: 0.95, seed: 7, replicates: 300 }

export function binary(labels: ArrayLike<number>, candidate: ArrayLike<number>, champion?: ArrayLike<number>): Sample {
  return {
    task: 'binary-classification',
    classes: ['0', '1'],
    labels: Float64Array.from(labels),
    candidate: Float64Array.from(candidate),
    champion: champion ? Float64Array.from(champion) : null,
    groups: null,
  }
}

export function regression(
  labels: ArrayLike<number>,
  candidate: ArrayLike<number>,
  champion?: ArrayLike<number>,
): Sample {
  return { ...binary(labels, candidate, champion), task: 'regression', classes: [] }
}

/** Uniform numbers between 0 and 1. */
export function uniform(seed: number): () => number {
  const random = randomSource(seed)
  return () => (random.below(2 ** 32) + 0.5) / 2 ** 32
}

/** Rows of which both models know something: the champion's scores are the candidate's with noise. */
export function simulated(rows: number, seed: number, noise = 0.3): Sample {
  const next = uniform(seed)
  const labels = Float64Array.from({ length: rows }, () => +(next() < 0.4))
  const candidate = labels.map((label) => 0.25 * label + 0.75 * next())
  const champion = candidate.map((score) => (1 - noise) * score + noise * next())
  return binary(labels, candidate, champion)
}

export function grouped(sample: Sample, groups: number): Sample {
  return { ...sample, groups: numberGroups(Array.from(sample.labels, (_, row) => row % groups)) }
}
