import { type RandomSource, randomSource } from '@modelyard/stats'

/** Numbers of the distributions that a world is made of. */
export interface Draws {
  /** Above 0 and below 1. */
  uniform(): number
  normal(): number
  /** Of the beta distribution. */
  beta(a: number, b: number): number
  below: RandomSource['below']
}

/** Each trial of each cell has draws of its own, so that trials may run in any order and on any worker. */
export function drawsOf(seed: number, cell: number, trial: number): Draws {
  const { below } = randomSource((seed * 2 ** 12 + cell) * 2 ** 24 + trial)
  const uniform = () => (below(2 ** 32) + 0.5) / 2 ** 32
  // Box and Muller (1958).
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  /** Marsaglia and Tsang (2000). */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape)
    const d = shape - 1 / 3
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
    }
  }
  const beta = (a: number, b: number) => {
    const x = gamma(a)
    const y = gamma(b)
    return x / (x + y)
  }
  return { below, uniform, normal, beta }
}
