import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { compareSides, describeChanged } from '../src/diagnostics/changed.ts'
import { binned, FEWEST_ROWS, type Feature, readFeatures } from '../src/diagnostics/search/features.ts'
import { findParts } from '../src/diagnostics/search/find.ts'
import { isIn, whereOf } from '../src/diagnostics/search/parts.ts'
import { findWeakest } from '../src/diagnostics/weakest.ts'
import { numberGroups, type Sample } from '../src/sample/sample.ts'
import { binary, grouped, regression, uniform } from './samples.ts'

const AIRPORTS = ['ORD', 'ATL', 'SFO', 'JFK', 'DEN']
const options = { confidence: 0.95, seed: 7 }

interface Flights {
  hour: Float64Array
  origin: string[]
  features: Feature[]
}

function flights(rows: number, next: () => number): Flights {
  const hour = Float64Array.from({ length: rows }, () => Math.floor(24 * next()))
  const origin = Array.from({ length: rows }, () => AIRPORTS[Math.floor(AIRPORTS.length * next())]!)
  const delay = Float64Array.from({ length: rows }, () => 100 * next() ** 3)
  const features = [
    ...binned({ name: 'hour', type: 'BIGINT' }, hour, 'hour'),
    ...binned({ name: 'origin', type: 'VARCHAR' }, origin, 'origin'),
    ...binned({ name: 'delay', type: 'DOUBLE' }, delay, 'delay'),
  ]
  return { hour, origin, features }
}

/** A classifier that is wrong in a share of the rows, and more often where it is told to be. */
function wrongIn(rows: number, next: () => number, share: (row: number) => number): Sample {
  const labels = Float64Array.from({ length: rows }, () => +(next() < 0.4))
  return binary(
    labels,
    labels.map((label, row) => (next() < share(row) ? 0.9 - 0.8 * label : 0.1 + 0.8 * label)),
  )
}

