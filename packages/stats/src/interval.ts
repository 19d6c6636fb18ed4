/** The two ends of an interval, `low` ≤ `high`, in the unit of what is estimated. */
export interface Interval {
  low: number
  high: number
}
