import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseContract } from '../src/document/read.ts'
import { checkContract, importSuite } from '../src/index.ts'

/** Made by `make.py` with Great Expectations 1.24.1 itself: a suite, data, and what it found of each expectation. */
const FOLDER = join(import.meta.dirname, 'great-expectations')
const text = readFileSync(join(FOLDER, 'suite.json'), 'utf8')
const found: boolean[] = JSON.parse(readFileSync(join(FOLDER, 'found.json'), 'utf8'))
const { expectations } = JSON.parse(text) as { expectations: Array<{ type: string; kwargs: Record<string, unknown> }> }

let data: Dataset
beforeAll(async () => {
  data = await openDataset({ root: FOLDER, files: 'data.csv', threads: 2 })
})
afterAll(() => data.close())

/** What the contract of a suite finds in the data; columns that it does not describe are not held against it. */
async function verdicts(suite: unknown): Promise<string[]> {
  const { contract } = importSuite(JSON.stringify(suite), 'suite.json')
  const checks = await checkContract(parseContract(contract, 'suite.odcs.yaml'), data, 'train')
  return checks.filter(({ expected }) => !expected.startsWith('The contract describes')).map(({ verdict }) => verdict)
}

function leftOf(suite: string): string[] {
  return importSuite(suite, 'suite.json').left.map(({ expectation, why }) => `${expectation}: ${why}`)
}