describe('the search', () => {
  it('finds the one part that is bad, by its exact conditions', () => {
    const next = uniform(1)
    const { features, hour, origin } = flights(20_000, next)
    const sample = wrongIn(20_000, next, (row) => (origin[row] === 'ORD' && hour[row]! >= 18 ? 0.4 : 0.15))
    const weakest = findWeakest(sample, features, { ...options, metrics: ['accuracy'] })
    expect(weakest.map(({ where }) => where)).toEqual(["hour >= 18 and origin = 'ORD'"])
    const [{ rows, metric, candidate, rest }] = weakest as [(typeof weakest)[number]]
    expect(metric).toBe('accuracy')
    expect(rows).toBe(hour.filter((each, row) => each >= 18 && origin[row] === 'ORD').length)
    expect(candidate.low!).toBeLessThan(0.6)
    expect(candidate.high!).toBeGreaterThan(0.6)
    expect(rest.value!).toBeGreaterThan(0.83)
  })

  it('is not taken in by looking often: where nothing is bad, it hardly ever finds anything', () => {
    const next = uniform(2)
    for (const [share, groups] of [
      [0.2, 0],
      [0.02, 0],
      [0.1, 30],
    ] as const) {
      let alarms = 0
      for (let trial = 0; trial < 40; trial++) {
        const { features } = flights(1500, next)
        const alone = wrongIn(1500, next, () => share)
        const sample = groups === 0 ? alone : grouped(alone, groups)
        alarms += +(findWeakest(sample, features, { ...options, seed: trial, metrics: ['accuracy'] }).length > 0)
      }
      // One in forty is allowed; five come by chance in one of three hundred runs.
      expect(alarms).toBeLessThan(5)
    }
  })

  it('does not take the bad luck of whole groups for that of a part', () => {
    const next = uniform(3)
    let [asGroups, asRows] = [0, 0]
    for (let trial = 0; trial < 30; trial++) {
      const luck = Float64Array.from({ length: 60 }, () => next() * 0.6)
      // What is known of a row is known of its whole group.
      const features = Array.from({ length: 20 }, (_, column) => {
        const ofGroup = Float64Array.from({ length: 60 }, () => +(next() < 0.5))
        const values = Float64Array.from({ length: 1500 }, (_, row) => ofGroup[row % 60]!)
        return binned({ name: `x${column}`, type: 'BIGINT' }, values, `x${column}`)
      }).flat()
      const sample = wrongIn(1500, next, (row) => luck[row % 60]!)
      const found = (of: Sample) =>
        +(findWeakest(of, features, { ...options, seed: trial, metrics: ['accuracy'] }).length > 0)
      asRows += found(sample)
      asGroups += found(grouped(sample, 60))
    }
    expect(asRows).toBeGreaterThan(15)
    expect(asGroups).toBeLessThan(3)
  })

  it('names no part that is bad only beside what is left when worse ones are told', () => {
    const next = uniform(12)
    const { features, hour } = flights(20_000, next)
    const sample = wrongIn(20_000, next, (row) => (hour[row]! >= 18 ? 0.5 : hour[row]! >= 12 ? 0.15 : 0.1))
    const weakest = findWeakest(sample, features, { ...options, metrics: ['accuracy'] })
    expect(weakest.map(({ where }) => where)).toEqual(['hour >= 18'])
  })

  it('finds nothing in fewer than ten groups of a half, for they do not tell how groups scatter', () => {
    const next = uniform(13)
    const { features, hour } = flights(5000, next)
    const sample = wrongIn(5000, next, (row) => (hour[row]! < 5 ? 0.6 : 0.1))
    const found = (groups: number) =>
      findWeakest(grouped(sample, groups), features, { ...options, metrics: ['accuracy'] }).length
    expect([found(19), found(40)]).toEqual([0, 1])
  })

  it('does not name a part for the luck of a few groups', () => {
    const next = uniform(14)
    const [count, size] = [40, 25]
    const groups = numberGroups(Array.from({ length: count * size }, (_, row) => Math.floor(row / size)))
    let [parts, changed] = [0, 0]
    for (let trial = 0; trial < 40; trial++) {
      // What is known of a row is known of its group, and each value of few.
      const features = Array.from({ length: 8 }, (_, column) => {
        const ofGroup = Float64Array.from({ length: count }, () => Math.floor(8 * next()))
        const values = Float64Array.from(groups.of, (group) => ofGroup[group]!)
        return binned({ name: `x${column}`, type: 'BIGINT' }, values, `x${column}`)
      }).flat()
      const luck = Float64Array.from({ length: count }, () => next() * 2)
      const hits = Float64Array.from(groups.of, (group) => luck[group]! + 0.1 * next())
      const trials = new Float64Array(hits.length).fill(1)
      parts += +(findParts(features, { hits, trials }, { groups, ...options, seed: trial }).length > 0)
      const shares = luck.map((each) => each ** 6 / 100)
      const sides = Int8Array.from(groups.of, (group) => (next() < shares[group]! ? 1 : next() < 0.03 ? -1 : 0))
      changed += +(describeChanged(sides, features, { groups, ...options, seed: trial }).gathered!.length > 0)
    }
    expect([parts, changed]).toEqual([0, 0])
  })

  it('gives at most five parts, none of which is mostly of rows of another', () => {
    const next = uniform(4)
    const { features, hour } = flights(20_000, next)
    const rate = {
      hits: hour.map((each) => +(next() < 0.05 + (Math.floor(each / 3) % 2) * 0.3)),
      trials: new Float64Array(20_000).fill(1),
    }
    const found = findParts(features, rate, { groups: null, ...options })
    expect(found.length).toBeGreaterThan(1)
    expect(found.length).toBeLessThanOrEqual(5)
    const rows = Array.from(hour.keys())
    const members = found.map(({ part }) => rows.filter((row) => isIn(part, row)))
    for (const [place, one] of members.entries()) {
      for (const { part } of found.slice(0, place)) {
        const both = one.filter((row) => isIn(part, row)).length
        expect(both).toBeLessThanOrEqual(one.length / 2)
      }
    }
  })

  it('finds the same again from the same seed', () => {
    const next = uniform(5)
    const { features, hour } = flights(5000, next)
    const sample = wrongIn(5000, next, (row) => (hour[row]! < 5 ? 0.5 : 0.1))
    const again = () => findWeakest(sample, features, { ...options, metrics: ['log_loss'] })
    expect(again()).toEqual(again())
    expect(again()).not.toEqual([])
  })
})

