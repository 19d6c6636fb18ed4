/**
 * Comparing two models on a million rows against numpy and scikit-learn, and scoring against ONNX Runtime in Python; on
 * the same machine, one after the other.
 *
 * npm run bench -w packages/evaluation -- [--json] [--check]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDataset } from '@modelyard/data'
import { openModel, predict } from '@modelyard/inference'
import type { PredictionMetric } from '@modelyard/spec'
import { delong, randomSource } from '@modelyard/stats'
import { setUpPython } from '@modelyard/tooling'
import { compareMetrics, type Sample } from '../src/index.ts'

const ROWS = 1_000_000
const REPLICATES = 2000
/** The peer does so many and is scaled up: it is too slow for more. */
const PEER_REPLICATES = 3
const METRICS: PredictionMetric[] = [
  'roc_auc',
  'average_precision',
  'brier_score',
  'log_loss',
  'accuracy',
  'balanced_accuracy',
  'precision',
  'recall',
  'f1',
  'matthews_corrcoef',
]

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

/** What the peer took, in seconds, and what it found. */
interface Peer {
  seconds: number
  values: number[][]
}

const programs = await setUpPython('evaluation-bench', join(import.meta.dirname, 'requirements.txt'))
const folder = mkdtempSync(join(tmpdir(), 'evaluation-bench-'))
try {
  const sample = simulate()
  const results = [compareAucs(sample), await score(), bootstrap(sample)]
  if (flags.json) for (const result of results) console.log(JSON.stringify(result))
  else console.table(results)
  if (flags.check && results.some(({ ratio, goal }) => !(ratio >= goal))) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}

function bootstrap(sample: Sample) {
  const peer = ask('bootstrap', PEER_REPLICATES)
  const started = performance.now()
  const found = compareMetrics(sample, METRICS, { confidence: 0.95, seed: 1, replicates: REPLICATES })
  const ours = (performance.now() - started) / 1000
  agree('bootstrap', peer, [
    found.map(({ candidate }) => candidate.value!),
    found.map(({ champion }) => champion!.value!),
  ])
  const scaled = peer.seconds * REPLICATES
  return result(
    `ten metrics of two models with intervals, ${REPLICATES} replicates (peer: ${PEER_REPLICATES}, scaled)`,
    ours,
    scaled,
    20,
  )
}

function compareAucs({ labels, candidate, champion }: Sample) {
  const peer = ask('delong')
  const { seconds, found } = least(10, () => delong(labels, [candidate, champion!]))
  agree('delong', peer, [found.auc, ...found.covariance])
  return result('DeLong of two models', seconds, peer.seconds, 3)
}

async function score() {
  ask('model')
  const peer = ask('score')
  let seconds = Infinity
  let total = 0
  const model = await openModel(join(folder, 'model.onnx'))
  for (let time = 0; time < 3; time++) {
    const started = performance.now()
    const dataset = await openDataset({ root: folder, files: 'rows.parquet' })
    const { probabilities } = await predict(model, dataset, {
      task: 'binary-classification',
      labels: false,
      exclude: ['y'],
    })
    seconds = Math.min(seconds, (performance.now() - started) / 1000)
    dataset.close()
    total = probabilities!.reduce((sum, probability) => sum + probability, 0)
  }
  await model.close()
  agree('score', peer, [[total]])
  return result('a hundred trees on ten columns of a Parquet file', seconds, peer.seconds, 0.95)
}

function result(work: string, ours: number, peer: number, goal: number) {
  return {
    work: `${work}, ${ROWS.toLocaleString('en-US')} rows`,
    ours: rounded(ours),
    peer: rounded(peer),
    ratio: rounded(peer / ours),
    goal,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** The peer's answer, from a process of its own, so that its memory is not ours. */
function ask(task: string, ...rest: number[]): Peer {
  const peer = join(import.meta.dirname, 'peer.py')
  return JSON.parse(
    execFileSync(join(programs, 'python'), [peer, task, folder, ...rest.map(String)], { encoding: 'utf8' }),
  )
}

/** A faster way to other numbers would be worth nothing. */
function agree(work: string, { values }: Peer, found: number[][]): void {
  for (const [row, numbers] of values.entries()) {
    for (const [column, expected] of numbers.entries()) {
      const off = Math.abs(found[row]![column]! / expected - 1)
      if (!(off < 1e-9)) throw new Error(`${work}: ${found[row]![column]} here, ${expected} there`)
    }
  }
}

/** The least of some times in seconds, and the last result. */
function least<T>(times: number, work: () => T): { seconds: number; found: T } {
  let seconds = Infinity
  let found: T | undefined
  for (let time = 0; time < times; time++) {
    const started = performance.now()
    found = work()
    seconds = Math.min(seconds, (performance.now() - started) / 1000)
  }
  return { seconds, found: found! }
}

function simulate(): Sample {
  const random = randomSource(5)
  const next = () => (random.below(2 ** 32) + 0.5) / 2 ** 32
  const labels = Float64Array.from({ length: ROWS }, () => +(next() < 0.2))
  const candidate = labels.map((label) => 0.3 * label + 0.7 * next())
  const champion = candidate.map((score) => 0.8 * score + 0.2 * next())
  for (const [name, values] of Object.entries({ labels, candidate, champion })) {
    writeFileSync(join(folder, `${name}.f64`), values)
  }
  return { task: 'binary-classification', classes: ['0', '1'], labels, candidate, champion, groups: null }
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
