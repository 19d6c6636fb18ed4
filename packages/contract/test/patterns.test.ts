import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { matching } from '../src/rules/patterns.ts'

const patterns = [
  '^place [0-9]+$',
  '^\\d{2}-[A-Z]*$',
  '^$',
  '^.$',
  '^a|b$',
  '^(a|b)$',
  '^a\\$',
  '^a\\.b$',
  '^[^|]$',
  '^[$^]+$',
  '^a?$b$',
  '^(?i)A$',
  '^^a$$',
  '^[a-z]+?$',
  'b$',
  '^b',
  '^*b$',
]
const texts = [
  '',
  'a',
  'b',
  'ab',
  'A',
  'a$',
  'a.b',
  'a\n',
  '\na',
  'a\nb',
  '\n',
  '$^',
  'é',
  'place 12',
  'place 1 ',
  '12-AB',
]

it('asks for the same, whether or not a pattern is one of all of the text', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  for (const pattern of patterns) {
    const { text, values } = matching('x', pattern)
    const ask = async (condition: string, value: string) => {
      const reader = await connection.runAndReadAll(
        `SELECT ${condition} FROM (SELECT unnest($2::VARCHAR[]) AS x)`.replace('?', '$1'),
        {
          1: value,
          2: `[${texts.map((each) => `'${each}'`).join(', ')}]`,
        },
      )
      return reader.getRows().map(([matches]) => matches)
    }
    expect(await ask(text, String(values[0])), pattern).toEqual(await ask('regexp_matches(x, ?)', pattern))
  }
  connection.closeSync()
})
