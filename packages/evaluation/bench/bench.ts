/**
 * The paired bootstrap against one that copies rows, which it must beat by a factor of three.
 *
 * npm run bench -w packages/evaluation -- [--json] [--check]
 */
import { parseArgs } from 'node:util'
import { randomSource } from '@modelyard/stats'
import { compareMetrics, type PredictionMetric, type Sample } from '../src/index.ts'
import { naiveBootstrap } from './naive.ts'

const FLOOR = 3

interface Work {
  name: string
  metrics: PredictionMetric[]
  rows: number
  replicates: number
  /** The floor does so many and is scaled up: it is too slow for more. */
  floorReplicates: number
}

const WORKS: Work[] = [
  { name: 'average_precision', metrics: ['average_precision'], rows: 50_000, replicates: 500, floorReplicates: 10 },
  { name: 'log_loss', metrics: ['log_loss'], rows: 50_000, replicates: 500, floorReplicates: 25 },
  {
    name: 'four metrics',
    metrics: ['average_precision', 'log_loss', 'brier_score', 'f1'],
    rows: 50_000,
    replicates: 2000,
    floorReplicates: 10,
  },
]

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

const results = WORKS.map(run)
if (flags.json) for (const result of results) console.log(JSON.stringify(result))
else console.table(results)
if (flags.check && results.some(({ ratio }) => ratio < FLOOR)) process.exitCode = 1

/** Seconds of ours and of the floor for the same work. */
function run({ name, metrics, rows, replicates, floorReplicates }: Work) {
  const sample = simulate(rows)
  const pairs = { labels: sample.labels, candidate: sample.candidate, champion: sample.champion! }
  const compare = (of: number) => compareMetrics(sample, metrics, { confidence: 0.95, seed: 1, replicates: of })
  agree(compare(floorReplicates), naiveBootstrap(pairs, metrics, floorReplicates, 1), name)
  const ours = seconds(() => compare(replicates))
  const peer = (seconds(() => naiveBootstrap(pairs, metrics, floorReplicates, 1)) / floorReplicates) * replicates
  return {
    work: `${name}, ${rows} rows, ${replicates} resamples, two models`,
    ours: rounded(ours),
    peer: rounded(peer),
    ratio: rounded(peer / ours),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** A faster way to other numbers would be worth nothing. */
function agree(found: ReturnType<typeof compareMetrics>, expected: ReturnType<typeof naiveBootstrap>, name: string) {
  for (const [index, { low, high }] of expected.entries()) {
    const { difference } = found[index]!
    const off = Math.max(Math.abs(difference!.low! - low), Math.abs(difference!.high! - high))
    if (!(off < 1e-10)) throw new Error(`${name}: the two bootstraps differ by ${off}`)
  }
}

function simulate(rows: number): Sample {
  const random = randomSource(5)
  const next = () => (random.below(2 ** 32) + 0.5) / 2 ** 32
  const labels = Float64Array.from({ length: rows }, () => +(next() < 0.2))
  const candidate = labels.map((label) => 0.3 * label + 0.7 * next())
  const champion = candidate.map((score) => 0.8 * score + 0.2 * next())
  return { task: 'binary-classification', classes: ['0', '1'], labels, candidate, champion, groups: null }
}

function seconds(work: () => unknown): number {
  const started = performance.now()
  work()
  return (performance.now() - started) / 1000
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
