import type { Predicate } from '@modelyard/spec'

/** A metric as the gate record holds it. */
export type MetricRecord = Predicate<'gate'>['metrics'][number]
export type Estimate = MetricRecord['candidate']

/** A metric of candidate and champion, and how surely the one is worse. */
export interface Comparison extends MetricRecord {
  /**
   * One-sided p-value against "the candidate is worse by at most `margin`" (in the metric's unit): small where it is
   * worse by more. Null where there is no interval of the difference.
   */
  worseBeyond: ((margin: number) => number) | null
}

export type Paired = Pick<Comparison, 'difference' | 'worseBeyond'>
