import type { Dataset } from '@modelyard/data'
import type { GroupMetric } from '@modelyard/spec'
import { abcInterval, scatterOf, wilsonInterval } from '@modelyard/stats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecideOptions, decide } from '../src/decide.ts'
import { readGroupColumns } from '../src/fairness/columns.ts'
import { measureFairness } from '../src/fairness/fairness.ts'
import { groupsLeftOut } from '../src/fairness/groups.ts'
import { numberGroups, type Sample } from '../src/sample/sample.ts'
import { binary, golden, grouped, simulated, uniform } from './samples.ts'

/** The golden rows, each five times: rates stay, and the smallest group has 50 rows. */
const times = <T>(values: readonly T[]) => Array.from({ length: 5 }, () => values).flat()
const rows = binary(times<number>(golden.data.y), times<number>(golden.data.score_a))
const names = times<string>(golden.data.group)

function measure(metric: GroupMetric, sample: Sample = rows, of: ReadonlyArray<string | null> = names) {
  return measureFairness(sample, { metric, by: 'sex', names: of, confidence: 0.95, seed: 1 })
}

/** Rows of which a group's share is chosen; all are labelled positive. */
function chosen(groups: ReadonlyArray<{ name: string; rows: number; share: number }>) {
  const flat = groups.flatMap(({ name, rows, share }) =>
    Array.from({ length: rows }, (_, row) => ({ name, score: row < Math.round(share * rows) ? 0.9 : 0.1 })),
  )
  const scores = flat.map(({ score }) => score)
  return {
    sample: binary(
      scores.map(() => 1),
      scores,
    ),
    names: flat.map(({ name }) => name),
  }
}

describe('the value of a fairness metric', () => {
  it.each([
    'demographic_parity_difference',
    'demographic_parity_ratio',
    'equalized_odds_difference',
    'equalized_odds_ratio',
    'equal_opportunity_difference',
  ] as const)("is fairlearn's: %s", (metric) => {
    const { candidate, groups, left_out } = measure(metric)
    expect(candidate.value).toBeCloseTo(golden.fairness_A[metric], 12)
    expect(candidate.low!).toBeLessThanOrEqual(candidate.value!)
    expect(candidate.high!).toBeGreaterThanOrEqual(candidate.value!)
    expect(groups.map(({ name, rows }) => `${name} ${rows}`)).toEqual(['A 140', 'B 110', 'C 50'])
    expect(left_out).toEqual({ groups: 0, rows: 0 })
  })

  it('shows the rate of each group, of two the one that differs more', () => {
    const rateOf = (metric: GroupMetric, group: 'A' | 'B' | 'C') =>
      measure(metric).groups.find(({ name }) => name === group)!.rate.value
    for (const group of ['A', 'B', 'C'] as const) {
      const { selection_rate, tpr, fpr } = golden.fairness_A.groups[group]
      expect(rateOf('demographic_parity_difference', group)).toBeCloseTo(selection_rate, 12)
      expect(rateOf('equal_opportunity_ratio', group)).toBeCloseTo(tpr, 12)
      expect(rateOf('equalized_odds_difference', group)).toBeCloseTo(fpr, 12)
    }
    expect(measure('equalized_odds_difference').rate).toBe('false_positive_rate')
  })

  it('does not depend on the order of the rows', () => {
    const order = Array.from(names.keys()).sort((i, j) => ((i * 7919) % 300) - ((j * 7919) % 300))
    const pick = (values: ArrayLike<number>) => order.map((row) => values[row]!)
    const turned = binary(pick(rows.labels), pick(rows.candidate))
    const again = measure(
      'equalized_odds_ratio',
      turned,
      order.map((row) => names[row]!),
    )
    expect(again).toEqual(measure('equalized_odds_ratio'))
  })
})

