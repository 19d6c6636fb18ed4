import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  artifactName,
  canonicalJson,
  exitCode,
  flatName,
  gravest,
  type Kind,
  LONGEST_NAME,
  lets,
  NAME,
  parseArtifactName,
  parsePartName,
  parsePredicateType,
  partName,
  predicateType,
  readRecord,
  recordDigest,
  type Statement,
  statement,
  unflatName,
  VERSIONS,
  Verdict,
  writeRecord,
} from '../src/index.ts'

const FROZEN = join(import.meta.dirname, 'fixtures/records')

const run = { started: '2026-04-02T10:00:00.000Z', finished: '2026-04-02T10:00:05.000Z' }

function plan(models: string[], when = run, reasons: string[] = []): Statement<'plan'> {
  return statement('plan', [], {
    verdict: 'pass',
    reasons,
    source: { tree: null, dirty: true },
    engine: { modelyard: '0.1.0' },
    run: when,
    models: models.map((name) => ({ name, file: `${name}/model.yaml` })),
  })
}

describe('the digest of a record', () => {
  it('leaves out when and where it ran', () => {
    const later = plan(['a'], { ...run, finished: '2027-01-01T00:00:00.000Z' })
    expect(recordDigest(later)).toBe(recordDigest(plan(['a'])))
  })

  it('changes with anything that it says', () => {
    expect(recordDigest(plan(['b']))).not.toBe(recordDigest(plan(['a'])))
  })

  it('survives writing and reading', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (names) => {
        const record = plan(['a'], run, names)
        expect(recordDigest(readRecord(writeRecord(record), 'plan'))).toBe(recordDigest(record))
      }),
    )
  })
})

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(object).toReversed()))).toBe(canonicalJson(object))
      }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])('refuses %s: a record says null and why', (value) => {
    expect(() => canonicalJson(value)).toThrow()
    expect(() => canonicalJson({ deep: [value ?? Number.NaN] })).toThrow()
  })
})

describe('reading a record', () => {
  it.each([
    ['no JSON', '{', /is not JSON/],
    ['half a character', '{"a":"\\ud800"}', /is not JSON/],
    ['no statement', '{}', /is not a record of Modelyard/],
    [
      'another kind',
      writeRecord(plan([])),
      /is of the type "https:\/\/modelyard\.dev\/record\/plan\/v1"; https:\/\/modelyard\.dev\/record\/gate\/v1 was expected/,
    ],
    [
      'a newer version',
      writeRecord(plan([])).replace('/plan/v1', '/gate/v99'),
      /is of version 99; this release of Modelyard reads up to 1\. Update Modelyard\./,
    ],
    ['a broken predicate', writeRecord(plan([])).replace('/plan/v1', '/gate/v1'), /the gate record is broken: /],
  ])('says what is wrong: %s', (_, text, message) => {
    expect(() => readRecord(text, 'gate')).toThrow(message)
  })

  it('reads every record that an earlier release wrote, with the digest that it had', () => {
    const frozen = readdirSync(FROZEN).filter((name) => name.endsWith('.json') && name !== 'digests.json')
    const digests = JSON.parse(readFileSync(join(FROZEN, 'digests.json'), 'utf8')) as Record<string, string>
    expect(Object.keys(digests).sort()).toEqual(frozen.sort())
    for (const file of frozen) {
      const kind = file.split('-v')[0] as Kind
      expect([file, recordDigest(readRecord(readFileSync(join(FROZEN, file), 'utf8'), kind) as Statement)]).toEqual([
        file,
        digests[file],
      ])
    }
  })

  it('bounds what a report goes through many times, or hands on to GitHub', () => {
    const gate = JSON.parse(readFileSync(join(FROZEN, 'gate-v1.json'), 'utf8'))
    const of = (change: object) => JSON.stringify({ ...gate, predicate: { ...gate.predicate, ...change } })
    const [first] = gate.predicate.gates
    const many = (count: number) => Array.from({ length: count }, () => first)
    expect(() => readRecord(of({ gates: many(1000) }), 'gate')).not.toThrow()
    expect(() => readRecord(of({ gates: many(1001) }), 'gate')).toThrow(/gates: /)
    expect(() => readRecord(of({ gates: [{ ...first, line: 2 ** 40 }] }), 'gate')).toThrow(/gates\.0\.line: /)
    const picture = { labels: ['x'], before: Array(1001).fill(0), after: [1] }
    const column = { name: 'a', kind: 'number', reason: 'r', measures: [], picture }
    const side = { sha256: 'a'.repeat(64), rows: 1 }
    const data_changes = { reference: side, data: side, compared: 1, more: 0, added: [], lost: [], retyped: [] }
    expect(() => readRecord(of({ data_changes: { ...data_changes, changed: [column] } }), 'gate')).toThrow(/before: /)
    expect(() => readRecord(of({ model: 'z'.repeat(101) }), 'gate')).toThrow(/model: /)
  })

  it('has a frozen record of every kind in its present version', () => {
    const wanted = Object.entries(VERSIONS).map(([kind, version]) => `${kind}-v${version}.json`)
    expect(readdirSync(FROZEN)).toEqual(expect.arrayContaining(wanted))
  })

  it('tells its own predicate types from others', () => {
    for (const kind of Object.keys(VERSIONS) as Kind[])
      expect(parsePredicateType(predicateType(kind, 7))).toEqual({ kind, version: 7 })
    expect(parsePredicateType('https://slsa.dev/provenance/v1')).toBeUndefined()
    for (const kind of ['toString', 'constructor', 'valueOf'])
      expect(parsePredicateType(`https://modelyard.dev/record/${kind}/v1`)).toBeUndefined()
  })
})

