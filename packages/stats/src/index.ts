export { type AucSample, aucInterval, delong, isPerfect } from './auc.ts'
export { binomialCdf, binomialPmf } from './binomial.ts'
export {
  bcaInterval,
  bootstrapError,
  type Clusters,
  percentileInterval,
  type Resampling,
  resample,
} from './bootstrap.ts'
export {
  type CalibrationBin,
  calibrationError,
  calibrationErrorByChance,
  equalMassBins,
  equalWidthBins,
  type Forecasts,
  spiegelhalter,
} from './calibration.ts'
export { type ContingencyTest, chiSquareContingency, chiSquareTail } from './chi-square.ts'
export { jensenShannon, populationStability, samplingBias } from './divergence.ts'
export { gammaQ } from './gamma.ts'
export { drawHypergeometric, hypergeometricPmf, hypergeometricTail, type Urn } from './hypergeometric.ts'
export { abcInterval, abcTail, ROUNDING, type Scatter, scatterOf } from './influence.ts'
export type { Interval } from './interval.ts'
export { ksDistance, ksTail } from './kolmogorov.ts'
export { differenceInterval, type Estimated, ratioInterval } from './mover.ts'
export { benjaminiHochberg, holm } from './multiplicity.ts'
export { normalCdf, normalQuantile } from './normal.ts'
export { ascendingOrder } from './order.ts'
export { type Discordance, mcnemar, tangoInterval, tangoTest, tangoVariance } from './paired-proportions.ts'
export { clopperPearsonInterval, scoreInterval, wilsonInterval } from './proportion.ts'
export { quantile, quantileInterval, quantileSorted } from './quantile.ts'
export { type RandomSource, randomSource } from './random.ts'
export { type NonInferiority, nonInferiorityRows, rowsToSettle, telling } from './sample-size.ts'
export { studentCdf, studentQuantile } from './student.ts'
export { studentizedRangeCdf, studentizedRangeQuantile } from './studentized-range.ts'
export { sum } from './sum.ts'
export { poolRare, type TwoCounts, totalVariation } from './total-variation.ts'