describe('the interval of a fairness metric', () => {
  it('is above the limit for a difference that is beyond doubt, and below for none', () => {
    const apart = chosen([
      { name: 'f', rows: 500, share: 0.2 },
      { name: 'm', rows: 500, share: 0.5 },
    ])
    const { candidate, p_value } = measure('demographic_parity_difference', apart.sample, apart.names)
    expect(candidate.value).toBeCloseTo(0.3, 12)
    expect(candidate.low).toBeGreaterThan(0.2)
    expect(p_value).toBe(1 / 1000)
    const alike = chosen([
      { name: 'f', rows: 5000, share: 0.3 },
      { name: 'm', rows: 5000, share: 0.3 },
    ])
    const same = measure('demographic_parity_difference', alike.sample, alike.names)
    expect(same.candidate).toMatchObject({ value: 0, low: 0 })
    expect(same.candidate.high).toBeLessThan(0.03)
    expect(same.p_value).toBe(1)
  })

  it('of a ratio is that of the difference, as far as both tell parity from less', () => {
    const share = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(share, share, share, (one, two, three) => {
        const { sample, names } = chosen([
          { name: 'a', rows: 100, share: one },
          { name: 'b', rows: 200, share: two },
          { name: 'c', rows: 60, share: three },
        ])
        const difference = measure('demographic_parity_difference', sample, names).candidate
        const ratio = measure('demographic_parity_ratio', sample, names).candidate
        expect(ratio.high! < 1).toBe(difference.low! > 0)
        for (const { value, low, high } of [difference, ratio]) {
          expect(low).toBeGreaterThanOrEqual(0)
          expect(low).toBeLessThanOrEqual(value!)
          expect(high).toBeGreaterThanOrEqual(value!)
          expect(high).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('is as wide as the clusters make it, not their rows', () => {
    const apart = chosen([
      { name: 'f', rows: 400, share: 0.3 },
      { name: 'm', rows: 400, share: 0.5 },
    ])
    const width = (sample: Sample) => {
      const { low, high } = measure('demographic_parity_difference', sample, apart.names).candidate
      return high! - low!
    }
    // Rows lie in blocks of the same score: clusters of neighbours say the same, clusters across say little of each other.
    const inBlocks = { ...apart.sample, groups: numberGroups(apart.names.map((_, row) => Math.floor(row / 20))) }
    expect(width(inBlocks)).toBeGreaterThan(2 * width(apart.sample))
    const ofOne = { ...apart.sample, groups: numberGroups(apart.names.map((_, row) => row)) }
    expect(width(ofOne)).toBeCloseTo(width(apart.sample), 1)
  })

  it('counts clusters that have rows of both groups as what they are: pairs', () => {
    const next = uniform(5)
    const people = Array.from({ length: 400 }, () => +(next() < 0.5))
    const sample = binary(
      people.flatMap(() => [1, 1]),
      people.flatMap((likes) => [0.1 + 0.8 * likes, 0.1 + 0.8 * likes]),
    )
    const of = people.flatMap(() => ['before', 'after'])
    const paired = { ...sample, groups: numberGroups(people.flatMap((_, person) => [person, person])) }
    const { candidate, p_value } = measure('demographic_parity_difference', paired, of)
    expect(candidate).toMatchObject({ value: 0, low: 0 })
    // None of 400 people differs, which is what is sure of them: Wilson's upper end of nothing.
    expect(candidate.high).toBeCloseTo(wilsonInterval(0, 400, 0.95).high, 6)
    expect(p_value).toBeNull()
    expect(measure('demographic_parity_difference', sample, of).candidate.high).toBeGreaterThan(0.05)
    const ratio = measure('demographic_parity_ratio', paired, of).candidate
    expect(ratio).toMatchObject({ value: 1, high: 1 })
    expect(ratio.low).toBeGreaterThan(0.97)
  })

  it('goes by what differs in each cluster where clusters have rows of both groups', () => {
    const next = uniform(11)
    const [clusters, rows] = [40, 20]
    const likes = Array.from({ length: clusters }, () => next())
    const of = Array.from({ length: clusters * rows }, (_, row) => 'fm'[row % 2]!)
    const scores = of.map((group, row) => {
      const share = likes[Math.floor(row / rows)]! * (group === 'f' ? 0.6 : 1)
      return next() < share ? 0.9 : 0.1
    })
    const sample = {
      ...binary(
        scores.map(() => 1),
        scores,
      ),
      groups: numberGroups(of.map((_, row) => Math.floor(row / rows))),
    }
    const rateOf = (group: string, cluster?: number) => {
      const inside = scores.filter(
        (_, row) => of[row] === group && (cluster === undefined || Math.floor(row / rows) === cluster),
      )
      return inside.filter((score) => score > 0.5).length / inside.length
    }
    const all = rateOf('m') - rateOf('f')
    // As many rows of each group in each cluster: what a cluster adds is its own difference, less that of all.
    const apart = likes.map((_, cluster) => (rateOf('m', cluster) - rateOf('f', cluster) - all) / clusters)
    const { low, high } = measure('demographic_parity_difference', sample, of).candidate
    expect(high).toBeCloseTo(abcInterval(all, scatterOf(apart), 0.95).high, 9)
    // Either of the two may be the one that is chosen less often.
    expect(low).toBeCloseTo(abcInterval(all, scatterOf(apart), 0.975).low, 5)
    // The least ratio r for which f − r · m may be nothing.
    const least = measure('demographic_parity_ratio', sample, of).candidate.low!
    const atLeast = likes.map(
      (_, cluster) => (rateOf('f', cluster) - rateOf('f') - least * (rateOf('m', cluster) - rateOf('m'))) / clusters,
    )
    expect(abcInterval(rateOf('f') - least * rateOf('m'), scatterOf(atLeast), 0.95).low).toBeCloseTo(0, 3)
  })

  it('takes groups that share no cluster as independent, and has an end where a rate is 0', () => {
    const none = chosen([
      { name: 'f', rows: 200, share: 0 },
      { name: 'm', rows: 200, share: 0.1 },
    ])
    const across = { ...none.sample, groups: numberGroups(none.names.map((_, row) => row % 200)) }
    const apart = { ...none.sample, groups: numberGroups(none.names.map((_, row) => row)) }
    const [shared, alone] = [across, apart].map(
      (sample) => measure('demographic_parity_difference', sample, none.names).candidate,
    )
    expect(shared!.high).toBeGreaterThan(0.1)
    expect(shared).toEqual(alone)
  })
})

describe('the permutation test', () => {
  it('is uniform where groups are chance, by rows and by clusters', () => {
    const pValues = (sampleOf: (seed: number) => Sample) =>
      Array.from({ length: 20 }, (_, seed) => {
        const sample = sampleOf(seed + 1)
        const of = Array.from(sample.labels, (_, row) => `g${sample.groups ? sample.groups.of[row]! % 3 : row % 3}`)
        return measure('demographic_parity_difference', sample, of).p_value!
      })
    for (const sampleOf of [
      (seed: number) => simulated(300, seed),
      (seed: number) => grouped(simulated(300, seed), 60),
    ]) {
      const found = pValues(sampleOf)
      expect(found.filter((p) => p < 0.5).length).toBeGreaterThan(4)
      expect(found.filter((p) => p < 0.5).length).toBeLessThan(16)
      expect(found.filter((p) => p < 0.05).length).toBeLessThan(5)
    }
  })
})

describe('what cannot be compared is no pass', () => {
  it('leaves groups out that are too small, and says so', () => {
    const { sample, names } = chosen([
      { name: 'f', rows: 100, share: 0.5 },
      { name: 'm', rows: 100, share: 0.5 },
      { name: 'rare', rows: 49, share: 0 },
    ])
    const found = measure('demographic_parity_difference', sample, names)
    expect(found.groups.map(({ name }) => name)).toEqual(['f', 'm'])
    expect(found.left_out).toEqual({ groups: 1, rows: 49 })
    expect(groupsLeftOut([found, found])).toEqual(['Of sex, 1 group with 49 rows is not compared: it is too small.'])
    expect(found.candidate.value).toBe(0)
  })

  it('has no value for one group', () => {
    const { sample } = chosen([{ name: 'f', rows: 100, share: 0.5 }])
    const found = measure('demographic_parity_difference', sample, Array(100).fill('f'))
    expect(found.candidate).toEqual({
      value: null,
      low: null,
      high: null,
      reason: 'sex is the same in every row, and two groups are needed to compare.',
    })
    expect(found).toMatchObject({ p_value: null, groups: [{ rate: { value: null } }] })
    const few = { ...sample, groups: numberGroups(Array.from({ length: 100 }, (_, row) => row % 9)) }
    const none = measure('demographic_parity_difference', few, Array(100).fill('f'))
    expect(none.candidate.reason).toMatch(/^sex is the same/)
    const reasonOf = (names: string[], of = sample) =>
      measure('demographic_parity_difference', of, names).candidate.reason
    const two = Array.from({ length: 100 }, (_, row) => (row < 60 ? 'f' : 'm'))
    expect(reasonOf(two)).toBe('Only one value of sex has at least 50 rows, and two are needed to compare.')
    expect(reasonOf(two, few)).toMatch(/^No value of sex has at least 50 rows from 10 groups of data\.group, and two/)
    const { sample: many } = chosen([{ name: 'f', rows: 300, share: 0.5 }])
    expect(
      reasonOf(
        Array.from({ length: 300 }, (_, row) => String(row / 7)),
        many,
      ),
    ).toBe(
      'sex has 300 different values, and none of them has at least 50 rows: it names rows rather than groups of them. Name a coarser column.',
    )
  })

  it.each([
    [
      'equal_opportunity_difference',
      0,
      'No row is labelled positive where sex is f, so there is no true positive rate.',
    ],
    [
      'false_positive_rate_difference',
      1,
      'No row is labelled negative where sex is f, so there is no false positive rate.',
    ],
  ] as const)('has no interval where a group has no rate: %s', (metric, label, reason) => {
    const labels = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? label : row % 2))
    const sample = binary(
      labels,
      labels.map((_, row) => (row % 5) / 5),
    )
    const of = labels.map((_, row) => ['f', 'm', 'x'][row % 3]!)
    const { candidate, groups, p_value } = measure(metric, sample, of)
    expect(p_value).toBeNull()
    expect(candidate).toMatchObject({ low: null, high: null, reason })
    expect(candidate.value).not.toBeNull()
    expect(groups.find(({ name }) => name === 'f')!.rate).toMatchObject({ value: null, reason })
  })

  it('has no precision of a group of which no row is predicted positive', () => {
    const { sample, names } = chosen([
      { name: 'f', rows: 100, share: 0 },
      { name: 'm', rows: 100, share: 0.5 },
    ])
    expect(measure('precision_score_difference', sample, names).candidate).toMatchObject({
      value: null,
      reason: 'The candidate predicts no row positive where sex is f, so there is no precision.',
    })
  })

  it('has no ratio of rates that are 0 in all groups, and of two rates tells the other', () => {
    const { sample, names } = chosen([
      { name: 'f', rows: 100, share: 0 },
      { name: 'm', rows: 100, share: 0 },
    ])
    expect(measure('demographic_parity_ratio', sample, names).candidate).toEqual({
      value: null,
      low: null,
      high: null,
      reason: 'The candidate has a selection rate of 0 in every group of sex, so there is no ratio.',
    })
    expect(measure('demographic_parity_difference', sample, names).candidate.value).toBe(0)
    const half = { ...sample, labels: sample.labels.map((_, row) => row % 2) }
    const found = { ...half, candidate: half.labels.map((label, row) => (label === 1 && row % 3 === 0 ? 0.9 : 0.1)) }
    const { candidate, rate, p_value } = measure('equalized_odds_ratio', found, names)
    expect(rate).toBe('true_positive_rate')
    expect(candidate).toMatchObject({
      low: null,
      reason: 'The candidate has a false positive rate of 0 in every group of sex, so there is no ratio.',
    })
    expect(candidate.value).toBeGreaterThan(0.9)
    expect(p_value).toBeNull()
  })

  it('has no value for predictions that are no numbers; rows without a value are a group', () => {
    const { sample, names } = chosen([
      { name: 'f', rows: 100, share: 0.5 },
      { name: 'm', rows: 100, share: 0.5 },
    ])
    const broken = { ...sample, candidate: sample.candidate.map(() => Number.NaN) }
    expect(measure('demographic_parity_ratio', broken, names).candidate.reason).toMatch(/gives no number/)
    const missing = measure(
      'demographic_parity_ratio',
      sample,
      names.map((name) => (name === 'm' ? null : name)),
    )
    expect(missing.groups.map(({ name }) => name)).toEqual(['(missing)', 'f'])
  })

  it('refuses a column that names rows rather than groups', () => {
    const { sample } = chosen([{ name: 'f', rows: 101 * 50, share: 0.5 }])
    const of = Array.from(sample.labels, (_, row) => String(row % 101))
    expect(() => measure('demographic_parity_difference', sample, of)).toThrow(
      'A gate compares the groups of sex, and 101 of them have 50 rows or more. At most 100 can be compared: name a coarser column.',
    )
  })

  it('gives the champion beside the candidate, on the same groups', () => {
    const sample = simulated(1000, 3)
    const of = Array.from(sample.labels, (_, row) => `g${row % 4}`)
    const found = measure('equalized_odds_difference', sample, of)
    const alone = measure('equalized_odds_difference', { ...sample, candidate: sample.champion! }, of)
    expect(found.champion).toEqual(alone.candidate)
    expect(measure('equalized_odds_difference', { ...sample, champion: null }, of).champion).toBeNull()
  })
})

describe('a gate on groups', () => {
  const sample = { ...simulated(2000, 9), champion: null }
  const names = Array.from(sample.labels, (_, row) => (row % 2 === 0 ? 'f' : row % 40 === 1 ? null : 'm'))
  const decided = (gates: DecideOptions['gates'], column = 'sex', on: Sample = sample) =>
    decide(on, {
      ...{ metrics: [], gates, slices: [], measured: [], fewest: 200, onInconclusiveSlice: 'warn' },
      ...{ confidence: 0.95, seed: 1, champion: null, identical: false, firstVersion: 'allow' },
      groupColumns: new Map([[column, names.slice(0, on.labels.length)]]),
    })
  const gate = (max: number) => ({ metric: 'demographic_parity_difference', by: 'sex', max }) as const

  it('passes, fails or lacks evidence by the ends of the interval that the record prints', () => {
    const { candidate } = decided([gate(0.5)]).fairness[0]!
    const verdict = (max: number) => decided([gate(max)]).gates[0]!.verdict
    expect(verdict(candidate.high!)).toBe('pass')
    expect(verdict(candidate.high! - 1e-9)).toBe('inconclusive')
    const ratio = decided([{ metric: 'demographic_parity_ratio', by: 'sex', min: 0.01 }]).fairness[0]!.candidate
    expect(decided([{ metric: 'demographic_parity_ratio', by: 'sex', min: ratio.low! }]).gates[0]!.verdict).toBe('pass')
  })

  it('says what it compares, and about how many rows would settle it', () => {
    const [found] = decided([gate(0.02)]).gates
    expect(found).toMatchObject({ by: 'sex', limit: 0.02, verdict: 'inconclusive' })
    expect(found!.reason).toMatch(
      /^sex: Demographic parity difference is 0\.\d+ \(95 % interval: 0\.000 to 0\.\d+; at most 0\.02 is asked\)\. .* more labelled rows would settle it\.$/,
    )
    expect(found!.rows_needed).toBeGreaterThan(2000)
  })

  it('fails where its column was not read', () => {
    const { gates, fairness } = decided([gate(0.5)], 'other')
    expect(gates[0]!.verdict).toBe('fail')
    expect(fairness).toEqual([])
  })

  it('lacks evidence where there are no two groups to compare', () => {
    const one = { ...sample, labels: sample.labels.subarray(0, 60), candidate: sample.candidate.subarray(0, 60) }
    const [found] = decided([{ ...gate(0.5), on_inconclusive: 'require-approval' }], 'sex', one).gates
    expect(found).toMatchObject({
      verdict: 'warn',
      on_inconclusive: 'require-approval',
      reason: 'sex: No value of sex has at least 50 rows, and two are needed to compare.',
    })
  })

  it('fails where predictions are no numbers, however few groups there are', () => {
    const one = { ...sample, labels: sample.labels.subarray(0, 60), candidate: new Float64Array(60).fill(Number.NaN) }
    const [found] = decided([{ ...gate(0.5), on_inconclusive: 'warn' }], 'sex', one).gates
    expect(found!.verdict).toBe('fail')
    expect(found!.reason).toMatch(/^sex: Demographic parity difference has no value: the candidate gives no number/)
  })

  it('measures once what two gates ask', () => {
    const both = decided([gate(0.5), gate(0.4)])
    expect(both.fairness).toHaveLength(1)
    expect(both.fairness[0]).not.toHaveProperty('sound')
    expect(both.gates).toHaveLength(2)
  })
})

describe('the columns of groups', () => {
  const dataset = {
    columns: [{ name: 'sex', type: 'VARCHAR' }],
    readColumns: async () => ({ sex: ['f', null] }),
  } as unknown as Dataset
  const gates = (by: string) => [{ metric: 'demographic_parity_ratio', by, min: 0.8 } as const]

  it('are read as text, each once', async () => {
    const columns = await readGroupColumns(dataset, [...gates('sex'), ...gates('sex'), { metric: 'f1', min: 0.1 }])
    expect([...columns]).toEqual([['sex', ['f', null]]])
  })

  it('must be there', async () => {
    await expect(readGroupColumns(dataset, gates('gender'))).rejects.toThrow(
      'evaluate.gates[0].by is gender, and the hold-out has no such column. It has sex.',
    )
  })
})
