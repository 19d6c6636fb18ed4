import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { type PredictionMetric, parseModelFile } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../src/index.ts'
import { measure } from '../src/metrics/measure.ts'
import { averagePrecision, ndcg, orderQuery, reciprocalRank, relevantAmong } from '../src/metrics/ordered-query.ts'
import { readKinship, silentQueries } from '../src/sample/kinship.ts'
import { numberGroups, type Sample, subset } from '../src/sample/sample.ts'
import { options, regression, uniform } from './samples.ts'

const path = new URL('fixtures/queries-and-series.json', import.meta.url)
const golden: { queries: Array<Record<string, number> & { relevances: number[]; scores: number[] }> } = JSON.parse(
  readFileSync(path, 'utf8'),
)

function ranking(queries: ArrayLike<number>, relevances: number[], scores: number[], others?: number[]): Sample {
  const of = numberGroups(queries)
  return { ...regression(relevances, scores, others), task: 'ranking', queries: of, groups: of }
}

const NAMES = [
  ...['ndcg', 'ndcg_at_5', 'ndcg_at_10', 'map', 'mrr'],
  ...['precision_at_5', 'precision_at_10', 'recall_at_5', 'recall_at_10'],
] as PredictionMetric[]

function found(name: PredictionMetric, sample: Sample) {
  const measured = measure(name, sample, sample.candidate, 'The candidate')
  return 'reason' in measured ? measured.reason : measured.value
}

describe('metrics of a query', () => {
  it.each(NAMES)('%s has the values of scikit-learn, also of tied scores', (name) => {
    for (const { relevances, scores, ...values } of golden.queries) {
      if (values[name] === undefined) continue
      expect(
        found(
          name,
          ranking(
            scores.map(() => 1),
            relevances,
            scores,
          ),
        ),
      ).toBeCloseTo(values[name], 12)
    }
  })

  it.each(NAMES)('%s is the mean over the queries', (name) => {
    const several = golden.queries.filter((query) => query[name] !== undefined)
    const all = ranking(
      several.flatMap(({ scores }, query) => scores.map(() => query)),
      several.flatMap(({ relevances }) => relevances),
      several.flatMap(({ scores }) => scores),
    )
    const mean = several.reduce((sum, query) => sum + query[name]!, 0) / several.length
    expect(found(name, all)).toBeCloseTo(mean, 12)
  })

  it('are their mean over all orders of rows that are tied', () => {
    const rows = fc.array(fc.record({ relevance: fc.nat(2), score: fc.nat(2) }), { minLength: 2, maxLength: 6 })
    const metrics = [
      (query: ReturnType<typeof orderQuery>) => ndcg(query, 3),
      (query: ReturnType<typeof orderQuery>) => relevantAmong(query, 2),
      averagePrecision,
      reciprocalRank,
    ]
    fc.assert(
      fc.property(rows, (all) => {
        fc.pre(all.some(({ relevance }) => relevance > 0))
        const relevances = Float64Array.from(all, ({ relevance }) => relevance)
        const scores = Float64Array.from(all, ({ score }) => score)
        const places = [...all.keys()]
        // An order of all rows breaks the ties; all orders break them evenly.
        const broken = permutations(places).map((order) => scores.map((score, row) => score + order[row]! / 100))
        for (const metric of metrics) {
          const mean =
            broken.reduce((sum, each) => sum + metric(orderQuery(places, relevances, each)), 0) / broken.length
          expect(metric(orderQuery(places, relevances, scores))).toBeCloseTo(mean, 10)
        }
      }),
      { numRuns: 50 },
    )
  })
})

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]]
  return values.flatMap((value, at) => permutations(values.toSpliced(at, 1)).map((rest) => [value, ...rest]))
}

