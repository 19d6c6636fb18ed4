import { describe, expect, it } from 'vitest'
import { checkSplit } from '../src/index.ts'
import { checkSize } from '../src/split/size.ts'
import { csvIn } from './fixtures.ts'
import { broken, type Changed, checksOf, flight, rowsOf } from './split-fixtures.ts'

type Row = Parameters<NonNullable<Changed['train']>>[0]

/** Changes both the training rows and the hold-out. */
function both(change: NonNullable<Changed['train']>): Changed {
  return { train: change, holdout: change }
}

describe('columns that say nothing', () => {
  it('warn where all rows have one value, or none', async () => {
    const found = await broken(both((row) => ({ ...row, airline: 'AA', gate: '' })))
    expect(found).toEqual(['constant columns warn: 2 of 5 columns have, in 2,000 rows: airline, gate.'])
  })

  it('are not folders, which are of one year by design', async () => {
    const rows = rowsOf(500, 3, (row, below) => ({ x: below(1e6), gate: 'A', late: row % 2 }))
    const [train, holdout] = [await csvIn('year=2001/land=fr', rows), await csvIn('year=2002/land=fr', rows)]
    const checks = await checkSplit({ train, holdout, labels: ['late'], task: 'binary-classification' })
    for (const each of [train, holdout]) each.close()
    expect(checks.find(({ rule }) => rule === 'constant columns')).toMatchObject({
      found: '1 of 4 columns have, in 500 rows: gate.',
      failing: 500,
    })
  })

  it('warn where they are equal to another one, whatever their types', async () => {
    const found = await broken(both((row) => ({ ...row, hours: `${row.hour}.0`, from: row.origin! })))
    expect(found).toEqual([
      'equal columns warn hours: It is equal to hour.',
      'equal columns warn from: It is equal to origin.',
    ])
  })

  it('are not equal with the same values in other rows', async () => {
    const found = await broken(both((row, index) => ({ ...row, a: index % 7, b: (index + 1000) % 7 })))
    expect(found).toEqual([])
  })
})

describe('columns that tell the label', () => {
  it('fail where they are equal to it', async () => {
    const found = await broken(both((row) => ({ ...row, was_late: row.late === 1 ? 'true' : 'false' })))
    expect(found).toContain(
      'equal columns fail was_late: It is equal to the label late. Whoever has the one needs no model for the other: leave it out.',
    )
  })

  it.each([
    ['by a number', (row: Row, index: number) => (row.late === 1 ? 16 + (index % 60) : (index % 30) - 15)],
    ['by numbers on both sides', (row: Row, index: number) => (row.late === 1 ? (index % 2) * 100 : 50 + (index % 9))],
    ['by a word', (row: Row, index: number) => (row.late === 1 ? ['late', 'very'][index % 2]! : 'fine')],
    ['by what is not filled in', (row: Row, index: number) => (row.late === 1 ? index : '')],
  ])('warn where they tell it %s', async (_, tells) => {
    const found = await broken(both((row, index) => ({ ...row, delay: tells(row, index) })))
    expect(found).toEqual([
      'target leak warn delay: It is 1.0000. Is delay known before the label is, and not made from it?',
    ])
  })

  it('are named as the best where they tell little', async () => {
    const checks = await checksOf({})
    expect(checks.find(({ rule }) => rule === 'target leak')).toMatchObject({
      verdict: 'pass',
      found: expect.stringMatching(/^The most is 0\.\d{3}, by hour\.$/),
    })
  })

  it('do not tell it by being different in each row', async () => {
    expect(await broken(both((row) => ({ ...row, name: `flight ${row.id}`, number: row.id! })))).toEqual([])
  })

  it('tell one of several classes, or a number', async () => {
    const carrier = (row: Row) => ({
      ...row,
      late: ['no', 'some', 'much'][Number(row.hour) % 3]!,
      code: Number(row.hour) % 3,
    })
    const some = await broken({ ...both(carrier), options: { task: 'multiclass-classification' } })
    // The hour tells it as well: each has a cell of its own.
    expect(some.map((each) => each.slice(0, 21))).toEqual(['target leak warn hour', 'target leak warn code'])
    const minutes = (row: Row) => ({ ...row, late: Number(row.distance) ** 2, half: Number(row.distance) / 2 })
    const number = await broken({ ...both(minutes), options: { task: 'regression' } })
    expect(number.map((each) => each.slice(0, 25))).toEqual(['target leak warn distance', 'target leak warn half: It'])
  })

  it('are not looked for in a forecast, which lives on what was', async () => {
    const lag = (row: Row) => ({ ...row, lag: Number(row.late) * 2 })
    expect(await broken({ ...both(lag), options: { task: 'forecasting' } })).toEqual([])
  })
})

