import type { PredictionMetric } from '@modelyard/spec'
import { mcnemar } from '@modelyard/stats'
import { decide, type Sample } from '../src/index.ts'
import { type Cell, CONFIDENCE, count, MARGIN, optionsOf, type Tally } from './cell.ts'
import { coverageCells } from './coverage.ts'
import { fairnessCells } from './fairness.ts'
import type { Draws } from './random.ts'
import { accuracyWorld, aucWorld, brierWorld, groupedWorld, type World } from './worlds.ts'

const SIZES = [500, 1000, 2000, 5000, 10_000]
const DISCORDANCES = [0.02, 0.05, 0.1, 0.2]
const TRIALS = { margin: 4000, power: 2000, slices: 1000 }

interface Judged {
  name: string
  metric: PredictionMetric
  /** Which way a point of difference is worse. */
  worse: 1 | -1
  draw: (world: World, draws: Draws) => Sample
}

const JUDGED: Judged[] = [
  { name: 'accuracy', metric: 'accuracy', worse: -1, draw: accuracyWorld },
  { name: 'AUC', metric: 'roc_auc', worse: -1, draw: aucWorld },
  { name: 'Brier score', metric: 'brier_score', worse: 1, draw: brierWorld },
  { name: 'accuracy in groups of 25', metric: 'accuracy', worse: -1, draw: groupedWorld },
]

/** All cells, each `scale` times as often as by default. */
export function cellsOf(scale: number): Cell[] {
  const cells = [...marginCells(), ...powerCells(), ...sliceCells(), ...coverageCells(), ...fairnessCells()]
  return cells.map((cell) => ({ ...cell, trials: Math.max(1, Math.round(cell.trials * scale)) }))
}

function marginCells(): Cell[] {
  return JUDGED.flatMap(({ name, metric, worse, draw }) =>
    SIZES.flatMap((rows) =>
      DISCORDANCES.map((discordance): Cell => {
        const world = { rows, discordance, difference: worse * MARGIN }
        const options = optionsOf(metric)
        const run = (draws: Draws, tally: Tally) => count(tally, decide(draw(world, draws), options).gates[0]!.verdict)
        return {
          question: 'margin',
          name,
          world,
          trials: rows > 2000 ? TRIALS.margin / 2 : TRIALS.margin,
          cost: rows / 5000,
          run,
        }
      }),
    ),
  )
}

/** The candidate against the gates that are in use elsewhere, on the same rows. */
function powerCells(): Cell[] {
  return [500, 2000, 10_000].flatMap((rows) =>
    [0.01, 0, -0.005, -0.01, -0.02].map((difference): Cell => {
      const world = { rows, discordance: 0.06, difference }
      const options = optionsOf('accuracy')
      const run = (draws: Draws, tally: Tally) => {
        const sample = accuracyWorld(world, draws)
        count(tally, decide(sample, options).gates[0]!.verdict)
        const { first, second } = discordant(sample)
        const excess = first - second
        if (excess >= 0) count(tally, 'not below')
        if (excess >= -MARGIN * rows) count(tally, 'within tolerance')
        if (excess >= 0 || mcnemar({ first, second }).midP >= 1 - CONFIDENCE) count(tally, 'not significantly worse')
      }
      return { question: 'power', name: 'accuracy', world, trials: TRIALS.power, cost: rows / 5000, run }
    }),
  )
}

const SLICES = 20
const SLICE_ROWS = 300

function sliceCells(): Cell[] {
  return [0, -MARGIN].map((difference): Cell => {
    const world = { rows: SLICES * SLICE_ROWS, discordance: 0.06, difference }
    const slices = Array.from({ length: SLICES }, (_, slice) => ({
      name: `slice ${slice}`,
      rows: Uint32Array.from({ length: SLICE_ROWS }, (_, row) => slice * SLICE_ROWS + row),
    }))
    const options = { ...optionsOf('accuracy'), slices }
    const run = (draws: Draws, tally: Tally) => {
      const found = decide(accuracyWorld(world, draws), options).slices
      if (found.some(({ verdict }) => verdict === 'fail')) count(tally, 'alarm')
    }
    return { question: 'slices', name: `${SLICES} slices`, world, trials: TRIALS.slices, cost: 3, run }
  })
}

/** How many rows only the candidate gets right, and how many only the champion. */
function discordant({ labels, candidate, champion }: Sample): { first: number; second: number } {
  let [first, second] = [0, 0]
  for (const [row, label] of labels.entries()) {
    const right = +(candidate[row]! > 0.5) === label
    const wasRight = +(champion![row]! > 0.5) === label
    if (right && !wasRight) first++
    if (wasRight && !right) second++
  }
  return { first, second }
}
