import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cases } from '../conformance/cases.ts'
import { type Compared, compare, conformancePage } from '../conformance/compare.ts'
import golden from '../conformance/golden.json' with { type: 'json' }
import { type Outcome, outcomesOf } from '../conformance/ours.ts'

const page = join(import.meta.dirname, '../../../docs/odcs-conformance.md')
let compared: Compared[] = []

beforeAll(async () => {
  compared = compare(cases, await outcomesOf(cases), golden.answers as Record<string, Outcome>)
}, 120_000)

describe('what datacontract-cli makes of a contract', () => {
  it('is known of every case, each of which has a name of its own', () => {
    expect(Object.keys(golden.answers)).toEqual(cases.map(({ name }) => name))
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  it('is what Modelyard makes of it, or there is a reason that the standard gives', () => {
    const unexplained = compared.filter(({ ours, theirs, difference }) => ours !== theirs && !difference)
    expect(unexplained.map(({ case: { name }, ours, theirs }) => `${name}: ${ours}, not ${theirs}`)).toEqual([])
  })

  it('differs in at most one case of ten', () => {
    const different = compared.filter(({ ours, theirs }) => ours !== theirs)
    expect(different.length / compared.length).toBeLessThanOrEqual(0.1)
  })

  it('is written down as it is', () => {
    expect(readFileSync(page, 'utf8')).toBe(conformancePage(compared, golden['datacontract-cli']))
  })
})
