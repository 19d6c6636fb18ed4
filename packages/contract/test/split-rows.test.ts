import type { Dataset } from '@modelyard/data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSplit } from '../src/index.ts'
import { countShared, firstRowsBy } from '../src/split/shared.ts'
import { csv } from './fixtures.ts'
import { broken, type Changed, checksOf, flight, rowsOf } from './split-fixtures.ts'

type Row = Record<string, number | string>

async function opened<T>(texts: string[], use: (...data: Dataset[]) => Promise<T>): Promise<T> {
  const data: Dataset[] = []
  try {
    for (const text of texts) data.push(await csv(text))
    return await use(...data)
  } finally {
    for (const each of data) each.close()
  }
}

describe('the rows of a fair split', () => {
  it('break nothing', async () => {
    expect(await broken({})).toEqual([])
  })
})

describe('rows that were copied into the hold-out under ids of their own', () => {
  // The training rows from which the hold-out copies.
  const learned = rowsOf(2000, 1, flight(0)).split('\n').slice(1)
  const copies = (count: number) => (row: Record<string, number | string>, index: number) => {
    if (index >= count) return row
    const [, , day, hour, distance, origin, late] = learned[index]!.split(',')
    return { ...row, day: day!, hour: hour!, distance: distance!, origin: origin!, late: late! }
  }

  it('fail where they are one in a hundred', async () => {
    const found = await broken({ holdout: copies(20) })
    expect(found).toContain(
      'repeated rows fail: 20 of 1,000 rows (2 %) are; of the training rows, 0 % are equal to another one.',
    )
  })

  it('warn where they are fewer', async () => {
    expect((await broken({ holdout: copies(8) }))[0]).toMatch(/^repeated rows warn: 8 of 1,000 rows \(0\.8 %\) are;/)
  })

  it('are found, too, where other columns name the rows anew, by unique values or as the contract says', async () => {
    const named = (row: Row, index: number, from: number): Row => ({
      ...row,
      order: 7e6 + from + index,
      mail: `user${from + index}@example.com`,
      name: ['Ann', 'Bo', 'Cy'][(from + index) % 3]!,
    })
    const copied = copies(20)
    const change: Changed = {
      train: (row, index) => named(row, index, 0),
      holdout: (row, index) => named(copied(row, index), index, 5002),
    }
    expect(await broken(change)).toEqual([])
    const checks = await checksOf({ ...change, options: { masked: new Set(['name']) } })
    expect(checks.find(({ rule }) => rule === 'repeated rows')).toMatchObject({
      verdict: 'fail',
      expected:
        'No more rows of the hold-out data are equal to training rows, but for id, when, order, mail and name, than chance explains.',
      failing: 20,
    })
    const honest = await checksOf({ ...change, holdout: (row, index) => named(row, index, 5002) })
    expect(honest.find(({ rule }) => rule === 'repeated rows')).toMatchObject({ verdict: 'pass', failing: 0 })
  })

  it('are no alarm in a table of few different rows, where chance repeats them', async () => {
    const few = ({ id, when, hour, late }: Record<string, number | string>) => ({
      id: id!,
      when: when!,
      hour: Number(hour) % 3,
      late: late!,
    })
    const options = { group: undefined }
    const checks = await checksOf({ train: few, holdout: few, options })
    const repeated = checks.find(({ rule }) => rule === 'repeated rows')!
    expect(repeated).toMatchObject({ verdict: 'pass', failing: 0 })
    expect(repeated.found).toBe(
      '1,000 of 1,000 rows (100 %) are; of the training rows, 100 % are equal to another one.',
    )
  })
})

describe('groups in both', () => {
  const day = (row: Record<string, number | string>) => ({ ...row, day: 'x' })
  it('warn, and are only counted where all of the hold-out is later', async () => {
    const found = 'groups warn day: 1,000 of 1,000 rows are of groups that are in the training data.'
    expect(await broken({ train: day, holdout: day })).toEqual([])
    expect(await broken({ train: day, holdout: day, options: { time: undefined } })).toContain(found)
    const early = (row: Record<string, number | string>) => ({ ...day(row), when: '2001-01-02' })
    expect(await broken({ train: day, holdout: early })).toContain(found)
  })
})

describe('series that go back in time', () => {
  it('fail a forecast, series by series', async () => {
    const header = 'series,when,y\n'
    const train = `${header}a,2001-01-01,1\na,2001-01-02,2\nb,2001-02-01,3\n`
    const holdout = `${header}a,2001-01-03,1\nb,2001-02-01,5\nc,2001-01-01,2\n`
    const options = { labels: ['y'], id: undefined, group: undefined, series: 'series', task: 'forecasting' } as const
    const checks = await opened([train, holdout], (a, b) =>
      checkSplit({ train: a!, holdout: b!, time: 'when', ...options }),
    )
    expect(checks.filter(({ rule }) => rule === 'time order')).toEqual([
      {
        dataset: 'holdout',
        column: 'when',
        rule: 'time order',
        verdict: 'fail',
        expected: 'In each series, the hold-out data are later than the training data.',
        found: 'In 1 of 3 series they begin before the training data end.',
        failing: 1,
      },
    ])
  })
})

describe('countShared', () => {
  it('counts the rows whose values are in the other data, and tells the first that are or are not, however many are held at once', async () => {
    const value = fc.constantFrom('', 'a', 'A', 'b c', 'é', '"x,y"', '007')
    const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 8 }), async (ours, theirs, atOnce) => {
        const text = (pairs: [string, string][]) => `x,y\n${pairs.map((pair) => `${pair.join(',')}\n`).join('')}`
        const known = new Set(theirs.map(String))
        const shared = await opened([text(ours), text(theirs)], (a, b) =>
          countShared(a!, b!, ['x::VARCHAR', 'y::VARCHAR'], { atOnce }),
        )
        expect(shared).toBe(ours.filter((pair) => known.has(String(pair))).length)
        for (const wanted of ['shared', 'missing'] as const) {
          const first = await opened([text(ours), text(theirs)], (a, b) =>
            firstRowsBy(wanted, a!, b!, ['x::VARCHAR', 'y::VARCHAR'], { atOnce, most: 3 }),
          )
          const isWanted = (pair: [string, string]) => known.has(String(pair)) === (wanted === 'shared')
          expect(first).toEqual(ours.flatMap((pair, row) => (isWanted(pair) ? [row] : [])).slice(0, 3))
        }
      }),
      { numRuns: 8 },
    )
  })

  it('counts more of them than it compares value by value', async () => {
    const ids = (from: number, to: number) =>
      `id\n${Array.from({ length: to - from }, (_, at) => from + at).join('\n')}\n`
    expect(await opened([ids(0, 5000), ids(2000, 9000)], (a, b) => countShared(a!, b!, ['id']))).toBe(3000)
  })
})
