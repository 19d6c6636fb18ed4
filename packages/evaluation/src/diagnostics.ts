import type { Dataset } from '@modelyard/data'
import type { Predicate } from '@modelyard/spec'
import { calibrate } from './calibration.ts'
import { countChanged } from './changed.ts'
import { drawRoc } from './roc.ts'
import type { Sample } from './sample.ts'

export type Diagnostics = Pick<Predicate<'gate'>, 'calibration' | 'roc' | 'weakest' | 'changed'>

export interface DiagnosticsOptions {
  /** Columns that say nothing of a row: its label, its id, its time, its group. */
  exclude: readonly string[]
  /** Two-sided confidence of every interval. */
  confidence: number
  seed: number
}

/** What the numbers hide: how the models err, and where. Advice to people, of which no verdict follows. */
export async function diagnose(sample: Sample, _: Dataset, { confidence }: DiagnosticsOptions): Promise<Diagnostics> {
  const calibration = calibrate(sample, confidence)
  const roc = drawRoc(sample)
  return {
    ...(calibration && { calibration }),
    ...(roc && { roc }),
    changed: countChanged(sample),
  }
}
