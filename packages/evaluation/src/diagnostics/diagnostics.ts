import type { Dataset } from '@modelyard/data'
import type { ModelFile, Predicate } from '@modelyard/spec'
import type { Sample } from '../sample/sample.ts'
import { calibrate } from './calibration.ts'
import { compareSides, describeChanged } from './changed.ts'
import { drawRoc } from './roc.ts'
import { readFeatures } from './search/features.ts'
import { findWeakest } from './weakest.ts'

export type Diagnostics = Pick<Predicate<'gate'>, 'calibration' | 'roc' | 'weakest' | 'changed'>

export interface DiagnosticsOptions {
  /** Columns that say nothing of a row, its label, its id, its time, its group, and those that may not be told. */
  exclude: readonly string[]
  gates: ModelFile['evaluate']['gates']
  metrics: ModelFile['evaluate']['metrics']
  /** Two-sided confidence of every interval. */
  confidence: number
  seed: number
}

/** What the numbers hide: how the models err, and where. Advice to people, of which no verdict follows. */
export async function diagnose(sample: Sample, dataset: Dataset, options: DiagnosticsOptions): Promise<Diagnostics> {
  const { exclude, gates, confidence, seed } = options
  const metrics = [...gates.map(({ metric }) => metric), ...options.metrics]
  const features = await readFeatures(dataset, exclude)
  const calibration = calibrate(sample, confidence)
  const roc = drawRoc(sample)
  const sides = compareSides(sample)
  return {
    ...(calibration && { calibration }),
    ...(roc && { roc }),
    weakest: findWeakest(sample, features, { metrics, confidence, seed }),
    changed: sides && describeChanged(sides, features, { groups: sample.groups, confidence, seed }),
  }
}
