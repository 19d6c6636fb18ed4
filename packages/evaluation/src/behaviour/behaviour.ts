import type { Dataset } from '@modelyard/data'
import type { FeatureOptions, Predictions } from '@modelyard/inference'
import {
  type Behaviour,
  behaviourMetric,
  DEFAULT_SHARE,
  type Model,
  type Predicate,
  UserError,
  type Verdict,
} from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'
import { compareMetrics } from '../comparison/compare.ts'
import type { Estimate } from '../comparison/comparison.ts'
import { rateInterval, rateOf } from '../comparison/rate.ts'
import type { Contender } from '../contest/contender.ts'
import type { SampleOf } from '../contest/contest.ts'
import { marginOf } from '../gates/gate.ts'
import { settle } from '../gates/on-inconclusive.ts'
import { type Reading, readDifference } from '../gates/readings.ts'
import type { Sample } from '../sample/sample.ts'
import { percent, writer } from '../wording/numbers.ts'
import { sayEvidence } from '../wording/sentences.ts'
import { changeColumn, sayChange, withColumn } from './change.ts'
import { asExpected, sayExpected } from './expectation.ts'

export type BehaviourRecord = NonNullable<Predicate<'gate'>['behaviour']>[number]

export interface BehaviourOptions {
  model: Model
  dataset: Dataset
  candidate: Contender
  features: FeatureOptions
  /** What the candidate says of the rows as they are. */
  predictions: Predictions
  /** Takes what the model says after a change for the candidate's, and before for the champion's. */
  sampleOf: SampleOf
  confidence: number
  seed: number
  log?: ((message: string) => void) | undefined
}

/**
 * What the candidate says of the hold-out's rows after a change to one column, for each test of the model file. Throws a
 * `UserError` for a column that the model does not read or that cannot be changed so. A model that cannot be run on the
 * changed rows fails the test.
 */
export async function judgeBehaviour(options: BehaviourOptions): Promise<BehaviourRecord[]> {
  const found: BehaviourRecord[] = []
  for (const [index, test] of options.model.evaluate.behaviour.entries()) {
    options.log?.(`Predicting the rows with ${test.column} ${sayChange(test)}`)
    found.push(settle(await judgeTest(test, `evaluate.behaviour[${index}]`, options), test.on_inconclusive))
  }
  return found
}

async function judgeTest(test: Behaviour, path: string, options: BehaviourOptions): Promise<BehaviourRecord> {
  const { model, dataset, candidate, features, seed } = options
  const { names, text } = candidate.onnx!.features(dataset.columns, features)
  const { column } = test
  if (!names.includes(column)) {
    throw new UserError(`${path}.column is ${column}, which the model does not read. It reads ${names.join(', ')}.`)
  }
  const before = (await dataset.readColumns([column], { text: text.includes(column) ? [column] : [] }))[column]!
  const change = changeColumn(before, test, randomSource(seed), path)
  const metric = test.expect === undefined ? behaviourMetric(test, model)! : null
  const record = (found: Found): BehaviourRecord => ({
    column,
    change: sayChange(test),
    expect: test.expect ?? null,
    ...(test.tolerance !== undefined && { tolerance: test.tolerance }),
    metric,
    rows: change.rows.length,
    ...found,
    reason: `${column} ${sayChange(test)}: ${found.reason}`,
  })
  const limit =
    test.expect === undefined ? marginOf(test.max_regression!, undefined) : (test.min_share ?? DEFAULT_SHARE)
  if (change.rows.length === 0) {
    const reason = 'No row of the hold-out has a value that this changes.'
    return record({ found: none(reason), limit, verdict: 'inconclusive', reason })
  }
  const after = await candidate
    .predict(withColumn(dataset, column, change.values), features)
    .catch((cause: unknown): UserError => {
      if (cause instanceof UserError) return cause
      throw cause
    })
  if (after instanceof UserError) {
    return record({ found: none(after.message), limit, verdict: 'fail', reason: after.message })
  }
  const sample = await options.sampleOf(after.predictions, options.predictions)
  return record(
    metric === null ? readShare(sample, change.rows, test, options) : readLoss(sample, metric, test, options),
  )
}

type Found = Pick<BehaviourRecord, 'found' | 'limit' | 'verdict' | 'reason'>

/** How many of the changed rows do as expected. */
function readShare(sample: Sample, rows: Uint32Array, test: Behaviour, { confidence }: BehaviourOptions): Found {
  const { expect, tolerance, min_share: limit = DEFAULT_SHARE } = test
  const does = asExpected(sample, [sample.champion!, sample.candidate], rows, { expect: expect!, tolerance })
  const found = rateInterval(rateOf(rows, does, sample.groups), (1 - confidence) / 2)
  const write = writer({ factor: 100, unit: ' %', digits: 1 }, [found.low, found.high], limit)
  const share = `${write(found.value)} % of ${rows.length.toLocaleString('en-US')} rows ${sayExpected(sample.task, expect!, tolerance)}`
  const interval = `${percent(confidence)} interval: ${write(found.low)} to ${write(found.high)} %`
  const verdict = found.low >= limit ? 'pass' : found.high < limit ? 'fail' : 'inconclusive'
  return { found, limit, ...told(verdict, `${share} (${interval}; at least ${percent(limit)} is asked).`) }
}

/** What the change costs of a metric: the model against itself, on the same rows. */
function readLoss(
  { scores: _, ...sample }: Sample,
  metric: NonNullable<ReturnType<typeof behaviourMetric>>,
  test: Behaviour,
  { confidence, seed }: BehaviourOptions,
): Found {
  const [compared] = compareMetrics(sample, [metric], { confidence, seed })
  const limit = marginOf(test.max_regression!, compared)
  const asked = { metric, gain: -limit, written: String(test.max_regression), strict: false }
  const { verdict, reason }: Reading = readDifference(compared, asked, {
    confidence,
    champion: 'on the rows as they are',
  })
  const { method: _method, ...found } = compared!.difference!
  return { found, limit, ...told(verdict, reason) }
}

function told(verdict: Verdict, reason: string): Pick<Found, 'verdict' | 'reason'> {
  return { verdict, reason: verdict === 'inconclusive' ? `${reason} ${sayEvidence(0, null)}` : reason }
}

function none(reason: string): Estimate {
  return { value: null, low: null, high: null, reason }
}
