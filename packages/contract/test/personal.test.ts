import { describe, expect, it } from 'vitest'
import { personalColumns } from '../src/document/personal.ts'
import { parseContract } from '../src/document/read.ts'
import { contractText } from './fixtures.ts'

function marked(properties: string, names?: string[]): string[] {
  const contract = parseContract(contractText(`  properties:\n${properties}`), 'c.yaml')
  return [...personalColumns(contract, names)]
}

describe('the columns that a contract marks as personal', () => {
  it.each([
    ['classification: pii', true],
    ['classification: Highly-Confidential', true],
    ['classification: restricted', true],
    ['classification: public', false],
    ['classification: impersonal', false],
    ['tags: [finance, PII]', true],
    ['customProperties: [{ property: personal, value: true }]', true],
    ['customProperties: [{ property: personal, value: false }]', false],
    ['customProperties: [{ property: owner, value: us }]', false],
  ])('are known by %s: %s', (line, personal) => {
    expect(marked(`  - name: mail\n    ${line}`)).toEqual(personal ? ['mail'] : [])
  })

  it('are those of the file, by their physical name', () => {
    expect(marked('  - { name: Mail address, physicalName: mail, classification: pii }')).toEqual(['mail'])
  })

  it('hold what is nested in them, and the custom property decides against a classification', () => {
    expect(
      marked(`  - name: person
    logicalType: object
    properties: [{ name: age }, { name: mail, classification: pii }]
  - name: phones
    logicalType: array
    items: { name: number, classification: private }
  - { name: department, classification: confidential, customProperties: [{ property: personal, value: false }] }`),
    ).toEqual(['person', 'phones'])
  })

  it('are known in any case, and a missing one by every column that the contract does not describe', () => {
    const properties = '  - { name: Mail, classification: pii }\n  - { name: age }'
    expect(marked(properties, ['mail', 'age', 'x'])).toEqual(['mail'])
    expect(marked(properties, ['e-mail', 'AGE', 'x'])).toEqual(['e-mail', 'x'])
  })

  it('are none where there is no contract', () => {
    expect(personalColumns(undefined).size).toBe(0)
  })
})
