import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { type Check, checkContract } from '../src/checks/check.ts'
import { parseContract } from '../src/document/read.ts'

const files = {
  'flights.csv': 'id,origin,carrier,number\n1,ORD,AA,1\n2,LAX,AA,2\n3,XXX,UA,1\n4,,UA,1\n5,XXX,,9\n',
  'airports.csv': 'code,city\nORD,Chicago\nLAX,Los Angeles\n',
  'lines.csv': 'carrier,number\nAA,1.0\nAA,2.5\nUA,1.0\n',
}

const HEAD = `apiVersion: v3.1.0
kind: DataContract
id: flights
version: 1.0.0
status: active
servers:
- { server: warehouse, type: postgres, host: h, port: 1, database: d, schema: s }
- { server: airports, type: local, path: airports.csv, format: csv }
- { server: rest, type: local, path: "{model}.csv", format: csv }
schema:
- { name: airports, id: airports_id, properties: [{ name: code, id: code_id }, { name: city }] }
- { name: lines, properties: [{ name: carrier }, { name: line, physicalName: number }] }
- { name: gates, properties: [{ name: code }] }
`

/** The one relationship of flights. */
async function check(flights: string, head = HEAD): Promise<Check> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  const dataset = await openDataset({ root, files: 'flights.csv', threads: 1 })
  try {
    const contract = parseContract(`${head}- name: flights\n${flights}`, 'c.yaml', {
      root,
      now: new Date(),
      object: 'flights',
    })
    const found = (await checkContract(contract, dataset, 'train')).filter(({ rule }) => rule === 'relationships')
    expect(found).toHaveLength(1)
    return found[0]!
  } finally {
    dataset.close()
  }
}

const origin = (to: string) => `  properties: [{ name: origin, relationships: [{ to: ${to} }] }]\n`
const key = (from: string, to: string) => `  properties: [{ name: carrier }, { name: number }]
  relationships: [{ from: ${from}, to: ${to} }]
`

describe('relationships', () => {
  it.each(['airports.code', 'schema/airports_id/properties/code_id'])('find what leads nowhere in %s', async (to) => {
    const found = await check(origin(to))
    expect(found).toMatchObject({
      column: 'origin',
      verdict: 'fail',
      expected: `Every origin is in ${to}.`,
      failing: 2,
      line: 15,
    })
    expect(found.found).toContain(
      '2 of 4 rows with a key lead nowhere: airports.csv has 2 rows. airports.csv is SHA-256',
    )
    expect(found.examples).toEqual([
      { file: 'flights.csv', row: 3, value: 'XXX' },
      { file: 'flights.csv', row: 5, value: 'XXX' },
    ])
  })

  it('compare keys of several columns as numbers where they are, and leave out what is not complete', async () => {
    const found = await check(key('[flights.carrier, flights.number]', '[lines.carrier, lines.line]'))
    expect([found.verdict, found.failing, found.column]).toEqual(['fail', 1, null])
    expect(found.examples).toEqual([{ file: 'flights.csv', row: 2 }])
  })

  it('hold where every key is there', async () => {
    expect((await check(key('flights.carrier', 'lines.carrier'))).verdict).toBe('pass')
  })

  it.each([
    ['other.yaml#/schema/a/properties/b', 'It leads to another contract; Modelyard reads one.'],
    ['gates.code', 'There is no file gates.csv.'],
  ])('are inconclusive for %s', async (to, sentence) => {
    const found = await check(origin(to))
    expect(found.verdict).toBe('inconclusive')
    expect(found.found).toContain(sentence)
  })

  it('are inconclusive where nothing says which files the other table is', async () => {
    const found = await check(origin('gates.code'), HEAD.replace(/^- \{ server: rest.*\n/m, ''))
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      found:
        'The contract does not say where the files of gates are. Name them by a server of the type local that is called gates, or whose path has {model}.',
    })
  })

  it('are inconclusive where they would read a file out of the repository', async () => {
    const found = await check(origin('airports.code'), HEAD.replace('path: airports.csv', 'path: ../airports.csv'))
    expect(found).toMatchObject({ verdict: 'inconclusive' })
    expect(found.found).toContain('../airports.csv leads out of the repository.')
  })
})