describe('a suite of Great Expectations, as a contract', () => {
  it('finds what Great Expectations finds, expectation by expectation', async () => {
    const different: string[] = []
    let said = 0
    for (const [index, expectation] of expectations.entries()) {
      const suite = {
        name: 'one',
        expectations: [{ type: 'expect_column_to_exist', kwargs: { column: 'id' } }, expectation],
      }
      if (leftOf(JSON.stringify(suite)).some((each) => !each.includes(': in part: '))) continue
      said++
      const all = await verdicts(suite)
      const passes = all.every((verdict) => verdict === 'pass')
      if (passes !== found[index] || all.includes('inconclusive'))
        different.push(`${JSON.stringify(expectation)}: ${all}`)
    }
    expect(different).toEqual([])
    expect(said).toBe(61)
  }, 60_000)

  it('is one contract, that our own reader takes, and drops nothing without a word', async () => {
    const { contract, left, expectations: all } = importSuite(text, 'suite.json')
    expect(() => parseContract(contract, 'suite.odcs.yaml')).not.toThrow()
    expect(all).toBe(expectations.length)
    for (const { expectation, why } of left) expect(contract).toContain(`# - ${expectation}: ${why}.\n`)
    expect(leftOf(text)).toMatchInlineSnapshot(`
      [
        "expect_column_values_to_match_regex of name: its regex looks ahead or back, or at a group again, which patterns of a contract cannot",
        "expect_column_values_to_be_increasing of id: the rows of a contract have no order",
        "expect_column_value_z_scores_to_be_less_than of age: it measures rows by their own mean, so one more outlier moves the limit",
        "expect_column_most_common_value_to_be_in_set of kind: of values that are equally common no one is the most common",
        "expect_table_column_count_to_equal: a contract describes each column, and one that it does not describe is a warning",
        "expect_table_columns_to_match_ordered_list of id, name, code, age, score, kind, low, high, day, twin, json: in part: a contract does not ask for the order of columns, and one that it does not describe is a warning",
      ]
    `)
    expect(contract.slice(contract.indexOf('schema:'), contract.indexOf('- name: kind'))).toMatchInlineSnapshot(`
      "schema:
        - name: shop-floor
          logicalType: object
          properties:
            - name: id
              required: true
              unique: true
            - name: score
              logicalType: number
              required: true
              quality:
                - id: expect_column_values_to_not_be_null
                  metric: nullValues
                  mustBeLessOrEqualTo: 10
                  unit: percent
                - id: expect_column_values_to_not_be_null_2
                  metric: nullValues
                  mustBeLessOrEqualTo: 9
                  unit: percent
                - id: expect_column_values_to_be_null
                  type: sql
                  query: SELECT coalesce(100.0 * count(CASE WHEN "score" IS NULL THEN NULL ELSE 1 END) / count(*), 0) FROM {object}
                  mustBeLessOrEqualTo: 90
                - id: expect_column_values_to_be_null_2
                  type: sql
                  query: SELECT count(CASE WHEN "score" IS NULL THEN NULL ELSE 1 END) FROM {object}
                  mustBe: 0
                - id: expect_column_values_to_be_between
                  type: sql
                  query: SELECT coalesce(100.0 * count(CASE WHEN "score" >= 0.1 THEN NULL ELSE 1 END) / count(*), 0) FROM {object} WHERE
                    "score" IS NOT NULL
                  mustBeLessOrEqualTo: 1
                - id: expect_column_values_to_be_between_2
                  type: sql
                  query: SELECT coalesce(100.0 * count(CASE WHEN "score" >= 0.5 THEN NULL ELSE 1 END) / count(*), 0) FROM {object} WHERE
                    "score" IS NOT NULL
                  mustBeLessOrEqualTo: 1
                - id: expect_column_proportion_of_non_null_values_to_be_between
                  type: sql
                  query: SELECT count("score") / nullif(count(*), 0) FROM {object}
                  mustBeGreaterThan: 0.9
            - name: twin
              unique: true
              quality:
                - id: expect_column_values_to_be_unique
                  type: sql
                  query: SELECT coalesce(100.0 * sum(CASE WHEN n > 1 THEN n ELSE 0 END) / sum(n), 0) FROM (SELECT count(*) AS n FROM
                    {object} WHERE "twin" IS NOT NULL GROUP BY "twin")
                  mustBeLessOrEqualTo: 99
                - id: expect_column_proportion_of_unique_values_to_be_between
                  type: sql
                  query: SELECT count(DISTINCT "twin") / nullif(count("twin"), 0) FROM {object}
                  mustBeGreaterOrEqualTo: 0.5
                - id: expect_column_proportion_of_unique_values_to_be_between_2
                  type: sql
                  query: SELECT count(DISTINCT "twin") / nullif(count("twin"), 0) FROM {object}
                  mustBeLessOrEqualTo: 0.5
            "
    `)
  })

  it.each([
    ['column_values_to_match_like_pattern', { column: 'name', like_pattern: 'Name _' }, true],
    ['column_values_to_match_like_pattern', { column: 'name', like_pattern: 'Name 1%' }, false],
    ['column_values_to_match_like_pattern_list', { column: 'code', like_pattern_list: ['A%', '%Z', 'Q%'] }, true],
    [
      'column_values_to_match_like_pattern_list',
      { column: 'code', like_pattern_list: ['A%', '%C'], match_on: 'all' },
      false,
    ],
    ['column_values_to_not_match_like_pattern', { column: 'code', like_pattern: '%1%' }, true],
    ['column_values_to_not_match_like_pattern_list', { column: 'code', like_pattern_list: ['%1%', 'A%'] }, false],
    ['column_type_to_be', { column: 'age', type_: 'BIGINT' }, true],
    ['column_type_to_be', { column: 'age', type_: 'VARCHAR(10)' }, false],
    ['multicolumn_values_to_be_equal', { column_list: ['id', 'id'] }, true],
    ['multicolumn_values_to_be_unique', { column_list: ['low', 'high', 'id'] }, false],
  ])('says what Great Expectations asks of databases alone: %s %j', async (type, kwargs, passes) => {
    const found = await verdicts({ expectations: [{ type: `expect_${type}`, kwargs }] })
    expect(found.every((verdict) => verdict === 'pass')).toBe(passes)
    expect(found).not.toContain('inconclusive')
  })

  it('reads what 0.18 writes: other keys, and conditions as text', () => {
    const suite = {
      expectation_suite_name: 'taxi.demo',
      ge_cloud_id: null,
      expectations: [
        {
          expectation_type: 'expect_column_values_to_be_between',
          kwargs: {
            column: 'fare',
            min_value: 0,
            max_value: 500,
            mostly: 0.93,
            row_condition: 'col("kind") == "it\'s paid"',
            condition_parser: 'great_expectations__experimental__',
          },
          meta: {},
        },
        {
          expectation_type: 'expect_column_values_to_be_in_set',
          kwargs: {
            column: 'kind',
            value_set: ['a'],
            mostly: 0.5,
            row_condition: 'col("fare").notNull()',
            condition_parser: 'great_expectations__experimental__',
          },
          meta: {},
        },
        {
          expectation_type: 'expect_column_values_to_be_between',
          kwargs: { column: 'tip', min_value: 0, row_condition: 'fare > 3', condition_parser: 'pandas' },
          meta: {},
        },
        {
          expectation_type: 'expect_column_mean_to_be_between',
          kwargs: { column: 'tip', min_value: { $PARAMETER: 'low' } },
        },
        { expectation_type: 'expect_column_values_to_be_even', kwargs: { column: 'tip' } },
      ],
      data_asset_type: null,
      meta: { great_expectations_version: '0.18.22' },
    }
    const { contract, left } = importSuite(JSON.stringify(suite), 'suite.json')
    const [fare, kind] = parseContract(contract, 'suite.odcs.yaml').object.properties!
    expect(fare!.quality![0]).toMatchObject({
      query: expect.stringMatching(/WHERE "fare" IS NOT NULL AND "kind" = 'it''s paid'$/),
      mustBeLessOrEqualTo: 7,
    })
    expect(kind!.quality![0]).toMatchObject({
      unit: 'percent',
      mustBeLessOrEqualTo: 50,
      customProperties: [{ property: 'filter', value: '"kind" IS NOT NULL AND "fare" IS NOT NULL' }],
    })
    expect(left.map(({ why }) => why)).toEqual([
      'its row_condition is written for pandas; write it as a filter in SQL',
      'its min_value is a parameter that is given when it runs',
      'it is none of Great Expectations’ own',
    ])
  })

  it.each([
    ['no JSON', '{', /^suite\.json is no JSON: .*\. Give the suite's file\.$/],
    ['another JSON', '[]', /^suite\.json is no suite of Great Expectations: the file: .*gx\/expectations\.$/],
    ['an expectation without a type', '{"expectations": [{}]}', /expectations\.0: it has no type/],
    ['nothing that can be said', '{"expectations": []}', /^suite\.json has nothing that a contract can say\. Write/],
  ])('says what is wrong with %s', (_, wrong, sentence) => {
    expect(() => importSuite(wrong, 'suite.json')).toThrow(sentence)
  })

  it.each([
    ['kwargs of other types', { column: 3 }],
    ['no set', { column: 'a' }],
    ['a set of lists', { column: 'a', value_set: [[1]] }],
    ['a share beyond 1', { column: 'a', value_set: [1], mostly: 2 }],
    ['a condition of another kind', { column: 'a', value_set: [1], row_condition: { type: 'xor' } }],
  ])('lists an expectation with %s, whatever it is', (_, kwargs) => {
    const expectations = ['values_to_be_in_set', 'to_exist'].map((type) => ({
      type: `expect_column_${type}`,
      kwargs: type === 'to_exist' ? { column: 'b' } : kwargs,
    }))
    expect(importSuite(JSON.stringify({ name: '', expectations }), 'suite.json').left).toHaveLength(1)
  })
})
