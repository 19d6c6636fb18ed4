import { DriftColumn } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideDrift } from '../src/index.ts'
import { productionOf, referenceOf, uniform, type Value, type Window } from './samples.ts'

const ROWS = 3000
const CITIES = ['ATL', 'ORD', 'DFW', 'LAX', 'PHX']

/** A week of flights: distances in miles, an hour of the day, an origin. */
function week(seed: number, rows: number = ROWS): Window {
  const next = uniform(seed)
  return {
    distance: Array.from({ length: rows }, () => Math.round(100 + 900 * next() ** 2)),
    hour: Array.from({ length: rows }, () => Math.floor(6 + 15 * next())),
    origin: Array.from({ length: rows }, () => CITIES[Math.floor(5 * next() ** 1.5)]!),
  }
}

const weeks = (count: number, from: number) => Array.from({ length: count }, (_, index) => week(from + index))
const reference = referenceOf(weeks(8, 1))

/** What is decided of three weeks of production, of which the newest is changed. */
function decide(change: (window: Window) => Window, { from = reference, later = [week(91), week(92)] } = {}) {
  const decision = decideDrift(from, productionOf(from, [...later, change(week(93))]))
  for (const column of decision.columns) DriftColumn.parse(column)
  return decision
}

const mapped = (name: string, turn: (value: Value, row: number) => Value) => (window: Window) => ({
  ...window,
  [name]: window[name]!.map(turn),
})
const column = (decision: ReturnType<typeof decide>, name: string) =>
  decision.columns.find((each) => each.name === name)!

describe('production like the training data', () => {
  it('passes, and says how much was looked at', () => {
    const decision = decide((window) => window)
    expect(decision).toMatchObject({
      verdict: 'pass',
      hints: [],
      reasons: ['None of 3 columns has moved away from the training data in 3,000 rows from 2001-08-16 to 2001-08-23.'],
    })
    expect(decision.columns.map(({ since, measures }) => [since, measures[0]!.metric])).toEqual([
      [null, 'ks'],
      [null, 'ks'],
      [null, 'jensen_shannon'],
    ])
  })

  it('passes whatever the order of the rows', () => {
    const decision = decide((window) => window)
    expect(
      decide((window) => Object.fromEntries(Object.entries(window).map(([name, rows]) => [name, rows.toReversed()]))),
    ).toEqual(decision)
  })
})

