import type { Dataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { checkSplit, type SplitOptions } from '../src/index.ts'
import { csv } from './fixtures.ts'
import { broken, checksOf, type MakeRow, rowsOf } from './split-fixtures.ts'

type Row = Parameters<NonNullable<Parameters<typeof broken>[0]['train']>>[0]

/** What does not pass in a split of other rows than flights. */
async function split(train: string, holdout: string, options: Partial<SplitOptions> = {}): Promise<string[]> {
  const open: Dataset[] = []
  try {
    for (const text of [train, holdout]) open.push(await csv(text))
    const [a, b] = open
    const task = 'binary-classification'
    const checks = await checkSplit({ train: a!, holdout: b!, labels: ['y'], id: 'id', task, ...options })
    return checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ rule, verdict, column, found }) => `${rule} ${verdict} ${column ?? ''}: ${found}`)
  } finally {
    for (const each of open) each.close()
  }
}

/** A whole number from 0 on, k of them 1/(k + 1) as often as the first. */
function zipf(below: (n: number) => number, different: number): number {
  return Math.floor(Math.exp((below(1e6) / 1e6) * Math.log(different)))
}

const plain: MakeRow = (row, below) => ({ id: row, x: below(1e6), y: below(3) === 0 ? 1 : 0 })
const from =
  (first: number, change: MakeRow = () => ({})): MakeRow =>
  (row, below) => ({ ...plain(first + row, below), ...change(row, below) })

describe('fair splits of data with a tail', () => {
  it('have new categories that chance explains, and text that is no category', async () => {
    const tail = (first: number) =>
      from(first, (row, below) => ({ city: `c${zipf(below, 300)}`, name: `n${first + row}` }))
    expect(await split(rowsOf(800, 1, tail(0)), rowsOf(300, 2, tail(5000)))).toEqual([])
  })

  it('have classes that were never learned, which is a warning that says how to mend it', async () => {
    const tail = (first: number) => from(first, (_, below) => ({ y: `k${zipf(below, 2000)}` }))
    const found = await split(rowsOf(1000, 1, tail(0)), rowsOf(200, 2, tail(5000)), {
      task: 'multiclass-classification',
    })
    expect(found).toEqual([expect.stringMatching(/^classes warn y: .* That may be chance: .* join rare classes/)])
    // So many rows of one new class are no chance.
    const more = (first: number) => from(first, (row, below) => ({ y: row < 60 ? 'new' : `k${zipf(below, 2000)}` }))
    const failed = await split(rowsOf(1000, 1, tail(0)), rowsOf(200, 3, more(5000)), {
      task: 'multiclass-classification',
    })
    expect(failed[0]).toMatch(/^classes fail y: /)
  })

  it('have columns of text files that are empty, or without fractions, in one of the two', async () => {
    const sparse = (fee: string, note: string): MakeRow =>
      from(fee === '' ? 0 : 5000, (row) => ({ fee: row === 3 ? fee : row % 7, note: row === 3 ? note : '' }))
    expect(await split(rowsOf(300, 1, sparse('1.5', '2.5')), rowsOf(200, 2, sparse('', '')))).toEqual([])
  })

  it('have flags that are set in the same few rows', async () => {
    const flags = from(0, (row) => ({ a: row === 7 ? 1 : 0, b: row === 7 ? 1 : 0 }))
    expect(
      await split(
        rowsOf(300, 1, flags),
        rowsOf(
          200,
          2,
          from(5000, () => ({ a: 0, b: 0 })),
        ),
      ),
    ).toEqual([])
  })
})

describe('times that are not there', () => {
  const order = async (train: (row: Row, index: number) => Row, holdout: typeof train) =>
    (await broken({ train, holdout })).filter((each) => each.startsWith('time order'))
  const same = (row: Row) => row
  const without = (row: Row) => ({ ...row, when: '' })

  it('are inconclusive where one of the two has none', async () => {
    expect(await order(without, same)).toEqual([expect.stringMatching(/^time order inconclusive when: /)])
    expect(await order(same, without)).toEqual([expect.stringMatching(/^time order inconclusive when: /)])
  })

  it('warn where some rows have none, and leave groups unexcused', async () => {
    const some = (row: Row, index: number) => ({ ...row, day: 'x', when: index < 900 ? '' : row.when! })
    const found = await broken({ train: (row) => ({ ...row, day: 'x' }), holdout: some })
    expect(found).toEqual([
      'time order warn when: 0 of 1,000 rows are not later than the last row of the training data. 900 rows without a time are in the hold-out.',
      'groups warn day: 1,000 of 1,000 rows are of groups that are in the training data.',
    ])
  })

  it('are no placeholders, such as the year 9999', async () => {
    const one = (row: Row, index: number) => (index === 7 ? { ...row, when: '9999-12-31' } : row)
    expect(await order(one, same)).toEqual([])
  })

  it('are of types that can be compared, or a sentence says so beside all other checks', async () => {
    const number = (row: Row, index: number) => ({ ...row, when: 983_404_800 + index })
    const checks = await checksOf({ holdout: number })
    expect(checks.find(({ rule }) => rule === 'same columns')).toMatchObject({ verdict: 'fail', column: 'when' })
    expect(checks.find(({ rule }) => rule === 'time order')).toMatchObject({
      verdict: 'inconclusive',
      found: 'when is DATE in the training data and BIGINT in the hold-out: these are not times that can be compared.',
    })
  })

  it('leave a regression its other checks where its label is text', async () => {
    const named = (first: number) => from(first, (row) => ({ y: `a${row}` }))
    const found = await split(rowsOf(200, 1, named(0)), rowsOf(200, 2, named(5000)), { task: 'regression' })
    expect(found).toEqual(['label fail y: The label is VARCHAR.', 'label fail y: The label is VARCHAR.'])
  })
})

