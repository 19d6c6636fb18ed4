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

/**
 * p-values adjusted for their number by Benjamini and Hochberg (1995), in the order given: of those at or below q, at
 * most a share of q is expected to be false discoveries, where the tests are independent or positively dependent.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((i, j) => pValues[j]! - pValues[i]!)
  const adjusted = new Array<number>(pValues.length)
  let least = 1
  for (const [above, index] of order.entries()) {
    least = Math.min(least, pValues[index]! * (pValues.length / (pValues.length - above)))
    adjusted[index] = least
  }
  return adjusted
}