describe('an alarm', () => {
  it('says what moved, how far, from what is usual, since when, and what it looks like', () => {
    const kilometres = mapped('distance', (miles) => Math.round(Number(miles) * 1.609344))
    const decision = decide((window) => window)
    const moved = decideDrift(
      reference,
      productionOf(reference, [week(90), kilometres(week(91)), kilometres(week(92))]),
    )
    expect(decision.verdict).toBe('pass')
    expect(moved.verdict).toBe('fail')
    expect(column(moved, 'distance')).toMatchObject({ verdict: 'fail', since: '2001-08-09T00:00:00.000Z' })
    expect(moved.reasons).toEqual([
      expect.stringMatching(
        /^distance is at a KS distance of 0\.\d\d from the training data since 2001-08-09: whole windows of the training data usually differ by at most 0\.0\d+, and from 0\.10 it matters\.$/,
      ),
    ])
    expect(moved.hints).toEqual(['Every quartile of distance is 1.609 times what it was: kilometres instead of miles?'])
    expect(column(moved, 'distance').trend.map(({ value }) => value! > 0.1)).toEqual([false, true, true])
  })

  it('needs all three: noise, effect and history', () => {
    const small = mapped('distance', (miles) => (Number(miles) < 500 ? Number(miles) + 1 : miles))
    expect(decide(small).verdict).toBe('pass')
    // A reference whose weeks differ as much among themselves.
    const swinging = referenceOf(
      weeks(8, 1).map((window, index) => (index % 2 ? mapped('distance', (x) => Number(x) * 2)(window) : window)),
    )
    expect(
      decide(
        mapped('distance', (x) => Number(x) * 2),
        { from: swinging },
      ).verdict,
    ).toBe('pass')
  })

  it('is not excused by one odd window of the training data', () => {
    const nulls = (share: number) => mapped('distance', (x, row) => (row % 100 < share * 100 ? null : x))
    const one = (change: (window: Window) => Window) =>
      referenceOf(weeks(10, 1).map((window, index) => (index === 4 ? change(window) : window)))
    const gaps = decide(nulls(0.8), { from: one(nulls(0.5)) })
    expect(column(gaps, 'distance').measures[0]).toMatchObject({ metric: 'nulls', verdict: 'fail' })
    expect(column(gaps, 'distance').reason).toMatch(
      /: whole windows of the training data usually differ by at most 5\.\d %, and from 5\.0 % it matters\.$/,
    )
    const homed = mapped('origin', (origin, row) => (row % 10 < 8 ? 'PHX' : origin))
    expect(column(decide(homed, { from: one(homed) }), 'origin').verdict).toBe('fail')
  })

  it('is a warning where nothing could be farther than what is usual', () => {
    const rising = (window: Window, index: number) => mapped('distance', (x) => Number(x) + 400 * index)(window)
    const from = referenceOf(weeks(10, 1).map(rising))
    const decision = decide(
      mapped('distance', (x) => Number(x) * 1000),
      { from },
    )
    const { measures, verdict } = column(decision, 'distance')
    expect([verdict, decision.verdict]).not.toContain('pass')
    expect(measures.find(({ metric }) => metric === 'ks')!.verdict).toBe('warn')
    const nearly = column(
      decide((window) => rising(window, 9), { from }),
      'distance',
    )
    expect(nearly).toMatchObject({ verdict: 'warn', since: null })
    expect(nearly.reason).toMatch(
      /^distance is at a KS distance of 0\.\d\d from the training data: the training data's own windows differ so much \(up to 0\.\d\d\) that this cannot be told apart from drift\.$/,
    )
  })

  it.each([5, 0])('only warns with %i whole windows to tell what is usual', (count) => {
    const few = count > 0 ? referenceOf(weeks(count, 1)) : referenceOf(weeks(8, 1), { timed: false })
    const decision = decide(
      mapped('distance', (x) => Number(x) * 1.609344),
      { from: few },
    )
    expect(decision.verdict).toBe('warn')
    expect(decision.reasons[0]).toMatch(
      /fewer than 6 windows of the training data are whole and hold rows enough to tell what is usual, so this is no alarm \(a longer drift\.window holds more, from the next version on\)\.$/,
    )
    expect(column(decision, 'distance').measures[0]!.usual).toBeNull()
  })

  it('does not take windows for history that the data cover in part', () => {
    const partly = {
      ...reference,
      time: { ...reference.time!, first: '2001-01-08T00:00:00.000Z', last: '2001-02-26T00:00:00.000Z' },
    }
    expect(
      column(
        decide((window) => window, { from: partly }),
        'hour',
      ).measures[0]!.usual,
    ).toMatchObject({ windows: 6 })
  })
})

