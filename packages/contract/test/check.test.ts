import type { Dataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { parseContract } from '../src/document/read.ts'
import { type Check, checkContract } from '../src/index.ts'
import { contractText, csv } from './fixtures.ts'

const table = `id,when,origin,distance,delay,gaps
1,2001-01-01,ORD,100.5,3,1
2,2001-01-02,LAX,-7,4,
3,2001-01-03,,nan,5,3
3,2001-01-04,N/A,250,6,4
`

async function check(object: string, text = table): Promise<Check[]> {
  const dataset = await csv(text)
  try {
    return await checkContract(parseContract(contractText(object), 'c.yaml'), dataset, 'train')
  } finally {
    dataset.close()
  }
}

/** The one check of a rule, as [verdict, failing rows]. */
async function verdictOf(object: string, rule: string): Promise<[string, number]> {
  const found = (await check(object)).filter((each) => each.rule === rule)
  expect(found).toHaveLength(1)
  return [found[0]!.verdict, found[0]!.failing]
}

const property = (name: string, lines: string) => `
  properties:
  - name: ${name}
    ${lines.replaceAll('\n', '\n    ')}
`
const filteredBy = (filter: string) =>
  `metric: rowCount\nmustBe: 4\ncustomProperties: [{ property: filter, value: ${JSON.stringify(filter)} }]`
const quality = (name: string, lines: string) => property(name, `quality:\n- ${lines.replaceAll('\n', '\n  ')}`)

describe('checkContract: columns', () => {
  it('fails for a column that is not there and warns of one that is not described', async () => {
    const checks = await check(property('altitude', 'required: true'))
    expect(checks.find(({ column }) => column === 'altitude')).toEqual({
      dataset: 'train',
      column: 'altitude',
      rule: 'schema',
      verdict: 'fail',
      expected: 'There is a column altitude.',
      found: 'There is no column altitude, so nothing else that is asked of it was checked.',
      failing: 0,
      line: 9,
    })
    expect(checks.filter(({ verdict }) => verdict === 'warn').map(({ column }) => column)).toHaveLength(6)
  })

  it('warns of a column that is not described once, with the training data', async () => {
    const contract = parseContract(contractText(property('id', 'required: true')), 'c.yaml')
    const data = await csv('id,extra\n1,2\n')
    const warned = async (role: 'train' | 'holdout') =>
      (await checkContract(contract, data, role))
        .filter(({ verdict }) => verdict === 'warn')
        .map(({ column }) => column)
    expect([await warned('train'), await warned('holdout')]).toEqual([['extra'], []])
    data.close()
  })

  it('shows the values of text that are none of the type, and passes no text though all of it is', async () => {
    const rows = ['3', '007', 'N/A', '', '4', '+5', '1.0', '6e1', '-0', '9'].map((age) => `${age},2024-01-01\n`)
    const text = `age,day\n${rows.join('')}4,01/02/2024\n`
    const of = async (name: string, type: string, data = text) =>
      (await check(property(name, `logicalType: ${type}`), data)).find(({ rule }) => rule === 'logicalType')!
    const age = await of('age', 'integer')
    expect(age).toMatchObject({ verdict: 'fail', failing: 5, found: '5 of 11 rows are no integer.' })
    expect(age.examples?.map(({ value }) => value)).toEqual(['007', 'N/A', '+5', '1.0', '6e1'])
    expect(await of('age', 'number')).toMatchObject({ verdict: 'fail', failing: 3 })
    expect(await of('day', 'date')).toMatchObject({ verdict: 'fail', failing: 1 })
    expect(await of('day', 'string')).toMatchObject({ verdict: 'pass' })
    const zones = 'time\n2024-01-01T00:00:00Z\n2024-01-01T00:00:00\n'
    expect(await of('time', 'timestamp', zones)).toMatchObject({ verdict: 'fail', found: 'They are text (VARCHAR).' })
  })

  it('takes a column without a value for one of any type', async () => {
    const text = 'id,none\n1,\n2,\n'
    for (const [type, options] of [
      ['string', 'minLength: 3, pattern: ^x$'],
      ['integer', 'minimum: 18, multipleOf: 2, format: i32'],
      ['number', 'exclusiveMaximum: 0.5'],
      ['date', "minimum: '2024-01-01'"],
      ['timestamp', "minimum: '2024-01-01', timezone: true"],
      ['time', "maximum: '12:00:00'"],
      ['boolean', ''],
      ['array', ''],
    ]) {
      const checks = await check(property('none', `logicalType: ${type}\nlogicalTypeOptions: { ${options} }`), text)
      expect(checks.filter(({ column }) => column === 'none').map(({ verdict }) => verdict)).not.toContain('fail')
      expect(checks.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([])
    }
    expect(await check(property('none', 'required: true\nlogicalType: date'), text)).toContainEqual(
      expect.objectContaining({ rule: 'required', verdict: 'fail', failing: 2 }),
    )
  })

  it.each(['distances', 'Distance', ' distance'])(
    'asks whether distance was renamed to %s, in one sentence',
    async (name) => {
      const rules =
        'required: true\nprimaryKey: true\nquality:\n- { type: custom, engine: modelyard, implementation: { check: drift, reference: x.csv, max: 1 } }'
      const checks = await check(property('distance', rules), table.replace('distance', name))
      const about = checks.filter(({ found }) => found.includes('istance'))
      expect(about).toMatchObject([
        {
          column: 'distance',
          verdict: 'fail',
          found: `distance is not there, and ${name} is described by nobody: was it renamed?`,
        },
      ])
      expect(checks.map(({ column }) => column)).not.toContain(name)
      expect(checks.filter(({ column }) => column === 'distance')).toHaveLength(1)
    },
  )

  it('says once what could not be asked of values of another type', async () => {
    const options = 'logicalTypeOptions: { pattern: "^1", maxLength: 3 }'
    const checks = await check(property('id', `logicalType: string\n${options}`))
    expect(checks.filter(({ column, rule }) => column === 'id' && rule !== 'schema')).toMatchObject([
      {
        rule: 'logicalType',
        verdict: 'fail',
        found: 'They are whole numbers (BIGINT). So this was not asked of them: pattern, maxLength.',
      },
    ])
    const text = 'logicalType: integer\nlogicalTypeOptions: { minimum: 1 }'
    expect(
      (await check(property('origin', text))).filter(({ column, rule }) => column === 'origin' && rule !== 'schema'),
    ).toMatchObject([
      {
        rule: 'logicalType',
        verdict: 'fail',
        found: expect.stringMatching(/So this was not asked of them: minimum\.$/),
      },
    ])
  })

  it('says in one sentence that it is a contract of other data', async () => {
    const names = ['code', 'city', 'country', 'latitude', 'longitude', 'altitude', 'id']
    const checks = await check(`  properties: [${names.map((name) => `{ name: ${name}, required: true }`).join(', ')}]`)
    expect(checks).toEqual([
      expect.objectContaining({
        verdict: 'fail',
        column: null,
        found:
          'Of the 7 columns that flights has in the contract (code, city, country, latitude, longitude and 2 more), the data have 1; theirs are id, when, origin, distance, delay and 1 more. Is this the contract of these data?',
        line: 7,
      }),
    ])
  })

  it.each([
    ['id', 'integer', 'pass'],
    ['id', 'number', 'pass'],
    ['id', 'string', 'fail'],
    ['origin', 'string', 'pass'],
    ['origin', 'number', 'fail'],
    ['distance', 'number', 'pass'],
    ['distance', 'integer', 'fail'],
    ['gaps', 'integer', 'pass'],
    ['when', 'date', 'pass'],
    ['when', 'timestamp', 'pass'],
    ['when', 'boolean', 'fail'],
  ])('%s as %s: %s', async (name, type, verdict) => {
    expect((await verdictOf(property(name, `logicalType: ${type}`), 'logicalType'))[0]).toBe(verdict)
  })
})

describe('checkContract: rules of a column', () => {
  it.each([
    ['id', 'required: true', 'required', 'pass', 0],
    ['origin', 'required: true', 'required', 'fail', 1],
    ['distance', 'required: true', 'required', 'fail', 1], // NaN is no value
    ['id', 'unique: true', 'unique', 'fail', 1],
    ['gaps', 'unique: true', 'unique', 'pass', 0],
    ['id', 'primaryKey: true', 'primaryKey', 'fail', 1],
    ['distance', 'logicalType: number\nlogicalTypeOptions: {minimum: 0}', 'minimum', 'fail', 1],
    ['distance', 'logicalType: number\nlogicalTypeOptions: {minimum: -7}', 'minimum', 'pass', 0],
    ['distance', 'logicalType: number\nlogicalTypeOptions: {exclusiveMinimum: -7}', 'exclusiveMinimum', 'fail', 1],
    ['distance', 'logicalType: number\nlogicalTypeOptions: {maximum: 250}', 'maximum', 'pass', 0], // NaN is not the greatest number
    ['distance', 'logicalType: number\nlogicalTypeOptions: {exclusiveMaximum: 100.5}', 'exclusiveMaximum', 'fail', 2],
    ['when', 'logicalType: date\nlogicalTypeOptions: {minimum: "2001-01-02"}', 'minimum', 'fail', 1],
    ['when', 'logicalType: date\nlogicalTypeOptions: {minimum: "yesterday"}', 'minimum', 'inconclusive', 0],
    ['origin', 'logicalType: string\nlogicalTypeOptions: {pattern: "^[A-Z]{3}$"}', 'pattern', 'fail', 1],
    ['origin', 'logicalType: string\nlogicalTypeOptions: {pattern: "(?=X)"}', 'pattern', 'inconclusive', 0], // RE2 looks at nothing ahead
    ['origin', 'logicalType: string\nlogicalTypeOptions: {maxLength: 3, minLength: 3}', 'maxLength', 'pass', 0],
    ['distance', 'logicalType: number\nlogicalTypeOptions: {multipleOf: 5}', 'multipleOf', 'fail', 2],
    ['when', 'logicalType: date\nlogicalTypeOptions: {format: yyyy-MM-dd}', 'format', 'pass', 0],
    ['distance', 'physicalType: double', 'physicalType', 'pass', 0],
    ['distance', 'physicalType: FLOAT64', 'physicalType', 'warn', 0],
  ])('%s with %s: %s', async (name, lines, rule, verdict, failing) => {
    expect(await verdictOf(property(name, lines), rule)).toEqual([verdict, failing])
  })

  it('shows the least number and no other value', async () => {
    const checks = await check(property('distance', 'logicalType: number\nlogicalTypeOptions: {minimum: 0}'))
    expect(checks.find(({ rule }) => rule === 'minimum')?.found).toBe(
      '1 of 4 rows are not at least 0. The least is -7.',
    )
    const text = await check(property('origin', 'logicalType: string\nlogicalTypeOptions: {pattern: "^X"}'))
    expect(text.find(({ rule }) => rule === 'pattern')?.found).toBe('3 of 4 rows do not match.')
  })
})

describe('checkContract: quality rules', () => {
  it.each([
    ['distance', 'metric: nullValues\nmustBe: 0', 'fail', 1],
    ['distance', 'metric: nullValues\nmustBe: 0\nseverity: warning', 'warn', 1],
    ['distance', 'metric: nullValues\nmustBe: 0\nseverity: Minor', 'warn', 1],
    ['distance', 'metric: nullValues\nunit: "%"\nmustBeLessOrEqualTo: 25', 'pass', 0],
    ['distance', 'metric: nullValues\nunit: percent\nmustBeLessOrEqualTo: 25', 'pass', 0],
    ['distance', 'metric: nullValues\nunit: percent\nmustBeLessThan: 25', 'fail', 1],
    ['origin', 'metric: missingValues\narguments: {missingValues: [null, "N/A"]}\nmustBeLessThan: 2', 'fail', 2],
    ['origin', 'metric: missingValues\narguments: {missingValues: ["N/A"]}\nmustBe: 1', 'pass', 0],
    ['origin', 'metric: missingValues\nmustBe: 0', 'fail', 1], // where nothing is listed, what has no value
    ['origin', 'metric: invalidValues\narguments: {validValues: [ORD, LAX]}\nmustBe: 0', 'fail', 1],
    ['id', 'metric: invalidValues\narguments: {validValues: [1, 2, 3.0]}\nmustBe: 0', 'pass', 0],
    ['id', 'metric: invalidValues\narguments: {validValues: [0.6, 1.5, 2.5, 3.4]}\nmustBe: 0', 'fail', 4], // not rounded
    ['when', 'metric: invalidValues\narguments: {validValues: ["2001-01-01T10:00:00"]}\nmustBe: 0', 'fail', 4],
    ['when', 'metric: missingValues\narguments: {missingValues: ["2001-01-01T05:00:00+05:00"]}\nmustBe: 1', 'pass', 0],
    ['origin', 'metric: invalidValues\narguments: {pattern: "^[A-Z]{3}$"}\nmustBe: 0', 'fail', 1],
    ['id', 'metric: duplicateValues\nmustBe: 0', 'fail', 1],
    ['id', 'metric: duplicateValues\nmustBeBetween: [1, 1.5]', 'pass', 0],
    ['id', 'metric: duplicateValues\nmustNotBeBetween: [1, 2]', 'fail', 1],
    ['id', 'metric: rowCount\nmustNotBe: 4', 'fail', 0],
    ['id', 'type: text\ndescription: It looks right.', 'inconclusive', 0],
    ['id', 'type: custom\nengine: soda\nimplementation: x', 'inconclusive', 0],
  ])('%s with %s: %s', async (name, lines, verdict, failing) => {
    const [found] = (await check(quality(name, `name: rule\n${lines}`))).filter(({ rule }) => rule === 'rule')
    expect([found!.verdict, found!.failing]).toEqual([verdict, failing])
    expect(found!.line).toBe(11)
  })

  it.each([
    ['SELECT count(*) FROM {object} WHERE {property} > 3', 'mustBe: 3', 'pass'],
    ['SELECT max(${column}) < 3 FROM ${table}', 'mustBe: true', 'fail'],
    ['SELECT NULL', 'mustBeLessThan: 3', 'fail'],
    ["SELECT 'nan'::DOUBLE", 'mustNotBe: 3', 'fail'],
    ['SELECT 1, 2', 'mustBe: 1', 'inconclusive'],
    ['SELEKT 1', 'mustBe: 1', 'inconclusive'],
    ["SELECT count(*) FROM read_text('/etc/passwd')", 'mustBe: 1', 'inconclusive'],
    ['DROP TABLE data', 'mustBe: 1', 'inconclusive'],
  ])('runs %s', async (query, operator, verdict) => {
    const checks = await check(quality('delay', `name: rule\ntype: sql\nquery: ${JSON.stringify(query)}\n${operator}`))
    expect(checks.find(({ rule }) => rule === 'rule')?.verdict).toBe(verdict)
  })

  it('asks no table that is another one in each job of a matrix', async () => {
    const sql = `name: rule\ntype: sql\nquery: SELECT count(*) FROM "Modelyard_Part"\nmustBe: 4`
    const filter = '(SELECT max(id) FROM modelyard_sample) > 1'
    const filtered = `name: rule\nmetric: nullValues\nmustBe: 0\ncustomProperties: [{ property: filter, value: ${filter} }]`
    for (const rule of [sql, filtered]) {
      const found = (await check(quality('id', rule))).find((each) => each.rule === 'rule')!
      expect(found.verdict).toBe('inconclusive')
      expect(found.found).toMatch(/^The rows of modelyard_\w+ are other ones in each job of a matrix\./i)
    }
    for (const name of ['part', 'sample']) {
      const query = `name: rule\ntype: sql\nquery: SELECT count(*) FROM ${name}\nmustBe: 4`
      const found = (await check(quality('id', query))).find(({ rule }) => rule === 'rule')!
      expect(found.found).toBe(
        `The query could not be run: Catalog Error: Table with name ${name} does not exist! The only table is data, or {object}.`,
      )
    }
  })

  it.each([
    [
      'SELECT max(delai) FROM {object}',
      'Binder Error: Referenced column "delai" not found in FROM clause! Candidate bindings: "delay"',
    ],
    ['SELEC max(delay) FROM {object}', 'Parser Error: syntax error at or near "SELEC".'],
  ])('says what is wrong with %s, of which no value was looked at', async (query, sentence) => {
    const checks = await check(quality('delay', `name: rule\ntype: sql\nquery: ${query}\nmustBe: 1`))
    const { verdict, found } = checks.find(({ rule }) => rule === 'rule')!
    expect(verdict).toBe('inconclusive')
    expect(found).toContain(`The query could not be run: ${sentence}`)
    expect(found).not.toMatch(/\n|LINE 1/)
  })

  it.each([
    ["pattern: '^([A-Z]'", 'The pattern cannot be evaluated: Invalid Input Error: missing ): ^([A-Z].'],
    [
      "pattern: '^(?=X)'",
      'The pattern cannot be evaluated: RE2, which DuckDB matches by, knows no look-ahead or look-behind.',
    ],
  ])('says what is wrong with %s', async (pattern, sentence) => {
    const checks = await check(
      quality('origin', `name: rule\nmetric: invalidValues\narguments: { ${pattern} }\nmustBe: 0`),
    )
    expect(checks.find(({ rule }) => rule === 'rule')).toMatchObject({ verdict: 'inconclusive', found: sentence })
  })

  it.each([
    ['altitude > 1', 'Binder Error: Referenced column "altitude" not found'],
    ['id > ) 1', 'Parser Error: syntax error at or near ")"'],
    ['origin::INTEGER > 1', 'Conversion Error.'],
  ])('says what is wrong with the filter %s, and no value', async (filter, sentence) => {
    for (const metric of ['nullValues', 'duplicateValues']) {
      const rule = `name: rule\nmetric: ${metric}\nmustBe: 0\ncustomProperties: [{ property: filter, value: "${filter}" }]`
      const found = (await check(quality('id', rule))).find(({ rule }) => rule === 'rule')!
      expect(found.found).toContain(`The filter cannot be evaluated: ${sentence}`)
      expect(found.found).not.toMatch(/ORD|N\/A/)
    }
  })

  it('never shows what an error of the database quotes', async () => {
    const query = 'SELECT max(origin::INTEGER) FROM data'
    const checks = await check(quality('origin', `name: rule\ntype: sql\nquery: ${query}\nmustBe: 1`))
    expect(checks.find(({ rule }) => rule === 'rule')?.found).toBe('The query could not be run: Conversion Error.')
  })

  it.each([
    ['distance', 'id > 1', 'metric: nullValues\nmustBe: 1', 'pass', 0],
    ['distance', "origin = 'ORD'", 'metric: nullValues\nmustBe: 1', 'fail', 0],
    ['distance', 'id = 3', 'metric: nullValues\nunit: percent\nmustBe: 50', 'pass', 0],
    ['distance', 'id = 4', 'metric: nullValues\nunit: percent\nmustBe: 0', 'inconclusive', 0],
    ['distance', 'id = 4', 'metric: nullValues\nmustBe: 0', 'warn', 0],
    ['distance', 'id = 4', 'metric: nullValues\nmustBe: 1', 'fail', 0],
    ['id', 'id = 4', 'metric: duplicateValues\nmustBe: 0', 'warn', 0],
    ['id', 'id = 4', 'metric: rowCount\nmustBe: 0', 'pass', 0],
    ['origin', 'id = 3 -- those', 'metric: invalidValues\narguments: {pattern: "^[A-Z]{3}$"}\nmustBe: 1', 'pass', 0],
    ['id', 'delay < 6', 'metric: duplicateValues\nmustBe: 0', 'pass', 0],
    ['id', 'true', 'metric: rowCount\nmustBe: 4', 'pass', 0],
    ['id', 'delay > 4', 'metric: rowCount\nmustBe: 2', 'pass', 0],
    ['id', 'altitude > 1', 'metric: nullValues\nmustBe: 0', 'inconclusive', 0],
    ['id', 'altitude > 1', 'metric: duplicateValues\nmustBe: 0', 'inconclusive', 0],
    ['id', 'origin::INTEGER > 1', 'metric: nullValues\nmustBe: 0', 'inconclusive', 0],
    ['id', '', 'metric: nullValues\nmustBe: 0', 'inconclusive', 0],
    ['id', 'id > 1', 'type: sql\nquery: SELECT 1\nmustBe: 1', 'inconclusive', 0],
  ])('%s where %s with %s: %s', async (name, filter, lines, verdict, failing) => {
    const rule = `name: rule\n${lines}\ncustomProperties: [{ property: filter, value: ${JSON.stringify(filter)} }]`
    const [found] = (await check(quality(name, rule))).filter((each) => each.rule === 'rule')
    expect([found!.verdict, found!.failing]).toEqual([verdict, failing])
  })

  it.each(['nullValues', 'duplicateValues'])('gives a filter of %s no more than its time', async (metric) => {
    const endless = '(SELECT count(*) FROM range(100000000000000)) > id'
    const rule = `name: rule\nmetric: ${metric}\nmustBe: 0\ncustomProperties: [{ property: filter, value: "${endless}" }]`
    const dataset = await csv(table)
    const hurried: Dataset = {
      ...dataset,
      query: (sql, values, { seconds, ...more } = {}) =>
        dataset.query(sql, values, { ...more, ...(seconds && { seconds: seconds / 300 }) }),
    }
    const contract = parseContract(contractText(quality('id', rule)), 'c.yaml')
    const found = (await checkContract(contract, hurried, 'train')).find((each) => each.rule === 'rule')!
    dataset.close()
    expect([found.verdict, found.found]).toEqual([
      'inconclusive',
      'The filter cannot be evaluated: The query took longer than 0.2 seconds.',
    ])
  })

  it.each([
    ['SELECT max("when") < now() FROM data', 'now()'],
    ['SELECT max("when") < current_date FROM data', 'current_date'],
    ['SELECT count(*) FROM data USING SAMPLE 2', 'USING SAMPLE'],
    ['SELECT avg(random()) FROM data', 'random()'],
  ])('does not ask what answers otherwise the next time: %s', async (query, told) => {
    for (const rule of [`type: sql\nquery: '${query}'\nmustBe: true`, filteredBy(`(${query}) > 0`)]) {
      const [found] = (await check(quality('id', `name: rule\n${rule}`))).filter((each) => each.rule === 'rule')
      expect(found).toMatchObject({
        verdict: 'inconclusive',
        found: expect.stringMatching(/^\S+( \S+)? answers otherwise/),
      })
      expect(found!.found).toContain(told)
    }
  })

  it('finds the columns of a table by the names of the contract', async () => {
    const checks = await check(`
  properties: [{ name: Number, physicalName: id }]
  quality:
  - name: rule
    metric: duplicateValues
    arguments: { properties: [Number] }
    mustBe: 1
`)
    expect(checks.find(({ rule }) => rule === 'rule')?.verdict).toBe('pass')
  })

  it('counts rows and duplicates of a table', async () => {
    const checks = await check(`
  quality:
  - metric: rowCount
    mustBeGreaterThan: 3
  - metric: duplicateValues
    arguments: {properties: [id, origin]}
    mustBe: 0
  - metric: duplicateValues
    arguments: {properties: [id, altitude]}
    mustBe: 0
`)
    const rules = checks.filter(({ line, column }) => line && !column)
    expect(rules.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'inconclusive'])
  })
})
