import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { parseContract, readContract } from '../src/read.ts'
import { contractText } from './fixtures.ts'

const good = contractText(`
  properties:
  - name: distance
    logicalType: number
    quality:
    - metric: nullValues
      mustBe: 0
`)

function problem(text: string): string {
  try {
    parseContract(text, 'c.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return (error as Error).message
  }
  throw new Error('it was taken')
}

describe('readContract', () => {
  it('knows the lines of what it asks', () => {
    const contract = parseContract(good, 'c.yaml')
    expect(contract.object.name).toBe('flights')
    expect(contract.line(['properties', 0, 'quality', 0])).toBe(12)
  })

  it('reads v3.0 contracts', () => {
    expect(parseContract(good.replace('v3.1.0', 'v3.0.2'), 'c.yaml').object.name).toBe('flights')
  })

  it.each([
    [good.replace('number', 'numbr'), 'c.yaml:10:18  schema[0].properties[0].logicalType must be one of string,'],
    [good.replace('logicalType', 'logicalTyp'), 'schema[0].properties[0].logicalTyp is not a key of ODCS v3.1.'],
    [good.replace('mustBe', 'mustBee'), 'c.yaml:12:7  schema[0].properties[0].quality[0] must have one operator:'],
    [good.replace('kind: DataContract\n', ''), 'The contract has no kind.'],
    [good.replace('v3.1.0', 'v2.2.2'), 'apiVersion is v2.2.2; Modelyard reads contracts of ODCS v3.0 and v3.1.'],
    [good.replace('mustBe: 0', 'mustBeBetween: [1]'), 'quality[0].mustBeBetween must NOT have fewer than 2 items.'],
    [`${good}- name: airports\n`, 'The contract describes 2 objects; the data are one table. Keep one'],
    ['a: [', 'c.yaml:1:5  Flow sequence'],
    ['', 'The contract must be object.'],
  ])('names place and problem (%#)', (text, sentence) => {
    expect(problem(text)).toContain(sentence)
  })

  it('says that there is no contract', async () => {
    await expect(readContract('/nowhere/c.yaml')).rejects.toThrow('There is no contract /nowhere/c.yaml.')
  })
})
