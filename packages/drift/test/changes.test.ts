import { ColumnChange } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTraining } from '../src/index.ts'
import { pictureOf } from '../src/picture.ts'
import { productionOf, referenceOf, uniform, type Value, type Window } from './samples.ts'

const ROWS = 4000
const CITIES = ['ATL', 'ORD', 'DFW', 'LAX', 'PHX']

/** Training data: distances in miles, and an origin. */
function flights(seed: number, rows = ROWS): Window {
  const next = uniform(seed)
  return {
    distance: Array.from({ length: rows }, () => Math.round(100 + 900 * next() ** 2)),
    origin: Array.from({ length: rows }, () => CITIES[Math.floor(5 * next() ** 1.5)]!),
  }
}

const before = flights(1)
const OPTIONS = { reference: { what: 'what v1.0.0 learned', has: 'v1.0.0 learned from' }, leaveOut: [] }

function compare(after: Window, from = before, options = OPTIONS) {
  const reference = referenceOf([from], { timed: false })
  const found = compareTraining(reference, productionOf(reference, [after], { timed: false }), options)
  for (const column of found.changed) ColumnChange.parse(column)
  return found
}

const mapped = (name: string, turn: (value: Value, row: number) => Value): Window => {
  const after = flights(2)
  return { ...after, [name]: after[name]!.map(turn) }
}

/** The same rows, as an export in other units has them. */
const inKilometres = { ...before, distance: before.distance!.map((miles) => Number(miles) * 1.609344) }

