import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logRef } from '../src/events/log.ts'
import {
  bumpVersion,
  compareVersions,
  formatTag,
  isVersion,
  parseTag,
  type Tag,
  versionTag,
} from '../src/tags/grammar.ts'
import { deriveRegistry } from '../src/tags/mirror.ts'

const name = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9\-/_]{0,8}[a-zA-Z0-9])?$/)
const folder = fc.stringMatching(/^[a-zA-Z0-9\-_./]{1,8}$/)
/** A model's name, in a folder or not. */
const model = fc.oneof(
  name,
  fc.tuple(folder, name).map(([folder, name]) => `${folder}:${name}`),
)

/** The rules of `git check-ref-format` that a tag of the grammar can break. */
function isRef(ref: string): boolean {
  return ref.split('/').every((part) => /^[^.].*$/.test(part) && !part.endsWith('.lock')) && !/\.\.|\.$/.test(ref)
}

describe('the grammar of tags', () => {
  // GTO's own cases are in gto-published.test.ts.
  it.each(['a.b', 'a=b=c', 'model_', 'a model', 'sub.dir/', '=m', 'm='])('refuses the name %j', (name) => {
    expect(parseTag(`${name}@v1.0.0`)).toBeUndefined()
    expect(parseTag(`m#${name}#3`)).toBeUndefined()
  })

  it.each<[string, Tag]>([
    [
      'path=git-specific-name#stage!#4',
      { kind: 'unassignment', name: 'path:git-specific-name', stage: 'stage', counter: 4 },
    ],
    ['sub.dir/x=m@v0.0.1', { kind: 'registration', name: 'sub.dir/x:m', version: 'v0.0.1', counter: null }],
    ['m@v1.0.0!#1', { kind: 'deregistration', name: 'm', version: 'v1.0.0', counter: 1 }],
    ['m@deprecated', { kind: 'deprecation', name: 'm', counter: null }],
    ['m@deprecated#2', { kind: 'deprecation', name: 'm', counter: 2 }],
    ['m@created', { kind: 'creation', name: 'm', counter: null }],
    ['m#eu/prod#12', { kind: 'assignment', name: 'm', stage: 'eu/prod', counter: 12 }],
    ['m@v2.0.0+build5', { kind: 'registration', name: 'm', version: 'v2.0.0+build5', counter: null }],
  ])('reads %s', (text, tag) => {
    expect(parseTag(text)).toEqual(tag)
    expect(formatTag(tag)).toBe(text)
  })

  it('knows no number that cannot be ordered', () => {
    for (const tag of ['m@v9007199254740992.0.0', `m@v1.0.0-${'a'.repeat(256)}`, 'm@v1.0.99999999999999999999!'])
      expect(parseTag(tag)).toBeUndefined()
    for (const kind of ['#prod', '#prod!', '@v1.0.0', '@v1.0.0!', '@deprecated']) {
      expect(parseTag(`m${kind}#9007199254740991`)).toMatchObject({ counter: Number.MAX_SAFE_INTEGER })
      for (const counter of ['9007199254740992', '999999999999999999999'])
        expect(parseTag(`m${kind}#${counter}`)).toBeUndefined()
    }
  })

  it('takes back what it writes, for any name and folder, stage, version and counter', () => {
    const number = fc.nat({ max: 30 })
    const version = fc
      .tuple(number, number, number, fc.constantFrom('', '-rc.1', '-a', '+b.2', '-0.x+y'))
      .map(([a, b, c, rest]) => `v${a}.${b}.${c}${rest}`)
    const counter = fc.option(fc.nat(), { nil: null })
    const tag: fc.Arbitrary<Tag> = fc.oneof(
      fc.record({
        kind: fc.constantFrom('registration' as const, 'deregistration' as const),
        name: model,
        version,
        counter,
      }),
      fc.record({
        kind: fc.constantFrom('assignment' as const, 'unassignment' as const),
        name: model,
        stage: name,
        counter,
      }),
      fc.record({ kind: fc.constantFrom('deprecation' as const, 'creation' as const), name: model, counter }),
    )
    fc.assert(fc.property(tag, (tag) => void expect(parseTag(formatTag(tag))).toEqual(tag)))
  })

  it('names another log for every model of a monorepo, and one that git takes wherever it takes the tag', () => {
    fc.assert(
      fc.property(fc.uniqueArray(model, { minLength: 2, maxLength: 30 }), (models) => {
        expect(new Set(models.map((name) => logRef(name))).size).toBe(models.length)
        for (const each of models)
          if (isRef(`refs/tags/${versionTag(each, 'v1.0.0')}`)) expect(isRef(logRef(each))).toBe(true)
      }),
    )
  })

  it('tells the tags of hundreds of models apart, whatever they begin with', () => {
    fc.assert(
      fc.property(fc.uniqueArray(model, { minLength: 2, maxLength: 30 }), (models) => {
        const facts = models.map((each, index) => ({
          ...{ name: versionTag(each, `v${index}.0.0`), object: 'a'.repeat(40), target: 'b'.repeat(40) },
          ...{ time: '2026-01-01T00:00:00.000Z', actor: 'ada', message: '' },
        }))
        const registry = deriveRegistry(facts)
        expect([...registry.keys()].sort()).toEqual([...models].sort())
        for (const [index, each] of models.entries())
          expect(registry.get(each)!.versions.map(({ version }) => version)).toEqual([`v${index}.0.0`])
      }),
    )
  })
})

describe('versions', () => {
  it.each(['v0.0.1', 'v1.2.3', 'v1.0.0-rc.1', 'v1.0.0+build5'])('takes %s', (version) =>
    expect(isVersion(version)).toBe(true),
  )
  it.each(['', '1.2.3', 'v1', 'v1.2', 'v1.2.3.4', 'v01.2.3', 'latest', ' v1.2.3', 'v1.2.3 '])('refuses %j', (version) =>
    expect(isVersion(version)).toBe(false),
  )

  it('orders them by SemVer, a pre-release before its release', () => {
    const versions = ['v1.10.0', 'v1.0.0', 'v1.2.0', 'v1.0.0-rc.1', 'v1.0.0-alpha', 'v1.0.0+b', 'v1.0.0+a']
    expect(versions.sort(compareVersions)).toEqual([
      'v1.0.0-alpha',
      'v1.0.0-rc.1',
      'v1.0.0',
      'v1.0.0+a',
      'v1.0.0+b',
      'v1.2.0',
      'v1.10.0',
    ])
  })

  it.each([
    ['v1.2.3', 'major', 'v2.0.0'],
    ['v1.2.3', 'minor', 'v1.3.0'],
    ['v1.2.3', 'patch', 'v1.2.4'],
    // GTO goes to v1.0.1 here.
    ['v1.0.0-rc.1', 'patch', 'v1.0.0'],
  ] as const)('goes from %s by %s to %s', (from, bump, to) => expect(bumpVersion(from, bump)).toBe(to))
})
