import type { GroupMetric } from '@modelyard/spec'
import { type DecideOptions, decide, type Sample } from '../src/index.ts'
import { type Cell, count, optionsOf, type Tally } from './cell.ts'
import type { Draws } from './random.ts'

/** Groups of rows that a model is to treat alike. */
export interface GroupWorld {
  sizes: readonly number[]
  /** How often the model chooses a row, in all groups but the first. */
  rate: number
  /** How much less often in the first. */
  difference: number
  /** Rows that are alike, where not 1: each cluster has a rate of its own, with an intraclass correlation of 0.2. */
  clusterSize: number
  /** Whether each cluster has as many rows of every group. */
  crossed?: boolean
}

/** What a gate on the difference allows in the simulation, and its peers on their points. */
export const MOST = 0.1
const FOUR_FIFTHS = 0.8
const TRIALS = 2000

const equal = (count: number, size: number) => Array<number>(count).fill(size)
const PARITY: Array<{ name: string; metric: GroupMetric; world: GroupWorld }> = [
  world('5 groups of 200', 'demographic_parity_difference', { sizes: equal(5, 200) }),
  world('10 groups of 50', 'demographic_parity_difference', { sizes: equal(10, 50) }),
  world('5 groups of 200, 10 % chosen', 'demographic_parity_difference', { sizes: equal(5, 200), rate: 0.1 }),
  world('10 groups of 50, 10 % chosen', 'demographic_parity_difference', { sizes: equal(10, 50), rate: 0.1 }),
  world('groups of 50, 100, 200, 400, 800', 'demographic_parity_difference', { sizes: [50, 100, 200, 400, 800] }),
  world('5 groups of 20 clusters of 10', 'demographic_parity_difference', { sizes: equal(5, 200), clusterSize: 10 }),
  world('2 groups that share 100 clusters of 10', 'demographic_parity_difference', {
    ...{ sizes: equal(2, 500), clusterSize: 10, crossed: true },
  }),
  world('2 groups that share 40 clusters of 20', 'demographic_parity_ratio', {
    ...{ sizes: equal(2, 400), clusterSize: 20, crossed: true },
  }),
  world('5 groups of 200', 'demographic_parity_ratio', { sizes: equal(5, 200) }),
  world('10 groups of 50', 'demographic_parity_ratio', { sizes: equal(10, 50) }),
  world('5 groups of 200', 'equalized_odds_difference', { sizes: equal(5, 200) }),
  world('10 groups of 50', 'equalized_odds_difference', { sizes: equal(10, 50) }),
]

function world(name: string, metric: GroupMetric, world: Pick<GroupWorld, 'sizes'> & Partial<GroupWorld>) {
  return { name, metric, world: { rate: 0.5, difference: 0, clusterSize: 1, ...world } }
}

/** Exact parity: how often a gate that allows no spread at all fails, beside one that looks at the point alone. */
function parityCells(): Cell[] {
  return PARITY.map(({ name, metric, world }): Cell => {
    const ratio = metric.endsWith('_ratio')
    const run = (draws: Draws, tally: Tally) => {
      const { gates, fairness } = decide(...asked(groupWorld(world, draws), metric, ratio ? { min: 1 } : { max: 0 }))
      if (gates[0]!.verdict === 'fail') count(tally, 'alarm')
      const value = fairness[0]!.candidate.value!
      if (ratio ? value < FOUR_FIFTHS : value > MOST) count(tally, 'point gate')
    }
    return { question: 'parity', name: `\`${metric}\`, ${name}`, trials: TRIALS, cost: 20, run }
  })
}

const VIOLATED = [
  { name: '10 groups of 50', sizes: equal(10, 50), clusterSize: 1 },
  { name: '5 groups of 200', sizes: equal(5, 200), clusterSize: 1 },
  { name: '2 groups of 1,000', sizes: equal(2, 1000), clusterSize: 1 },
  { name: '2 groups of 100 clusters of 10', sizes: equal(2, 1000), clusterSize: 10 },
  { name: '2 groups that share 100 clusters of 10', sizes: equal(2, 500), clusterSize: 10, crossed: true },
  { name: '2 groups that share 40 clusters of 20', sizes: equal(2, 400), clusterSize: 20, crossed: true },
  { name: '5 groups of 1,000', sizes: equal(5, 1000), clusterSize: 1 },
]
const TRUE_DIFFERENCES = [0, 0.05, MOST, 0.2, 0.3]

/** True differences: what a gate that allows 0.1 comes to, beside the point alone. */
function violationCells(): Cell[] {
  return VIOLATED.flatMap(({ name, sizes, ...clusters }) =>
    TRUE_DIFFERENCES.map((difference): Cell => {
      const run = (draws: Draws, tally: Tally) => {
        const sample = groupWorld({ sizes, rate: 0.5, difference, ...clusters }, draws)
        const { gates, fairness } = decide(...asked(sample, 'demographic_parity_difference', { max: MOST }))
        count(tally, gates[0]!.verdict)
        if (fairness[0]!.candidate.value! > MOST) count(tally, 'point gate')
        const rates = fairness[0]!.groups.map(({ rate }) => rate.value!)
        if (Math.min(...rates) < FOUR_FIFTHS * Math.max(...rates)) count(tally, 'four-fifths')
      }
      const rows = sizes.reduce((sum, size) => sum + size, 0)
      return { question: 'fairness', name, world: { rows, difference }, trials: TRIALS / 2, cost: 20, run }
    }),
  )
}

export function fairnessCells(): Cell[] {
  return [...parityCells(), ...violationCells()]
}

/** A hold-out of groups, half of whose rows are labelled positive, whatever the model says of them. */
export function groupWorld({ sizes, rate, difference, clusterSize, crossed = false }: GroupWorld, draws: Draws) {
  const names = sizes.flatMap((size, group) => Array<string>(size).fill(`g${group}`))
  const rows = names.length
  const clusters = Int32Array.from(names, (_, row) =>
    crossed ? Math.floor(((row % sizes[0]!) * sizes.length) / clusterSize) : Math.floor(row / clusterSize),
  )
  const alike = (mean: number) => (clusterSize === 1 ? mean : draws.beta(4 * mean, 4 * (1 - mean)))
  const own: number[] = []
  const sample: Sample = {
    task: 'binary-classification',
    classes: ['0', '1'],
    labels: Float64Array.from({ length: rows }, () => draws.below(2)),
    candidate: Float64Array.from(names, (name, row) => {
      const [cluster, mean] = [clusters[row]!, name === 'g0' ? rate - difference : rate]
      own[cluster] ??= alike(crossed ? rate : mean)
      return draws.uniform() < (crossed ? (own[cluster] * mean) / rate : own[cluster]) ? 0.9 : 0.1
    }),
    champion: null,
    groups: clusterSize === 1 ? null : { of: clusters, count: clusters.at(-1)! + 1 },
  }
  return { sample, names }
}

function asked(
  { sample, names }: ReturnType<typeof groupWorld>,
  metric: GroupMetric,
  rule: { min: number } | { max: number },
): [Sample, DecideOptions] {
  const gates = [{ metric, by: 'group', ...rule }]
  return [
    sample,
    {
      ...optionsOf('accuracy'),
      gates,
      groupColumns: new Map([['group', names]]),
      champion: null,
      firstVersion: 'allow',
    },
  ]
}
