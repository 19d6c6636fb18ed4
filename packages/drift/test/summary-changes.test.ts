import type { ProfileV2 } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareSummaries, type SummaryOptions } from '../src/index.ts'

type Summary = ProfileV2['summaries'][number]

const nothing: Omit<Summary, 'name' | 'type'> = {
  ...{ masked: false, nulls: 0, nan: 0, infinite: { positive: 0, negative: 0 }, zeros: 0, empty: 0, true: 0 },
  ...{ min: null, max: null, sums: null, sketch: null, lengths: null, distinct: null, values: null },
}

const profile = (rows: number, ...summaries: Summary[]): ProfileV2 => ({
  ...{ schema: 'https://modelyard.dev/profile/v2', model: 'm', data: 'a'.repeat(64), rows },
  ...{ time: null, span: null, columns: [], windows: [] },
  method: { duckdb: '1.5.5', hash: 'h', error: 0.02 },
  summaries,
})

const label = (yes: number, change: Partial<Summary> = {}): Summary => ({
  ...{ ...nothing, name: 'late', type: 'BOOLEAN', true: yes },
  ...change,
})

/** A column of numbers of which `n` are finite. */
const numbers = (name: string, { n, mean, variance }: { n: number; mean: number; variance: number }): Summary => ({
  ...{ ...nothing, name, type: 'DOUBLE', min: '0.0', max: '9.0' },
  sums: {
    x: { scale: 10, sum: String(BigInt(Math.round(mean * n * 1024))) },
    squares: { scale: 10, sum: String(BigInt(Math.round((variance + mean ** 2) * n * 1024))) },
  },
})

const OPTIONS: SummaryOptions = {
  reference: { what: 'what v1.0.0 learned', has: 'v1.0.0 learned from' },
  ...{ measured: [], changed: [], labels: ['late', 'price'], range: 'at', masked: new Set() },
}

const told = (before: ProfileV2, after: ProfileV2, options: Partial<SummaryOptions> = {}) =>
  compareSummaries(before, after, { ...OPTIONS, ...options })