describe('columns that tell a rare class', () => {
  const rare = (of: number, positives: number) => (first: number) =>
    from(first, (row, below) => {
      const y = row % Math.floor(of / positives) === 0 ? 1 : 0
      return { y, leak: y === 1 ? 500_000 + below(100) : below(1e6) }
    })

  it('are found between the others, of 60 rows in 3,000', async () => {
    const make = rare(3000, 60)
    const found = await split(rowsOf(3000, 1, make(0)), rowsOf(1000, 2, make(5000)))
    expect(found).toEqual([expect.stringMatching(/^target leak warn leak: It is (?:0\.99\d+|1\.0000)\./)])
  })

  it('are found in tables of which a sample has none of its rows', async () => {
    const make = rare(150_000, 50)
    const found = await split(rowsOf(150_000, 1, make(0)), rowsOf(1000, 2, make(500_000)))
    expect(found).toContainEqual(expect.stringMatching(/^target leak warn leak: /))
  }, 60_000)

  it('are not looked for where it has a handful of rows, which is said', async () => {
    const make = rare(1000, 5)
    expect(await split(rowsOf(1000, 1, make(0)), rowsOf(1000, 2, make(5000)))).toEqual([
      'target leak warn : No class was looked at: a class needs about 16 rows.',
    ])
  })

  it('are found where they tell one of five classes, and where they are filled in half of the rows', async () => {
    const five = (first: number) =>
      from(first, (_, below) => {
        const y = below(5)
        return { y: `k${y}`, leak: y === 0 ? -1 : below(1e6) }
      })
    const one = await split(rowsOf(2000, 1, five(0)), rowsOf(500, 2, five(5000)), { task: 'multiclass-classification' })
    expect(one).toEqual([expect.stringMatching(/^target leak warn leak: It is (?:0\.99|1\.0)/)])
    const half = (first: number) =>
      from(first, (row, below) => {
        const y = below(1e6) / 7
        return { y, leak: row % 2 === 0 ? y : '' }
      })
    const some = await split(rowsOf(2000, 1, half(0)), rowsOf(500, 2, half(5000)), { task: 'regression' })
    expect(some).toEqual([
      expect.stringMatching(/^target leak warn leak: It is 0\.99\d+ in the rows that have a value\./),
    ])
  })
})

describe('rows that repeat', () => {
  const few = (below: (n: number) => number) => ({ x: below(10), z: below(100), y: below(2) })

  it('are as many as in all of the training rows, whatever value most of them have', async () => {
    const heavy = (first: number) =>
      from(first, (_, below) => (below(3) === 0 ? { x: 0, z: 0, y: 0 } : { z: below(1e6) }))
    expect(await split(rowsOf(2000, 1, heavy(0)), rowsOf(1000, 2, heavy(5000)))).toEqual([])
  })

  it('warn where training rows were taken in more than once, or only once: copies cannot be told', async () => {
    const once = rowsOf(1000, 1, from(1000)).trim().split('\n')
    const twice = [...once, ...once.slice(1, 701).map((line) => `100${line}`)].join('\n')
    const copied = [once[0]!, ...once.slice(1, 401).map((line) => `200${line}`)].join('\n')
    expect(await split(`${twice}\n`, `${copied}\n`)).toEqual([
      expect.stringMatching(/^repeated rows warn : 400 of 400 rows .* whether others were copied cannot be told\.$/),
    ])
    const seen = new Set<string>()
    const lines = rowsOf(9000, 1, (row, below) => ({ id: row, ...few(below) }))
      .trim()
      .split('\n')
    const different = lines.filter((line) => {
      const values = line.slice(line.indexOf(','))
      return !seen.has(values) && seen.add(values)
    })
    const others = rowsOf(600, 2, (row, below) => ({ id: 20_000 + row, ...few(below) }))
    expect(await split(`${different.join('\n')}\n`, others)).toEqual([
      expect.stringMatching(/^repeated rows warn : .* whether others were copied cannot be told\.$/),
    ])
  })
})

describe('labels of many classes', () => {
  it('have not moved where a small hold-out has some of them and not others', async () => {
    const many = (first: number) => from(first, (_, below) => ({ y: `k${zipf(below, 500)}` }))
    for (const seed of [2, 3, 4]) {
      const found = await split(rowsOf(5000, 1, many(0)), rowsOf(200, seed, many(50_000)), {
        task: 'multiclass-classification',
      })
      expect(found.filter((each) => each.startsWith('label shift'))).toEqual([])
    }
  })

  it('have not moved where the few groups of the hold-out are like some of the training data', async () => {
    const groups = (first: number, of: number) =>
      from(first, (row, below) => ({
        g: `g${first + (row % of)}`,
        y: below(100) < [20, 60, 45, 35][(row % of) % 4]! ? 1 : 0,
      }))
    const [train, holdout] = [rowsOf(2000, 1, groups(0, 20)), rowsOf(500, 2, groups(5000, 2))]
    expect(await split(train, holdout, { group: 'g' })).toEqual([])
    const other = rowsOf(
      500,
      2,
      from(5000, (row, below) => ({ g: `h${row % 20}`, y: below(100) < 90 ? 1 : 0 })),
    )
    expect(await split(train, other, { group: 'g' })).toEqual([expect.stringMatching(/^label shift warn y: /)])
  })
})
