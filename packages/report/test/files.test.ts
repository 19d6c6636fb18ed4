import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { annotationsOf, type ModelRecords, renderJsonSummary, renderJUnit, renderReport } from '../src/index.ts'
import { hostile } from './hostile-text.ts'
import { brokenChecks, failure, gate, training, undecidedGate } from './records.ts'
import { approvalGate, richGate, richValidation } from './rich-records.ts'

const rich: ModelRecords = {
  model: 'flight-delay',
  validation: richValidation({ checks: brokenChecks, verdict: 'warn' }),
  training: training(),
  gate: richGate(),
}
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testcase',
})
const junitOf = (records: ModelRecords) => renderJUnit(records, renderReport(records))
const suitesOf = (records: ModelRecords) => {
  const xml = junitOf(records)
  expect(XMLValidator.validate(xml)).toBe(true)
  return [parser.parse(xml).testsuites.testsuite].flat()
}

describe('the report as JUnit XML', () => {
  it('has a suite for the verdict and for each kind of thing that was looked at', async () => {
    await expect(`${junitOf(rich)}`).toMatchFileSnapshot('fixtures/junit-rich.xml')
  })

  it('is never better than the report: where nothing was recorded, too', () => {
    const cases: ModelRecords[] = [
      { model: 'flight-delay' },
      { model: 'flight-delay', failure: failure('train', 'It ended with exit code 1.') },
      { ...rich, gate: undecidedGate() },
      { ...rich, gate: gate({ gates: [] }) },
    ]
    for (const records of cases) {
      const [verdict] = suitesOf(records)
      expect(Number(verdict['@failures'])).toBe(1)
    }
    expect(Number(suitesOf({ ...rich, gate: approvalGate() })[0]['@failures'])).toBe(0)
  })

  it('takes not enough evidence for a failure of its own type, and lets a warning pass that says why', () => {
    const cases = suitesOf({ ...rich, gate: undecidedGate() }).flatMap(({ testcase }) => testcase)
    expect(cases.filter(({ failure }) => failure?.['@type'] === 'inconclusive')).toHaveLength(2)
    const passing = suitesOf({ ...rich, gate: approvalGate() }).flatMap(({ testcase }) => testcase)
    expect(passing.some((each) => each['system-out']?.startsWith('AUC is 0.3 points worse'))).toBe(true)
  })

  it('stays well-formed, with as many cases, whatever the data say', () => {
    const count = (records: ModelRecords) => suitesOf(records).map(({ testcase }) => testcase.length)
    const of = (text: string): ModelRecords => ({ ...rich, gate: hostileGate(text) })
    fc.assert(
      fc.property(hostile, (text) => {
        expect(count(of(text))).toEqual(count(of('plain')))
      }),
      { examples: [['true']] },
    )
  })
})

function hostileGate(text: string) {
  const { predicate } = richGate()
  return richGate({
    reasons: [text],
    gates: predicate.gates.map((each) => ({ ...each, reason: text, written: text, slice: text })),
    slices: predicate.slices.map((each) => ({ ...each, name: text, reason: text })),
    behaviour: predicate.behaviour!.map((each) => ({ ...each, column: text, change: text, reason: text })),
  })
}

describe('the report as JSON', () => {
  it('says the verdict, the metrics and everything that was looked at', () => {
    const summary = JSON.parse(renderJsonSummary(rich, renderReport(rich)))
    expect(summary).toMatchObject({ model: 'flight-delay', verdict: 'fail', passes: false, champion: 'v1.0.0' })
    expect(summary.findings).toContainEqual({
      group: 'gates',
      name: 'AUC max_regression 0.005',
      verdict: 'fail',
      reason: richGate().predicate.reasons[0],
      line: 26,
    })
    const nothing = { model: 'flight-delay' }
    expect(JSON.parse(renderJsonSummary(nothing, renderReport(nothing)))).toMatchObject({ passes: false, metrics: [] })
  })
})

describe('the files of what a fork claims', () => {
  const claimed = renderReport(rich, { claims: true })

  it('say so: a dashboard shows the name of a suite, a script reads a key', () => {
    expect(JSON.parse(renderJsonSummary(rich, claimed)).claims).toBe(true)
    expect(JSON.parse(renderJsonSummary(rich, renderReport(rich))).claims).toBe(false)
    const { testsuites } = parser.parse(renderJUnit(rich, claimed))
    expect(testsuites.properties.property).toEqual({ '@name': 'claims', '@value': 'true' })
    for (const suite of testsuites.testsuite) expect(suite['@name']).toMatch(/^A fork's claim: flight-delay /)
    expect(junitOf(rich)).not.toMatch(/claim/)
  })

  it('have no characters that steer whoever prints them', () => {
    const records: ModelRecords = { ...rich, gate: hostileGate('\u001b[31m\u009b2J\u202e\u200bred') }
    const json = renderJsonSummary(records, renderReport(records))
    const strings: string[] = []
    JSON.parse(json, (_, value) => {
      if (typeof value === 'string') strings.push(value)
      return value
    })
    expect(strings.join('')).not.toMatch(/[\u001b\u0080-\u009f\u200b\u202e]/)
    expect(json).toContain('red')
  })
})

describe('annotations', () => {
  const at = (records: ModelRecords) => annotationsOf(records).map(({ path, line, level }) => [path, line, level])

  it('point to the contract and the model file, from the root of the repository, the gravest first', () => {
    expect(at(rich)).toEqual([
      ['models/flight-delay/contracts/flights.odcs.yaml', 31, 'failure'],
      ['models/flight-delay/model.yaml', 26, 'failure'],
      ['models/flight-delay/model.yaml', 33, 'failure'],
      ['models/flight-delay/contracts/flights.odcs.yaml', 18, 'warning'],
      ['models/flight-delay/model.yaml', 34, 'warning'],
    ])
  })

  it('are none where it is not known where the files lie, or they would lie elsewhere', () => {
    const { run } = gate().predicate
    expect(at({ ...rich, validation: richValidation({ run }), gate: richGate({ run }) })).toEqual([])
    for (const model_file of ['../model.yaml', '/etc/passwd', 'C:\\model.yaml', '', 'a\nb.yaml'])
      expect(
        at({
          ...rich,
          validation: richValidation({ run: { ...run, model_file } }),
          gate: richGate({ run: { ...run, model_file } }),
        }),
      ).toEqual([])
  })

  it('always say something: GitHub refuses an empty message', () => {
    const gates = [{ ...richGate().predicate.gates[1]!, line: 3, verdict: 'fail' as const, reason: ' \u200b' }]
    expect(annotationsOf({ gate: richGate({ gates }) })).toMatchObject([
      { message: expect.stringMatching(/flight-delay/) },
    ])
  })

  it('are plain text of one paragraph each, at most a hundred', () => {
    const gates = Array.from({ length: 500 }, (_, index) => ({
      ...richGate().predicate.gates[1]!,
      line: index + 1,
      reason: '\u001b[31m::error::'.repeat(5000),
    }))
    const found = annotationsOf({ gate: richGate({ gates }) })
    expect(found).toHaveLength(100)
    for (const { message, title } of found) {
      expect(message.length).toBeLessThanOrEqual(2000)
      expect(title.length).toBeLessThanOrEqual(200)
      expect(message).not.toContain('\u001b')
    }
  })
})
