import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bumpVersion, compareVersions, formatTag, isVersion, parseTag, type Tag } from '../src/grammar.ts'

// GTO 1.10.1, tests/test_tag.py and tests/test_constants.py.
const ACCEPTED = [
  'nn#prod',
  'nn#prod!',
  'nn#prod#1',
  'nn@v1.0.0',
  'nn#prod!#2',
  'nn@v1.0.0!',
  'nn@v1.0.0#1',
  'nn@v1.0.0!#1',
  'nn@v1.0.0-rc.2',
  'nn@v1.0.0-alpha',
  'nn@v1.0.0-alpha.1',
  'nn@v1.0.0-alpha.beta',
  'new-artifact@v1.0.1!',
]
const REJECTED = [
  '',
  '###',
  '@@@',
  'model@v1',
  'nn#prod#-1',
  'model@v111',
  'model-prod',
  'model@0.0.1',
  'model-prod-v1',
  'model#prod#-1',
  'model#prod#1-2',
  'model#prod?#1-2',
  'model#prod@v1.2.3',
  'model@v1.2.3#prod',
  'model-prod-v1-stage',
  'model@prod@v1@stage-1',
  'namespace/model@0.0.1',
  '@namespace/model@0.0.1',
  'model#prod#v1#stage#1-',
  'model#prod-v1-stage@1-2',
  'model#prod-v1-stage@1-2#@',
]
const NAMES = [
  '1',
  'm',
  'nn',
  'm1',
  '1nn',
  'model-prod',
  'model-prod-v1',
  'model_prod',
  'dvclive/model',
  'DVCLive/Model',
]
const WRONG_NAMES = [
  'm/',
  '/m',
  '_model',
  'model_',
  '-model',
  'model-',
  '###',
  '@@@',
  'a model',
  'model@1',
  'a.b',
  'a=b=c',
]

describe('the grammar of tags', () => {
  it.each(ACCEPTED)('takes %s, as GTO does, and writes it back byte for byte', (tag) => {
    const parsed = parseTag(tag)
    expect(parsed).toBeDefined()
    expect(formatTag(parsed!)).toBe(tag)
  })

  it.each(REJECTED)('refuses %j, as GTO does', (tag) => {
    expect(parseTag(tag)).toBeUndefined()
  })

  it.each(NAMES)('takes the name %s', (name) => {
    expect(parseTag(`${name}@v1.0.0`)?.name).toBe(name)
    expect(parseTag(`m#${name}#3`)).toMatchObject({ kind: 'assignment', stage: name, counter: 3 })
  })

  it.each(WRONG_NAMES)('refuses the name %j', (name) => {
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

  it('takes back what it writes, for any name, stage, version and counter', () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9\-/_]{0,8}[a-zA-Z0-9])?$/)
    const number = fc.nat({ max: 30 })
    const version = fc
      .tuple(number, number, number, fc.constantFrom('', '-rc.1', '-a', '+b.2', '-0.x+y'))
      .map(([a, b, c, rest]) => `v${a}.${b}.${c}${rest}`)
    const counter = fc.option(fc.nat(), { nil: null })
    const tag: fc.Arbitrary<Tag> = fc.oneof(
      fc.record({ kind: fc.constantFrom('registration' as const, 'deregistration' as const), name, version, counter }),
      fc.record({ kind: fc.constantFrom('assignment' as const, 'unassignment' as const), name, stage: name, counter }),
      fc.record({ kind: fc.constantFrom('deprecation' as const, 'creation' as const), name, counter }),
    )
    fc.assert(fc.property(tag, (tag) => void expect(parseTag(formatTag(tag))).toEqual(tag)))
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