describe('the metric that is searched by', () => {
  const next = uniform(6)
  const { features, hour } = flights(6000, next)
  const bad = wrongIn(6000, next, (row) => (hour[row]! < 6 ? 0.4 : 0.1))
  const metricOf = (sample: Sample, metrics: Parameters<typeof findWeakest>[2]['metrics']) =>
    findWeakest(sample, features, { ...options, metrics }).map(({ metric }) => metric)[0]

  it('is the first that is a mean over rows: parts have no AUC of their own to be held against', () => {
    expect(metricOf(bad, ['roc_auc', 'latency_p95', 'recall', 'accuracy'])).toBe('recall')
    expect(metricOf(bad, ['roc_auc'])).toBe('brier_score')
  })

  it('may be one of the repository’s own, whichever way is better', () => {
    const candidate = hour.map((each) => (each < 6 ? 0.2 : 0.7) + 0.2 * next())
    const scored: Sample = { ...bad, scores: new Map([['profit_score', { candidate, champion: null }]] as const) }
    const [weak] = findWeakest(scored, features, { ...options, metrics: ['profit_score'] })
    expect(weak).toMatchObject({ where: expect.stringMatching(/^hour < \d$/), metric: 'profit_score' })
    expect(weak!.candidate.value!).toBeCloseTo(0.3, 1)
  })

  it('is the absolute error for numbers, and none where predictions are missing', () => {
    const labels = hour.map(() => next())
    const off = regression(
      labels,
      labels.map((label, row) => label + (hour[row]! < 6 ? 1 : 0.2) * next()),
    )
    expect(metricOf(off, ['r2'])).toBe('mae')
    expect(metricOf({ ...off, candidate: off.candidate.fill(Number.NaN, 0, 1) }, ['mae'])).toBeUndefined()
  })
})

describe('features', () => {
  async function dataset(lines: string[]) {
    const root = await mkdtemp(join(tmpdir(), 'modelyard-search-'))
    await writeFile(join(root, 'data.csv'), lines.join('\n'))
    return openDataset({ root, files: 'data.csv' })
  }

  it('are parts whose SQL is true of exactly their rows', async () => {
    const next = uniform(8)
    const cell = () => (next() < 0.1 ? '' : String(Math.round(next() * 1e4) / 1e3))
    const lines = Array.from({ length: 1500 }, () => {
      const origin = next() < 0.1 ? '' : `O'${Math.floor(4 * next())}`
      const holed = next() < 0.1 ? 'nan' : cell()
      return [origin, next() < 0.5, Math.floor(3 * next()), cell(), Math.floor(next() * 50), holed].join(',')
    })
    const data = await dataset(['from,flag,"a ""quoted"" one",value,order,holed', ...lines])
    const features = await readFeatures(data, [])
    expect(features.map(({ name }) => name)).toEqual(['from', 'flag', 'a "quoted" one', 'value', 'order', 'holed'])
    expect(features[5]!.where(features[5]!.ordered, features[5]!.ordered)).toBe('(holed is null or isnan(holed))')
    for (const feature of features) {
      for (let from = 0; from < feature.bins; from++) {
        for (let to = from; to < (from < feature.ordered ? feature.ordered : from + 1); to++) {
          if (from === 0 && to === feature.ordered - 1) continue
          const part = [{ feature, from, to }]
          const [found] = await data.query(`SELECT count(*) AS rows FROM data WHERE ${whereOf(part)}`)
          expect(Number(found!.rows), whereOf(part)).toBe(feature.of.filter((_, row) => isIn(part, row)).length)
        }
      }
    }
    const where = features.map((feature) => feature.where(0, 0))
    expect(where[0]).toMatch(/^"from" = 'O''\d'$/)
    expect(where[1]).toMatch(/^flag = (true|false)$/)
    expect(where[2]).toMatch(/^"a ""quoted"" one" = \d$/)
    expect(where[3]).toMatch(/^"?value"? < 0\.\d$/)
    data.close()
  })

  it('name no id, no free text, and no value that few rows share', async () => {
    const next = uniform(9)
    const lines = Array.from({ length: 600 }, (_, row) => {
      const city = row < 20 ? 'Smallville' : row % 2 === 0 ? 'Metropolis' : 'Gotham'
      const salary = 1000 + next() * 1e5
      return [
        `user-${row}`,
        `wrote ${next()}`,
        city,
        salary,
        `${'long '.repeat(20)}${row % 2}`,
        2 ** 60 + row * 4096,
      ].join(',')
    })
    const data = await dataset(['id,comment,city,salary,prose,hash', ...lines])
    const features = await readFeatures(data, ['label'])
    expect(features.map(({ name }) => name)).toEqual(['city', 'salary'])
    const [city, salary] = features as [Feature, Feature]
    expect([city.where(0, 0), city.where(1, 1), city.bins]).toEqual(["city = 'Gotham'", "city = 'Metropolis'", 2])
    for (let bin = 0; bin < salary.ordered; bin++)
      expect(salary.where(bin, bin)).toMatch(/^(salary (>=|<) \d+000( and )?){1,2}$/)
    data.close()
  })

  it('has no bins where there is one value only, or none, or infinite ones', () => {
    const column = { name: 'x', type: 'DOUBLE' }
    expect(binned(column, new Float64Array(500).fill(3), 'x')).toEqual([])
    expect(binned(column, new Float64Array(500).fill(Number.NaN), 'x')).toEqual([])
    const infinite = Float64Array.from({ length: 500 }, (_, row) => (row % 2 ? Infinity : -Infinity))
    expect(binned(column, infinite, 'x')).toEqual([])
    expect(binned({ name: 'x', type: 'VARCHAR' }, new Array(500).fill(null), 'x')).toEqual([])
    expect(FEWEST_ROWS).toBeGreaterThanOrEqual(20)
  })
})