describe('the deterministic checks', () => {
  it.each([
    [
      'nulls',
      'origin',
      (value: Value, row: number) => (row % 10 === 0 ? null : value),
      /^The share of rows that have no origin differs by 10 % of all rows from the training data/,
    ],
    [
      'nulls',
      'distance',
      (value: Value, row: number) => (row % 10 === 0 ? Number.NaN : value),
      /no distance differs by 10 %/,
    ],
    [
      'new_categories',
      'origin',
      (value: Value, row: number) => (row % 50 === 0 ? 'ZZZ' : value),
      /^2\.0 % of the rows, beyond what chance explains, hold a value of origin that is not in the training data, most often "ZZZ"/,
    ],
    [
      'out_of_range',
      'distance',
      (value: Value, row: number) => (row % 40 === 0 ? 5000 + row : value),
      /^2\.5 % of the rows hold a number outside the range that distance has in the training data/,
    ],
    [
      'single_value',
      'distance',
      (value: Value, row: number) => (row % 20 === 0 ? 130 : value),
      /the number 130 as distance/,
    ],
  ] as const)('find %s in %s', (metric, name, turn, sentence) => {
    const decision = decide(mapped(name, turn))
    expect(decision.verdict).toBe('fail')
    expect(column(decision, name).measures[0]!.metric).toBe(metric)
    expect(column(decision, name).reason).toMatch(sentence)
  })

  it('do not alarm where the reference has always been like this', () => {
    const gaps = mapped('distance', (value, row) => (row % 10 === 0 ? null : row % 10 === 1 ? -999 : value))
    const from = referenceOf(weeks(8, 1).map(gaps))
    expect(decide(gaps, { from, later: [gaps(week(91))] }).verdict).toBe('pass')
  })

  it('ask about placeholders', () => {
    const decision = decide(mapped('distance', (value, row) => (row % 20 === 0 ? -999 : value)))
    expect(decision.hints).toEqual([
      '5.0 % of the rows have -999 as distance, which hardly any row had before: does it stand for a missing value?',
    ])
  })
})

describe('what cannot be looked at', () => {
  it('is refused where it was not counted like the reference', () => {
    const production = productionOf(reference, [week(93)])
    expect(() => decideDrift(reference, { ...production, span: '1d' })).toThrow(RangeError)
    const { origin: _, ...rest } = week(93)
    expect(() => decideDrift(reference, productionOf(reference, [rest]))).toThrow('no column origin')
  })

  it('is inconclusive with too few rows, and says how many more', () => {
    const decision = decideDrift(reference, productionOf(reference, [week(93, 100)]))
    expect(decision.verdict).toBe('inconclusive')
    expect(decision.reasons[0]).toBe(
      'Production has 100 rows from 2001-08-02 to 2001-08-09: too few to tell drift from noise. About 310 more are needed, or a longer drift.window than 7d.',
    )
  })

  it('is inconclusive in an empty window', () => {
    const empty: Window = { distance: [], hour: [], origin: [] }
    const decision = decideDrift(reference, productionOf(reference, [week(92), empty]))
    expect(decision.verdict).toBe('inconclusive')
    expect(decision.reasons[0]).toMatch(/^Production has 0 rows/)
    expect(column(decision, 'distance').trend.map(({ value }) => value === null)).toEqual([false, true])
  })

  it('is inconclusive where the training data themselves are too few', () => {
    const few = referenceOf([week(1, 200)])
    const decision = decideDrift(few, productionOf(few, [week(93)]))
    expect(decision.verdict).toBe('inconclusive')
    expect(decision.reasons[0]).toMatch(/^The training data have 200 rows: too few to tell drift from noise/)
  })

  it('is a failure where the profile has no columns', () => {
    const none = { ...reference, columns: [], windows: reference.windows.map((window) => ({ ...window, columns: [] })) }
    expect(decideDrift(none, productionOf(none, [{}]))).toMatchObject({ verdict: 'fail' })
  })

  it('is worth a warning where rows have no time', () => {
    const of = (untimed: number, rows: number) =>
      decideDrift(reference, { ...productionOf(reference, [week(93)]), untimed, rows })
    const { verdict, reasons } = of(500, 3500)
    expect(verdict).toBe('warn')
    expect(reasons.at(-1)).toBe(
      '500 rows of production (14 %) have no time: they are in no window and were not looked at.',
    )
    // Of all rows, not of those in the newest windows.
    expect(of(600, 300_000)).toMatchObject({
      verdict: 'pass',
      reasons: [
        expect.anything(),
        '600 rows of production (0.2 %) have no time: they are in no window and were not looked at.',
      ],
    })
  })

  it('is worth a warning where rows are dated after the check, and told where they are few', () => {
    const newest = '2199-01-01T00:00:00.000Z'
    const of = (rows: number) =>
      decideDrift(reference, { ...productionOf(reference, [week(93)]), rows: 3000 + rows, future: { rows, newest } })
    expect(of(3)).toMatchObject({
      verdict: 'pass',
      reasons: [
        expect.anything(),
        '3 rows of production (0.1 %) are dated after the check (the newest 2199-01-01): they were not looked at.',
      ],
    })
    expect(of(60).verdict).toBe('warn')
  })

  it('is never a pass when nothing is left of a column', () => {
    for (const nothing of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
      const decision = decide(mapped('distance', () => nothing))
      expect(decision.verdict).toBe('fail')
      expect(column(decision, 'distance').reason).toMatch(/no distance differs by 100 %/)
      expect(column(decision, 'distance').measures[1]).toMatchObject({
        value: null,
        missing: 'distance has no values in production.',
      })
    }
  })

  it('is a warning in a column that was empty when the model learned', () => {
    const empty = mapped('distance', () => null)
    const from = referenceOf(weeks(8, 1).map(empty))
    const decision = decide(empty, { from, later: [] })
    expect(decision.verdict).toBe('warn')
    expect(decision.reasons).toEqual(['distance has too few values in the training data to be compared with.'])
    expect(decide((window) => window, { from, later: [] }).verdict).toBe('fail')
  })
})