describe('what the hold-out has that training had not', () => {
  it('warns of new categories in one row of a hundred, and names none', async () => {
    const few = (count: number) => (row: Row, index: number) => (index < count ? { ...row, origin: 'JFK' } : row)
    expect(await broken({ holdout: few(9) })).toEqual([])
    expect(await broken({ holdout: few(10) })).toEqual([
      'new categories warn origin: 1 new one is in 10 of 1,000 rows (1 %).',
    ])
  })

  it('warns of labels that moved, beyond chance and by a tenth of the rows', async () => {
    const more = (row: Row, index: number) => (index % 5 === 0 ? { ...row, late: 1 } : row)
    const [found] = await broken({ holdout: more })
    expect(found).toMatch(/^label shift warn late: 1[0-9.]+ % would\. The share of \d is /)
    const masked = await broken({ holdout: more, options: { masked: new Set(['late']) } })
    expect(masked[0]).toContain('The share of one class is ')
  })

  it('warns of numbers that moved', async () => {
    const minutes = (row: Row) => ({ ...row, late: Number(row.id) % 97 })
    const longer = (row: Row) => ({ ...row, late: (Number(row.id) % 97) + 30 })
    const options = { task: 'regression' } as const
    expect(await broken({ ...both(minutes), options })).toEqual([])
    expect(await broken({ train: minutes, holdout: longer, options })).toEqual([
      'label shift warn late: At least 33 % would, by the Kolmogorov–Smirnov distance.',
    ])
  })

  it('warns where it has twice the rows, or too few to say more', async () => {
    const sized = (rows: number) => ({ rows }) as Parameters<typeof checkSize>[0]
    expect(checkSize(sized(1000), sized(2000)).verdict).toBe('pass')
    expect(checkSize(sized(1000), sized(2001))).toMatchObject({
      verdict: 'warn',
      found: 'The hold-out has 2,001 rows, the training data 1,000 rows.',
    })
    expect(checkSize(sized(1000), sized(99))).toMatchObject({
      verdict: 'warn',
      found: expect.stringMatching(/Of so few,/),
    })
  })
})