describe('rows that changed sides', () => {
  it('are counted, and named where they gather', () => {
    const next = uniform(10)
    const { features, hour, origin } = flights(20_000, next)
    const champion = wrongIn(20_000, next, () => 0.2)
    const turned = champion.candidate.map((p, row) => {
      const share = origin[row] === 'SFO' ? 0.2 : 0.02
      const right = p > 0.5 === (champion.labels[row] === 1)
      if (right) return next() < share ? 1 - p : p
      return hour[row]! < 6 && next() < 0.5 ? 1 - p : p
    })
    const sample = { ...champion, candidate: turned, champion: champion.candidate }
    const sides = compareSides(sample)!
    const { newly_right, newly_wrong, gathered } = describeChanged(sides, features, { groups: null, ...options })
    expect(newly_wrong).toBe(sides.filter((side) => side === -1).length)
    expect(newly_right).toBe(sides.filter((side) => side === 1).length)
    expect(gathered!.map(({ where }) => where).sort()).toEqual([
      expect.stringMatching(/^hour < \d+$/),
      "origin = 'SFO'",
    ])
    const sfo = gathered!.find(({ where }) => where.startsWith('origin'))!
    expect(sfo.rows).toBe(origin.filter((each) => each === 'SFO').length)
    expect(sfo.newly_wrong).toBe(sides.filter((side, row) => side === -1 && origin[row] === 'SFO').length)
  })

  it('are searched for twice, and what one search alone would have confirmed is not enough', () => {
    const next = uniform(1)
    const hour = Float64Array.from({ length: 1500 }, () => Math.floor(6 * next()))
    const features = binned({ name: 'hour', type: 'BIGINT' }, hour, 'hour')
    const sides = Int8Array.from(hour, (each) => -(next() < (each === 0 ? 0.2 : 0.1)))
    const hits = Float64Array.from(sides, (side) => -side)
    const trials = new Float64Array(1500).fill(1)
    expect(findParts(features, { hits, trials }, { groups: null, ...options })).toHaveLength(1)
    expect(describeChanged(sides, features, { groups: null, ...options }).gathered).toEqual([])
  })

  it('gather nowhere where they are spread by chance', () => {
    const next = uniform(11)
    const { features } = flights(5000, next)
    const champion = wrongIn(5000, next, () => 0.2)
    const candidate = champion.candidate.map((p) => (next() < 0.05 ? 1 - p : p))
    const sides = compareSides({ ...champion, candidate, champion: champion.candidate })!
    expect(describeChanged(sides, features, { groups: null, ...options }).gathered).toEqual([])
  })

  it('are unknown without a champion, without classes, and with labels that are missing', () => {
    expect(compareSides(binary([0, 1], [0.1, 0.9]))).toBeNull()
    expect(compareSides(regression([0, 1], [0.1, 0.9], [0, 1]))).toBeNull()
    expect(compareSides(binary([0, Number.NaN], [0.1, 0.9], [0.2, 0.8]))).toBeNull()
  })
})
