import type { Predicate } from '@modelyard/spec'
import {
  type CalibrationBin,
  calibrationError,
  calibrationErrorByChance,
  equalMassBins,
  equalWidthBins,
  type Forecasts,
  ROUNDING,
  spiegelhalter,
} from '@modelyard/stats'
import { estimateShare } from '../comparison/analytic.ts'
import type { Estimate } from '../comparison/comparison.ts'
import { estimateLinear } from '../comparison/linear.ts'
import { defect } from '../metrics/defects.ts'
import { type Sample, subset } from '../sample/sample.ts'

type Calibrations = NonNullable<Predicate<'gate'>['calibration']>
type Calibration = Calibrations['candidate']

const BINS = 10

/**
 * Whether the probabilities of a binary classification are what they say: the expected calibration error beside what it
 * is by chance, Spiegelhalter's test and the curve. Undefined where there are no probabilities, or not for every row.
 */
export function calibrate(sample: Sample, confidence: number): Calibrations | undefined {
  if (sample.task !== 'binary-classification') return undefined
  const of = (probabilities: Float64Array, whose: string) =>
    defect('brier_score', sample, probabilities, whose) ? null : calibrationOf(sample, probabilities, confidence)
  const candidate = of(sample.candidate, 'The candidate')
  return candidate ? { candidate, champion: sample.champion && of(sample.champion, 'The champion') } : undefined
}

function calibrationOf(sample: Sample, given: Float64Array, confidence: number): Calibration {
  const { labels, groups } = sample
  // 32-bit arithmetic carries some a rounding past 0 or 1.
  const forecasts: Forecasts = { labels, probabilities: given.map((p) => Math.max(0, Math.min(1, p))) }
  const errorOf = (bins: readonly CalibrationBin[]) => ({
    bins: BINS,
    error: calibrationError(bins),
    expected: calibrationErrorByChance(forecasts, bins, groups),
  })
  const equalMass = equalMassBins(forecasts, BINS)
  const test = spiegelhalter(forecasts, groups)
  return {
    equal_width: errorOf(equalWidthBins(forecasts, BINS)),
    equal_mass: errorOf(equalMass),
    spiegelhalter: test && { z: test.z, p_value: test.p },
    curve: equalMass.map(({ rows, predicted }) => ({
      rows: rows.length,
      predicted,
      observed: observedIn(sample, rows, confidence),
    })),
  }
}

/** The share of positive rows: Wilson's interval, or by groups. */
function observedIn(sample: Sample, rows: Uint32Array, confidence: number): Estimate {
  const inBin = subset(sample, rows.toSorted())
  const { labels, groups } = inBin
  if (!groups)
    return estimateShare({ hits: labels, trials: new Float64Array(rows.length).fill(1), byLabel: true }, confidence)
  const value = labels.reduce((sum, label) => sum + label, 0) / rows.length
  const influences = labels.map((label) => (label - value) / rows.length)
  // A share of rows is what accuracy is, too.
  return estimateLinear(inBin, 'accuracy', { value, influences, rounding: ROUNDING }, confidence)
}
