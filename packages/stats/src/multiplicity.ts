/**
 * p-values adjusted for their number by Holm (1979), in the order given: refusing those at or below α keeps the chance
 * of even one wrong refusal at or below α, whatever the tests have to do with each other.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((i, j) => pValues[i]! - pValues[j]!)
  const adjusted = new Array<number>(pValues.length)
  let greatest = 0
  for (const [rank, index] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[index]!))
    adjusted[index] = greatest
  }
  return adjusted
}