describe('a constant column', () => {
  const constant = mapped('distance', () => 7)
  const from = referenceOf(weeks(8, 1).map(constant))

  it('passes while it stays what it is', () => {
    expect(decide(constant, { from, later: [] }).verdict).toBe('pass')
  })

  it.each([6, 8])('alarms when it becomes %i', (other) => {
    const decision = decide(
      mapped('distance', () => other),
      { from, later: [] },
    )
    expect(decision.verdict).toBe('fail')
  })

  it('is asked about where it was none before', () => {
    expect(decide(constant).hints).toEqual(['Every value of distance is 7: is what fills it still at work?'])
  })
})

describe('a hint at another unit', () => {
  it.each([
    ['kilometres instead of miles', (x: number) => x * 1.609344],
    ['metres instead of feet', (x: number) => x * 0.3048],
    ['kilograms instead of pounds', (x: number) => x * 0.45359237],
    ['seconds instead of hours', (x: number) => x * 3600],
    ['hundredths instead of wholes', (x: number) => x * 100],
    ['degrees Fahrenheit instead of Celsius', (x: number) => 1.8 * x + 32],
    ['kelvins instead of degrees Celsius', (x: number) => x + 273.15],
  ])('is given for %s', (said, turn) => {
    const { hints } = decide(mapped('distance', (x) => turn(Number(x))))
    expect(hints).toHaveLength(1)
    expect(hints[0]).toContain(said)
  })

  it('is given for clocks, and for nothing that only looks a little like it', () => {
    expect(decide(mapped('hour', (x) => Number(x) + 2)).hints).toEqual([
      'Every quartile of hour is 2 hours later: another time zone?',
    ])
    expect(decide(mapped('distance', (x) => Number(x) * 1.35)).hints).toEqual([])
  })
})

describe('the decision', () => {
  it('has numbers that JSON can hold, whatever production holds', () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, 130),
      fc.integer({ min: 100, max: 1000 }),
    )
    const city = fc.oneof(fc.constantFrom<Value>(...CITIES, null), fc.string())
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, city), { maxLength: 40 }),
        fc.integer({ min: 1, max: 60 }),
        (rows, times) => {
          const all = Array.from({ length: times }, () => rows).flat()
          const window = {
            distance: all.map((row) => row[0]),
            hour: all.map((row) => row[1]),
            origin: all.map((row) => row[2]),
          }
          const decision = decideDrift(reference, productionOf(reference, [window]))
          for (const each of decision.columns) DriftColumn.parse(each)
          if (all.length < 300) expect(decision.verdict).not.toBe('pass')
        },
      ),
    )
  })

  it('is moved towards an alarm, never away, by more rows of the same', () => {
    const changed = mapped('distance', (x) => Number(x) * 1.3)
    for (const rows of [500, 1000, 3000]) {
      const { columns } = decideDrift(reference, productionOf(reference, [changed(week(93, rows))]))
      expect(columns[0]!.verdict).toBe('fail')
    }
  })
})
