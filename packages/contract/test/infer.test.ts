import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkContract } from '../src/checks/check.ts'
import { parseContract } from '../src/document/read.ts'
import { inferContract } from '../src/infer/infer.ts'
import { csv } from './fixtures.ts'

describe('a contract that is inferred from data', () => {
  const cell = fc.oneof(
    fc.constant(''),
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom(
      'red',
      'blue',
      'a "quoted" text',
      '2024-02-29',
      '2024-02-29 12:30:00',
      'NaN',
      'inf',
      'true',
      '- x: #',
    ),
  )
  const table = fc
    .tuple(fc.array(cell, { minLength: 1, maxLength: 30 }), fc.array(cell, { minLength: 30, maxLength: 30 }))
    .map(([first, second]) => first.map((each, row) => [String(row), each, second[row]!]))

  it('is satisfied by those data, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const quote = (text: string) => (text === '' ? '' : `"${text.replaceAll('"', '""')}"`)
        const dataset = await csv(
          ['row_id,a,b', ...rows.map((row) => row.map(quote).join(','))].join('\n').concat('\n'),
        )
        try {
          const contract = parseContract(await inferContract(dataset, { name: 'any', id: 'row_id' }), 'contract.yaml')
          const checks = await checkContract(contract, dataset, 'train')
          expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
        } finally {
          dataset.close()
        }
      }),
      { numRuns: 40 },
    )
  }, 30_000)

  it('says what was seen, with slack for numbers', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [
      row + 7,
      10 + (row % 11),
      row % 2 ? 'red' : 'white',
      row % 3 ? 0.5 : '',
    ])
    const dataset = await csv(['wine_id,age,colour,acid', ...rows.map((row) => row.join(','))].join('\n').concat('\n'))
    const text = await inferContract(dataset, { name: 'wine', id: 'wine_id' })
    dataset.close()
    expect(text).toMatchInlineSnapshot(`
      "# What data.csv held when this was written: 40 rows.
      # These are too few to hold some out and try on them what the others show.
      # Correct it by what you know of the data: this file is what every later version of the data must satisfy.
      apiVersion: v3.1.0
      kind: DataContract
      id: wine
      name: wine
      version: 1.0.0
      status: draft
      schema:
        - name: wine
          logicalType: object
          properties:
            - name: wine_id
              logicalType: integer
              required: true # none of 40 rows is without; at most 8 % are, at 95 % confidence
              unique: true
              primaryKey: true
              primaryKeyPosition: 1
            - name: age
              logicalType: integer
              required: true # none of 40 rows is without; at most 8 % are, at 95 % confidence
              logicalTypeOptions:
                minimum: 5 # the least is 10; there are too few values to say more
                maximum: 25 # the greatest is 20; there are too few values to say more
            - name: colour
              logicalType: string
              required: true # none of 40 rows is without; at most 8 % are, at 95 % confidence
              quality:
                # all 2 values, the rarest in 20 of 40 rows
                - id: known_values
                  metric: invalidValues
                  arguments:
                    validValues:
                      - red
                      - white
                  mustBe: 0
            - name: acid
              logicalType: number
              logicalTypeOptions:
                minimum: 0.25 # the least is 0.5; there are too few values to say more
                maximum: 0.75 # the greatest is 0.5; there are too few values to say more
              quality:
                # 14 of 40 rows are without
                - id: usual_nulls
                  metric: nullValues
                  mustBeLessOrEqualTo: 86
                  unit: percent
      "
    `)
  })

  it.each([
    ['a number beyond the slack', '8,90,red', 'age', 'maximum'],
    ['a text that was never seen', '8,11,green', 'colour', 'known_values'],
    ['a value that is missing', '8,,red', 'age', 'required'],
    ['an id that comes twice', '7,11,red', 'wine_id', 'unique'],
  ])('is broken by %s', async (_, row, column, rule) => {
    const seen = Array.from(
      { length: 40 },
      (_each, index) => `${index + 100},${10 + (index % 11)},${index % 2 ? 'red' : 'white'}`,
    )
    const head = 'wine_id,age,colour'
    const dataset = await csv([head, ...seen].join('\n').concat('\n'))
    const contract = parseContract(await inferContract(dataset, { name: 'wine', id: 'wine_id' }), 'contract.yaml')
    const later = await csv([head, '7,11,red', row].join('\n').concat('\n'))
    const checks = await checkContract(contract, later, 'train')
    expect(checks.filter(({ verdict }) => verdict !== 'pass').map((each) => [each.column, each.rule])).toContainEqual([
      column,
      rule,
    ])
    dataset.close()
    later.close()
  })
})