describe('features that production served', () => {
  const served = (change: (row: number) => string) =>
    `id,hour,distance,origin\n${Array.from({ length: 2000 }, (_, row) => change(row)).join('\n')}\n`

  /** The features of the training rows as CSV has them, after a change. */
  async function serving(change: (cells: string[], row: number) => string[]): Promise<string> {
    const lines = rowsOf(2000, 1, flight(0)).trim().split('\n').slice(1)
    return served((row) => {
      const [id, , , hour, distance, origin] = lines[row]!.split(',')
      return change([id!, hour!, distance!, origin!], row).join(',')
    })
  }

  it('agree within a millionth', async () => {
    const almost = await serving(([id, hour, distance, origin]) => [
      id!,
      `${hour}.0`,
      String(Number(distance) * (1 + 1e-7)),
      origin!,
    ])
    const checks = await checksOf({ served: almost })
    expect(checks.at(-1)).toEqual({
      dataset: 'train',
      column: null,
      rule: 'served',
      verdict: 'pass',
      expected: 'Production serves the features that the training data have for the same rows.',
      found: 'All 3 features agree in 2,000 rows.',
      failing: 0,
    })
  })

  it('warn where few rows differ, fail where one in a hundred does', async () => {
    const skewed = await serving(([id, hour, distance, origin], row) => [
      id!,
      row % 100 === 0 ? '' : hour!,
      row < 3 ? String(Number(distance) + 1) : distance!,
      row === 7 ? 'LGA' : origin!,
    ])
    expect(await broken({ served: skewed })).toEqual([
      'served fail hour: It differs in 20 of 2,000 rows (1 %). First: id 0: 7, served no value; id 100: 16, served no value; id 200: 20, served no value.',
      'served warn distance: It differs in 3 of 2,000 rows (0.15 %). First: id 0: 147.75, served 148.75; id 1: 879.563, served 880.563; id 2: 406.579, served 407.579.',
      'served warn origin: It differs in 1 of 2,000 rows (0.05 %). First: id 7: "LAX", served "LGA".',
    ])
  })

  it('need not be all columns of the data: those that are not served are asked about in one sentence', async () => {
    const one = (await serving((cells) => cells)).replace('distance', 'metres')
    expect(await broken({ served: one })).toEqual([
      'served warn: One column of the training data is not served: distance; is it an input of the model?',
    ])
    const two = one.replace('origin', 'from')
    expect(await broken({ served: two })).toEqual([
      'served warn: 2 columns of the training data are not served: distance, origin; are they inputs of the model?',
    ])
    expect(await broken({ served: two.replace('hour', 'minute') })).toEqual([
      'served inconclusive: No feature of the training data is served, so none can be compared.',
    ])
  })

  it('tell another unit by its factor, which rounding leaves', async () => {
    const km = await serving(([id, hour, miles, origin]) => [
      id!,
      hour!,
      (Number(miles) * 1.609344).toFixed(1),
      origin!.toLowerCase(),
    ])
    expect(await broken({ served: km })).toEqual([
      expect.stringMatching(
        /\(100 %\)\. What was served is 1\.61 times the value of the data: is it in another unit\? First: id 0: /,
      ),
      expect.stringMatching(/"(?:ORD|DFW|ATL|LAX)", served "(?:ord|dfw|atl|lax)"; id 1: /),
    ])
    const one = km.split('\n').map((line, row) => (row === 5 ? line.replace(/^(\d+,\d+),[^,]+/, '$1,1e9') : line))
    expect((await broken({ served: one.join('\n') })).join()).not.toContain('times')
  })

  it('show no value of a personal column, and no personal id', async () => {
    const skewed = await serving(([id, hour, distance], row) => [id!, row < 30 ? '99' : hour!, distance!, 'LGA'])
    const masked = new Set(['id', 'origin'])
    expect(await broken({ served: skewed, options: { masked } })).toEqual([
      expect.stringMatching(/^served fail hour: .* First: \d+, served 99; \d+, served 99; \d+, served 99\.$/),
      'served fail origin: It differs in 2,000 of 2,000 rows (100 %).',
    ])
  })

  it('are of the hold-out where its rows were served', async () => {
    const rows = rowsOf(1000, 2, flight(5000)).trim().split('\n').slice(1)
    const cells = rows.map((row) => row.split(',')).map(([id, , , , distance]) => [id, 99, distance, 'ORD'].join(','))
    const checks = await checksOf({ served: `id,hour,distance,origin\n${cells.join('\n')}\n` })
    expect(checks.filter(({ verdict }) => verdict !== 'pass').map(({ dataset }) => dataset)).toEqual([
      'holdout',
      'holdout',
    ])
  })

  it('are unlike each other where one is no number', async () => {
    const text = await serving(([id, hour, distance, origin], row) => [
      id!,
      row % 2 === 0 ? 'noon' : hour!,
      distance!,
      origin!,
    ])
    expect(await broken({ served: text })).toEqual([
      'served fail hour: It differs in 1,000 of 2,000 rows (50 %). First: id 0: 7, served "noon"; id 2: 15, served "noon"; id 4: 2, served "noon".',
    ])
  })

  it('are inconclusive where no row can be found again', async () => {
    const others = await serving(([id, ...cells]) => [String(Number(id) + 100_000), ...cells])
    expect(await broken({ served: others })).toEqual([
      'served inconclusive: None of 2,000 rows has an id of the training data or the hold-out.',
    ])
    expect(await broken({ served: others, options: { id: undefined } })).toContain(
      'served inconclusive: No rows can be held against each other: name their column of ids as data.id.',
    )
    expect(await broken({ served: others.replace('id,', 'key,') })).toEqual([
      'served inconclusive: The served rows have no column id, so none can be found again.',
    ])
  })
})
