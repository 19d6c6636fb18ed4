import { sum as compensated } from 'simple-statistics'

/** The sum of all numbers, with Neumaier's compensation for what rounding loses; 0 for none. */
export function sum(values: ArrayLike<number>): number {
  // Which reads any array by its indices.
  return compensated(values as readonly number[])
}