describe('verdicts', () => {
  it('of nothing is fail: what was not looked at does not pass', () => {
    expect(gravest([])).toBe('fail')
  })

  it('are as grave as the gravest, whatever the order', () => {
    const verdict = fc.constantFrom(...Verdict.options)
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), (verdicts) => {
        const worst = gravest(verdicts)
        expect(verdicts).toContain(worst)
        expect(gravest(verdicts.toReversed())).toBe(worst)
        expect(lets(worst)).toBe(verdicts.every(lets))
      }),
    )
  })

  it('have the exit codes of the command', () => {
    expect(Verdict.options.map((each) => [each, exitCode(each)])).toEqual([
      ['pass', 0],
      ['warn', 0],
      ['fail', 1],
      ['inconclusive', 3],
    ])
  })
})

describe('names', () => {
  const name = fc.stringMatching(NAME).filter((text) => text.length < 60)

  it('of folders, as GTO knows them, flatten and unflatten one to one, and to none of those without', () => {
    const folder = fc.stringMatching(/^[a-zA-Z0-9\-_./]+$/).filter((text) => text.length < 60)
    fc.assert(
      fc.property(folder, name, (folder, text) => {
        const flat = flatName(`${folder}:${text}`)
        expect(unflatName(flat)).toBe(`${folder}:${text}`)
        expect(flat).toContain('=')
      }),
    )
  })

  it('flatten and unflatten one to one', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(unflatName(flatName(text))).toBe(text)
        expect(flatName(text)).not.toMatch(/[\\/:"<>|*?]/)
        expect(parseArtifactName(artifactName(text, 'gate'))).toEqual({ kind: 'gate', model: text })
        const part = partName(text, { index: 2, of: 16 })
        expect(parsePartName(part)).toEqual({ model: text, index: 2, of: 16 })
        // No reader of records takes a part for one, nor a record for a part.
        expect([parseArtifactName(part), parsePartName(artifactName(text, 'part'))]).toEqual([undefined, undefined])
      }),
    )
  })

  it('leave artifacts of others alone', () => {
    expect(parseArtifactName('coverage-report')).toBeUndefined()
    expect(parseArtifactName('modelyard-gate-../../etc')).toBeUndefined()
    for (const flat of ['a-', 'a..', '.a', 'a_', 'z'.repeat(LONGEST_NAME + 1)])
      expect(parseArtifactName(`modelyard-gate-${flat}`), flat).toBeUndefined()
  })
})