describe('what profiles say of columns before and now', () => {
  it('tells a label whose share moved beyond noise and enough to matter, and no other', () => {
    const reasons = (...late: [before: number, rows: number, after: number, rows: number]) =>
      told(profile(late[1], label(late[0])), profile(late[3], label(late[2]))).flatMap((each) => each.reasons)
    expect(reasons(2000, 10_000, 2700, 10_000)).toEqual([
      'late is true in 27 % of the rows, 20 % in what v1.0.0 learned.',
    ])
    // Four points are beyond noise and too little; seven of a hundred rows are noise.
    expect(reasons(20_000, 100_000, 24_000, 100_000)).toEqual([])
    expect(reasons(20, 100, 27, 100)).toEqual([])
  })

  it('tells a mean that moved, of a label alone', () => {
    const before = { n: 5000, mean: 10, variance: 4 }
    const after = { n: 5000, mean: 10.5, variance: 4 }
    const of = (name: string) => told(profile(5000, numbers(name, before)), profile(5000, numbers(name, after)))
    expect(of('price').map(({ reasons }) => reasons)).toEqual([
      ['The mean of price is 10.5, 10 in what v1.0.0 learned.'],
    ])
    expect(of('price')[0]!.before).toEqual({
      ...{ type: 'DOUBLE', nulls: 0, distinct: null, min: '0.0', max: '9.0', mean: 10, lengths: null },
    })
    expect(of('other')).toEqual([])
  })

  it('tells the mean of whole numbers and of few different ones, with digits to tell it apart', () => {
    const whole = (mean: number): Summary => ({
      ...numbers('price', { n: 5000, mean, variance: 4 }),
      type: 'BIGINT',
      values: Array.from({ length: 9 }, (_, at) => ({ value: String(Math.round(mean) + at - 4), count: 555 })),
    })
    const reasons = (before: number, after: number) =>
      told(profile(5000, whole(before)), profile(5000, whole(after))).flatMap((each) => each.reasons)
    expect(reasons(100, 100.3)).toEqual(['The mean of price is 100.3, 100 in what v1.0.0 learned.'])
    expect(reasons(100_000, 100_000.4)).toEqual(['The mean of price is 100000.4, 100000 in what v1.0.0 learned.'])
  })

  it('tells classes that moved by little each, and by much together', () => {
    const classes = (of: number): Summary => ({
      ...{ ...nothing, name: 'late', type: 'VARCHAR', lengths: { min: 2, max: 3, sum: 12_000 } },
      values: Array.from({ length: of }, (_, at) => ({ value: `c${at}`, count: 5000 / of })),
    })
    expect(told(profile(5000, classes(100)), profile(5000, classes(50))).flatMap(({ reasons }) => reasons)).toEqual([
      expect.stringMatching(/^49 % of the rows would need another late to be as in what v1\.0\.0 learned: late is "c/),
    ])
    expect(told(profile(5000, classes(100)), profile(5000, classes(100)))).toEqual([])
  })

  it('tells rows without a value and another type of what drift does not measure, and facts of what it found changed', () => {
    const at = (change: Partial<Summary>): Summary => ({ ...nothing, name: 'at', type: 'DATE', ...change })
    const [time] = told(profile(1000, at({ min: '2001-01-01' })), profile(1000, at({ type: 'TIMESTAMP', nulls: 100 })))
    expect(time!.reasons).toEqual([
      'at is TIMESTAMP, DATE in what v1.0.0 learned.',
      '10 % of the rows have no value of at, 0.0 % in what v1.0.0 learned.',
    ])
    expect(told(profile(1000, at({})), profile(1000, at({ nulls: 100 })), { measured: ['at'] })).toEqual([])
    expect(told(profile(9, at({ max: '2001-01-31' })), profile(9, at({ max: '2001-02-28' })))).toMatchObject([
      { name: 'at', reasons: [], before: { max: '2001-01-31' }, after: { max: '2001-02-28' } },
    ])
    expect(told(profile(9, at({})), profile(9, at({})), { changed: ['at'] })).toHaveLength(1)
  })

  it('names no value of a text, and of a personal column nothing but counts', () => {
    const text = (change: Partial<Summary> = {}): Summary => ({
      ...{ ...nothing, name: 'late', type: 'VARCHAR', min: 'Ada', max: 'Zoe', lengths: { min: 3, max: 3, sum: 3000 } },
      values: [{ value: 'Ada', count: 1000 }],
      ...change,
    })
    const moved = text({ values: [{ value: 'Zoe', count: 1000 }] })
    const open = told(profile(1000, text()), profile(1000, moved))
    expect(open[0]!.reasons).toEqual([expect.stringContaining('late is "')])
    expect(open[0]!.after).toMatchObject({ min: null, max: null, lengths: { mean: 3 } })
    for (const [before, after, masked] of [
      [text(), moved, new Set(['late'])],
      [text({ masked: true }), moved, new Set<string>()],
      [text(), { ...moved, masked: true }, new Set<string>()],
    ] as const) {
      const hidden = told(profile(1000, before), profile(1000, after), { masked, changed: ['late'] })
      expect(hidden).toMatchObject([{ masked: true, reasons: [] }])
      expect(JSON.stringify(hidden)).not.toMatch(/Ada|Zoe/)
      expect(hidden[0]!.after).toEqual({
        ...{ type: 'VARCHAR', nulls: 0, distinct: null, min: null, max: null, mean: null, lengths: null },
      })
    }
  })

  it('finds nothing in data that are the same, whatever they are', () => {
    const summary = fc.record({ rows: fc.nat(10_000), nulls: fc.double({ min: 0, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(summary, ({ rows, nulls }) => {
        const same = profile(rows, label(0, { nulls: Math.round(rows * nulls) }))
        expect(told(same, same)).toEqual([])
      }),
    )
  })
})
