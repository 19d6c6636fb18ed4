import { binomialPmf } from './binomial.ts'
import type { RandomSource } from './random.ts'

/** An urn: of so many balls so many are red, and so many are drawn without putting back. */
export interface Urn {
  balls: number
  red: number
  drawn: number
}

/** P(`k` of the drawn are red), from three binomial probabilities, so that it keeps its digits in urns of millions. */
export function hypergeometricPmf(k: number, { balls, red, drawn }: Urn): number {
  const [fewest, most] = bounds({ balls, red, drawn })
  if (k < fewest || k > most) return 0
  if (fewest === most) return 1
  const share = drawn / balls
  return (binomialPmf(k, red, share) * binomialPmf(drawn - k, balls - red, share)) / binomialPmf(drawn, balls, share)
}

/** P(`k` or more of the drawn are red): Fisher's exact test, one-sided. Above the mean, where terms fall; else it is 1. */
export function hypergeometricTail(k: number, urn: Urn): number {
  const { balls, red, drawn } = urn
  if (k * balls <= red * drawn) return 1
  let term = hypergeometricPmf(k, urn)
  let sum = 0
  for (let each = k; term > sum * 1e-18; each++) {
    sum += term
    term *= ((red - each) * (drawn - each)) / ((each + 1) * (balls - red - drawn + each + 1))
  }
  return Math.min(1, sum)
}

/**
 * How many of the drawn are red: inversion from the most likely number outwards, which takes about as many steps as the
 * number has standard deviations.
 */
export function drawHypergeometric(urn: Urn, random: RandomSource): number {
  const { balls, red, drawn } = urn
  const [fewest, most] = bounds(urn)
  if (fewest === most) return fewest
  const mode = Math.min(most, Math.max(fewest, Math.floor(((drawn + 1) * (red + 1)) / (balls + 2))))
  const atMode = hypergeometricPmf(mode, urn)
  let left = (random.below(2 ** 32) + 0.5) / 2 ** 32 - atMode
  let [above, below] = [mode, mode]
  let [chanceAbove, chanceBelow] = [atMode, atMode]
  while (left >= 0 && (above < most || below > fewest)) {
    if (above < most) {
      chanceAbove *= ((red - above) * (drawn - above)) / ((above + 1) * (balls - red - drawn + above + 1))
      above++
      left -= chanceAbove
      if (left < 0) return above
    }
    if (below > fewest) {
      chanceBelow *= (below * (balls - red - drawn + below)) / ((red - below + 1) * (drawn - below + 1))
      below--
      left -= chanceBelow
      if (left < 0) return below
    }
  }
  return mode
}

function bounds({ balls, red, drawn }: Urn): [fewest: number, most: number] {
  return [Math.max(0, red + drawn - balls), Math.min(red, drawn)]
}