describe('a ranking', () => {
  it('leaves out queries that tell nothing of an order, and says how many', () => {
    const sample = ranking([1, 1, 2, 3, 3], [1, 0, 1, 0, 0], [0, 1, 5, 2, 3])
    expect(found('mrr', sample)).toBe(0.5)
    expect(silentQueries(sample)).toEqual([
      '2 of 3 queries are left out: they have one row only, or none that is relevant, so that no order of them is better than another.',
    ])
  })

  it.each([
    [[1, 1, 2], [0, 0, 3], 'No query has several rows of which one is relevant: there is nothing to order.'],
    [[1, 1], [1, -1], 'A label is -1, and a relevance is 0 or more.'],
    [[1, 1], [1, Number.NaN], '1 of 2 rows is without a label.'],
  ])('has a reason and no number where there is none', (queries, relevances, reason) => {
    expect(
      found(
        'ndcg',
        ranking(
          queries,
          relevances,
          relevances.map((_, row) => row),
        ),
      ),
    ).toBe(reason)
  })

  /** Twenty rows a query, in which the champion sees less of the relevance. */
  const simulated = (queries: number, noise = 1) => {
    const next = uniform(11)
    const of = Array.from({ length: 20 * queries }, (_, row) => Math.floor(row / 20))
    const relevances = of.map(() => (next() < 0.3 ? Math.floor(3 * next()) + 1 : 0))
    const seen = relevances.map((relevance) => relevance + 5 * next())
    return ranking(
      of,
      relevances,
      seen,
      seen.map((score) => score + 8 * noise * next()),
    )
  }

  it('is compared query by query', () => {
    for (const comparison of compareMetrics(simulated(100), NAMES, options)) {
      const { low, high, method } = comparison.difference!
      expect(method).toBe('cluster-abc')
      if (comparison.name.startsWith('ndcg')) expect(low).toBeGreaterThan(0)
      expect(high! - low!).toBeLessThan(0.3)
      expect(comparison.candidate).toMatchObject({ low: expect.any(Number), high: expect.any(Number) })
    }
    const [same] = compareMetrics(simulated(100, 0), ['ndcg'], options)
    expect(same!.difference).toMatchObject({ value: 0, low: 0, high: 0 })
  })

  it('has no interval from few queries that tell something', () => {
    const [few] = compareMetrics(simulated(9), ['ndcg'], options)
    expect(few!.difference).toMatchObject({ low: null, reason: expect.stringContaining('only 9 groups') })
    const sample = simulated(40)
    const mostlySilent = { ...sample, labels: sample.labels.map((label, row) => (row < 160 ? label : 0)) }
    const [silent] = compareMetrics(mostlySilent, ['ndcg'], options)
    expect(silent!.difference).toMatchObject({
      low: null,
      reason: 'Only 8 queries have several rows of which one is relevant; an interval needs 10.',
    })
  })

  it('can be looked at in parts, of which each has its own queries', () => {
    const sample = simulated(30)
    const part = subset(
      sample,
      Uint32Array.from({ length: 50 }, (_, row) => 100 + row),
    )
    expect(part.queries!.count).toBe(3)
    expect(found('ndcg', part)).not.toBe(found('ndcg', sample))
  })
})

describe('rows that belong together', () => {
  const read = async (rows: string[], data: string) => {
    const root = mkdtempSync(join(tmpdir(), 'modelyard-queries-'))
    writeFileSync(join(root, 'holdout.csv'), ['search,user,clicks', ...rows].join('\n'))
    const model = parseModelFile(
      `name: search
task: ranking
data: { train: train.csv, holdout: holdout.csv, label: clicks, query: search${data} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate: { metrics: [ndcg], gates: [{ metric: ndcg, min: 0.5 }] }`,
      'model.yaml',
    )
    const dataset = await openDataset({ root, files: 'holdout.csv' })
    return readKinship(model, dataset).finally(() => dataset.close())
  }

  it('are those of a query, or of a group that holds several', async () => {
    const rows = ['a,u1,1', 'b,u1,0', 'a,u1,0', 'c,u2,1']
    const alone = await read(rows, '')
    expect([alone.queries!.of, alone.groups]).toEqual([Int32Array.of(0, 1, 0, 2), alone.queries])
    const grouped = await read(rows, ', group: user')
    expect([grouped.queries, grouped.groups!.of]).toEqual([alone.queries, Int32Array.of(0, 0, 0, 1)])
  })

  it('are not told apart where a query is missing, or in two groups', async () => {
    await expect(read(['a,u1,1', ',u1,0'], '')).rejects.toThrow(
      'The hold-out has no search in row 2: every row needs its query.',
    )
    await expect(read(['a,u1,1', 'a,u2,0'], ', group: user')).rejects.toThrow(
      'The search a is in two groups of data.group, user u1 and user u2. Rows of one query belong to one group.',
    )
  })
})
