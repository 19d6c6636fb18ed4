import { normalQuantile } from '@modelyard/stats'
import type { Sample } from '../src/index.ts'
import type { Draws } from './random.ts'

/** Candidate and champion on rows drawn from a population in which the truth is known. */
export interface World {
  /** Rows of a hold-out. */
  rows: number
  /** The share of rows on which the models differ. */
  discordance: number
  /** The candidate's metric less the champion's, in the population. */
  difference: number
}

/** Either model is right on 90 % of the rows on which they agree. */
export function accuracyWorld({ rows, discordance, difference }: World, draws: Draws): Sample {
  const candidateOnly = (discordance + difference) / 2
  return classified(rows, draws, () => {
    const u = draws.uniform()
    if (u < candidateOnly) return [true, false]
    if (u < discordance) return [false, true]
    const both = draws.uniform() < 0.9
    return [both, both]
  })
}

/** Rows a group, on average and in the simulation. */
export const GROUP_SIZE = 25

/**
 * Accuracy on groups of 25 rows that are alike: how often the models differ in a group, and which of them is right
 * then, are drawn for the group. The intraclass correlations are 0.05 and 0.2.
 */
export function groupedWorld({ rows, discordance, difference }: World, draws: Draws): Sample {
  const candidateShare = (discordance + difference) / 2 / discordance
  const groups = Math.round(rows / GROUP_SIZE)
  const of = Int32Array.from({ length: rows }, (_, row) => row % groups)
  const alike = (mean: number, correlation: number) => {
    const size = 1 / correlation - 1
    return draws.beta(mean * size, (1 - mean) * size)
  }
  const inGroup = Array.from({ length: groups }, () => ({
    discordance: alike(discordance, 0.05),
    candidate: alike(candidateShare, 0.2),
  }))
  const sample = classified(rows, draws, (row) => {
    const group = inGroup[of[row]!]!
    if (draws.uniform() < group.discordance) {
      const candidate = draws.uniform() < group.candidate
      return [candidate, !candidate]
    }
    const both = draws.uniform() < 0.9
    return [both, both]
  })
  return { ...sample, groups: { of, count: groups } }
}

/** Rows on which the two models are right or wrong. */
function classified(rows: number, draws: Draws, right: (row: number) => [candidate: boolean, champion: boolean]) {
  const sample = emptySample(rows)
  for (let row = 0; row < rows; row++) {
    const label = draws.below(2)
    const [candidate, champion] = right(row)
    sample.labels[row] = label
    sample.candidate[row] = candidate === (label === 1) ? 0.9 : 0.1
    sample.champion[row] = champion === (label === 1) ? 0.9 : 0.1
  }
  return sample
}

const CHAMPION_AUC = 0.85

/**
 * Three rows of ten are positive, with normal scores that are a distance above those of the others: the champion's AUC
 * is 0.85. The candidate's are the same, but drawn anew for some rows, from scores that tell less.
 */
export function aucWorld({ rows, discordance, difference }: World, draws: Draws): Sample {
  const distanceOf = (auc: number) => Math.SQRT2 * normalQuantile(auc)
  const distance = distanceOf(CHAMPION_AUC)
  const weaker = distanceOf(CHAMPION_AUC + difference / discordance)
  // A row drawn anew meets all others, anew or not, so the AUC is the mean of all four kinds of pairs.
  const sample = emptySample(rows)
  for (let row = 0; row < rows; row++) {
    const label = +(draws.uniform() < 0.3)
    const score = label * distance + draws.normal()
    const anew = draws.uniform() < discordance
    sample.labels[row] = label
    sample.champion[row] = score
    sample.candidate[row] = anew ? label * weaker + draws.normal() : score
  }
  return sample
}

/**
 * The champion's probabilities are true: cubes of uniform numbers, so that most are small. The candidate moves some of
 * them towards the other end, by as much as makes the Brier score that much greater.
 */
export function brierWorld({ rows, discordance, difference }: World, draws: Draws): Sample {
  // A probability p that moves by a share of 1 − 2p adds the square of that move; the mean of (1 − 2u³)² is 4/7.
  const shift = Math.sqrt(difference / discordance / (4 / 7))
  const sample = emptySample(rows)
  for (let row = 0; row < rows; row++) {
    const risk = draws.uniform() ** 3
    sample.labels[row] = +(draws.uniform() < risk)
    sample.champion[row] = risk
    sample.candidate[row] = draws.uniform() < discordance ? risk + shift * (1 - 2 * risk) : risk
  }
  return sample
}

function emptySample(rows: number): Sample & { champion: Float64Array } {
  return {
    task: 'binary-classification',
    classes: ['0', '1'],
    labels: new Float64Array(rows),
    candidate: new Float64Array(rows),
    champion: new Float64Array(rows),
    groups: null,
  }
}