describe('training data beside those that the champion learned', () => {
  it('have not changed where they are other rows of the same population, in nearly all cases', () => {
    let alarms = 0
    for (let seed = 10; seed < 210; seed++) alarms += +(compare(flights(seed)).changed.length > 0)
    expect(alarms).toBeLessThanOrEqual(6)
  })

  it('have changed where a unit has, and say by how much and what it looks like', () => {
    const { compared, changed, more } = compare(inKilometres)
    expect({ compared, more }).toEqual({ compared: 2, more: 0 })
    expect(changed).toHaveLength(1)
    expect(changed[0]).toMatchObject({
      name: 'distance',
      kind: 'number',
      hint: 'Every quartile of distance is 1.609 times what it was: kilometres instead of miles?',
    })
    expect(changed[0]!.reason).toMatch(/^.*distance.* v1\.0\.0 learned.*\.$/)
    const { labels, before: then, after: now } = changed[0]!.picture
    expect(labels.length).toBeLessThanOrEqual(10)
    for (const shares of [then, now]) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  it('name what measures most first, and each measure is beyond noise and its floor', () => {
    const [origin] = compare(mapped('origin', (city, row) => (row % 3 === 0 ? 'DEN' : city))).changed
    expect(origin!.reason).toBe(
      '33 % of the rows, beyond what chance explains, hold a value of origin that is not in what v1.0.0 learned, most often "DEN".',
    )
    expect(origin!.new_categories).toEqual([{ name: 'DEN', rows: Math.ceil(ROWS / 3) }])
    expect(origin!.measures.map(({ metric }) => metric)).toEqual(['new_categories', 'psi', 'jensen_shannon'])
  })

  it('have not changed where rare categories are others, as chance has them, in any sizes', () => {
    const tail = (seed: number, rows: number): Window => {
      const next = uniform(seed)
      return { city: Array.from({ length: rows }, () => `c${Math.floor(300 ** next())}`) }
    }
    let alarms = 0
    for (let seed = 1; seed <= 40; seed++) {
      const [n, m] = [
        [2000, 2000],
        [600, 6000],
        [6000, 600],
      ][seed % 3]!
      const reference = referenceOf([tail(seed, n!)], { timed: false })
      const counted = productionOf(reference, [tail(1000 + seed, m!)], { timed: false })
      alarms += compareTraining(reference, counted, OPTIONS).changed.length
    }
    expect(alarms).toBeLessThanOrEqual(1)
  })

  it('tell which categories are gone, unless chance explains it', () => {
    const [origin] = compare(mapped('origin', (city) => (city === 'PHX' ? 'ATL' : city))).changed
    expect(origin!.lost_categories).toEqual([
      { name: 'PHX', rows: before.origin!.filter((city) => city === 'PHX').length },
    ])
    const rare = { ...before, origin: before.origin!.map((city, row) => (row < 30 ? 'rare' : city)) }
    const few = Object.fromEntries(
      Object.entries(mapped('distance', (miles) => 2 * Number(miles))).map(([name, rows]) => [
        name,
        rows.slice(0, 1500),
      ]),
    )
    expect(JSON.stringify(compare(few, rare))).not.toContain('rare')
  })

  it('tell which columns came to hold something else, or went', () => {
    const reference = referenceOf([before], { timed: false })
    const counted = productionOf(reference, [{ distance: before.distance! }], { timed: false })
    expect(compareTraining(reference, counted, OPTIONS)).toMatchObject({ compared: 1, changed: [], lost: ['origin'] })
    const columns = counted.columns.with(1, { ...counted.columns[1]!, type: 'DOUBLE' })
    expect(compareTraining(reference, { ...counted, columns }, OPTIONS)).toMatchObject({
      lost: [],
      retyped: ['origin'],
    })
    const leaveOut = { ...OPTIONS, leaveOut: ['origin'] }
    expect(compareTraining(reference, counted, leaveOut)).toMatchObject({ compared: 1, lost: [], retyped: [] })
  })

  it('are not compared where they are too few to tell, on either side, and say so', () => {
    const few = flights(3, 40)
    expect(compare(few)).toMatchObject({
      compared: 0,
      reason: 'The training data have 40 rows: too few to tell a change from noise.',
    })
    expect(compare(before, few)).toMatchObject({
      compared: 0,
      reason: 'v1.0.0 learned from 40 rows: too few to tell a change from noise.',
    })
    const reference = referenceOf([before], { timed: false })
    const nothing = productionOf(reference, [{}], { timed: false })
    expect(compareTraining(reference, nothing, OPTIONS)).toMatchObject({
      compared: 0,
      reason: 'No column that v1.0.0 learned from is in the training data.',
    })
  })

  it('name at most twenty columns, and say how many more there are', () => {
    const many = (seed: number, factor: number): Window => {
      const next = uniform(seed)
      return Object.fromEntries(
        Array.from({ length: 23 }, (_, index) => [`x${index}`, Array.from({ length: ROWS }, () => factor * next())]),
      )
    }
    const { changed, more } = compare(many(5, 2), many(4, 1))
    expect(changed).toHaveLength(20)
    expect(more).toBe(3)
  })

  it('name a number that stands for a missing value, unless few rows have it', () => {
    const marked = (rows: number): Window => {
      const after = flights(2, 600)
      return { ...after, distance: after.distance!.map((miles, row) => (row < rows ? -999 : miles)) }
    }
    const [shared] = compare(marked(24)).changed
    expect(shared!.hint).toBe(
      '4.0 % of the rows have -999 as distance, which hardly any row had before: does it stand for a missing value?',
    )
    const [few] = compare(marked(15)).changed
    expect(few!.name).toBe('distance')
    expect(JSON.stringify(few)).not.toContain('-999')
  })

  it('name no number that fewer than twenty rows share, though they are all that there are', () => {
    const paid = (rows: number, pay: (row: number) => number): Window => ({
      origin: before.origin!,
      pay: Array.from({ length: ROWS }, (_, row) => (row < rows ? pay(row) : null)),
    })
    const same = (rows: number) =>
      JSON.stringify(
        compare(
          paid(rows, () => 73_220),
          paid(2000, (row) => 50_000 + 17 * row),
        ).changed,
      )
    expect(same(19)).not.toContain('73220')
    expect(same(20)).toContain('Every value of pay is 73220')
    const six = compare(
      paid(1000, (row) => 1000 + row),
      paid(6, (row) => 50_017 + 1000 * row),
    ).changed
    expect(six.map(({ name }) => name)).toEqual(['pay'])
    expect(six[0]!.picture.labels).toEqual(['any'])
    const inSeconds = (rows: number) =>
      compare(
        paid(rows, (row) => 60 * (1000 + 30 * (row % 40))),
        paid(2000, (row) => 1000 + 30 * (row % 40)),
      ).changed.map(({ hint }) => hint)
    expect(inSeconds(79)).toEqual([undefined])
    expect(inSeconds(80)).toEqual([expect.stringContaining('Every quartile of pay is 60 times')])
  })

  it('show ranges of numbers that twenty rows share at least', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }), (counts) => {
        const edges = counts.slice(1).map((_, index) => index)
        const bins = { kind: 'number', name: 'x', edges, min: 0, max: 1, quartiles: null } as const
        const column = { nulls: 0, nan: 0, infinite: 0, counts, other: 0, below: 0, above: 0 }
        const { before: shares, labels } = pictureOf(bins, column, column, { fewest: 20 })
        const total = counts.reduce((sum, count) => sum + count, 0)
        expect(labels).toHaveLength(shares.length)
        if (total >= 20) for (const share of shares) expect(Math.round(share * total)).toBeGreaterThanOrEqual(20)
        else expect(labels).toEqual(['any'])
        expect(pictureOf(bins, column, column).labels.length).toBeGreaterThanOrEqual(labels.length)
      }),
    )
  })

  it('name no value that fewer than twenty rows share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 19 }), fc.nat(1000), (then, now, seed) => {
        const named = (window: Window, rows: number, name: string, other?: string): Window => ({
          ...window,
          origin: window.origin!.map((city, row) => (row < rows ? name : row < 1000 ? (other ?? city) : city)),
        })
        const from = named(flights(seed, 1500), then, 'Mrs Old')
        const found = compare(named(flights(seed + 1, 1500), now, 'Mr New', 'DEN'), from)
        expect(found.changed.length).toBeGreaterThan(0)
        expect(JSON.stringify(found)).not.toMatch(/Mrs Old|Mr New/)
      }),
      { numRuns: 40 },
    )
  })
})
