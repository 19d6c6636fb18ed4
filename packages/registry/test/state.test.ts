import { UserError } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveVersion } from '../src/resolve.ts'
import { historyOf } from '../src/tags/history.ts'
import { deriveState, type TagFact } from '../src/tags/state.ts'

const commit = (letter: string) => letter.repeat(40)

/** A tag at a commit, `seconds` into a day. */
function fact(name: string, letter: string, seconds: number, more: Partial<TagFact> = {}): TagFact {
  const time = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
  return { name, object: commit('0'), target: commit(letter), time, actor: 'ada', message: name, ...more }
}

const TWO = [fact('m@v1.0.0', 'a', 1), fact('m@v2.0.0', 'b', 2)]
const LIVE = [...TWO, fact('m#prod#1', 'a', 3), fact('m#prod#2', 'b', 4)]

const current = (facts: TagFact[]) => deriveState('m', facts).stages.prod?.current

describe('the state that tags tell', () => {
  it('lists versions from the lowest to the newest and what each stage holds', () => {
    const state = deriveState('m', [...LIVE, fact('m@v1.10.0', 'c', 9), fact('m#staging#3', 'c', 10)])
    expect(state.versions.map(({ version }) => version)).toEqual(['v1.0.0', 'v1.10.0', 'v2.0.0'])
    expect(state.stages.prod?.history.map(({ version }) => version)).toEqual(['v1.0.0', 'v2.0.0'])
    expect([state.stages.prod?.current, state.stages.staging?.current]).toEqual(['v2.0.0', 'v1.10.0'])
    expect(state.last).toEqual({ tag: 'm#staging#3', time: '2026-01-01T00:00:10.000Z' })
  })

  it('says the same of tags in any order', () => {
    const tags = [
      'm@v1.0.0',
      'm@v2.0.0',
      'm@v1.0.0!',
      'm#prod',
      'm#prod#1',
      'm#prod!#2',
      'm#eu/prod#3',
      'm@deprecated',
      'other@v1.0.0',
      'm@created',
      'x',
    ]
    const facts = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...tags),
        letter: fc.constantFrom('a', 'b'),
        seconds: fc.nat({ max: 5 }),
        light: fc.boolean(),
      }),
      { selector: ({ name }) => name },
    )
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.nat()), (list, random) => {
        const all = list.map(({ name, letter, seconds, light }) =>
          fact(name, letter, seconds, light ? { object: null } : {}),
        )
        const shuffled = all.map((one) => ({ one, key: random.next().value })).sort((a, b) => a.key - b.key)
        expect(
          deriveState(
            'm',
            shuffled.map(({ one }) => one),
          ),
        ).toEqual(deriveState('m', all))
      }),
    )
  })

  it('is not changed by tags of other models, unknown tags and lightweight ones', () => {
    const noise = [
      fact('other@v9.0.0', 'a', 5),
      fact('m2#prod#9', 'a', 5),
      fact('v1.0.0', 'a', 5),
      fact('m@created', 'a', 0),
      fact('m#prod#2-3', 'a', 9),
      fact('m@v7.0.0', 'a', 9, { object: null }),
    ]
    const { tags: _, ...state } = deriveState('m', LIVE)
    expect(deriveState('m', [...LIVE, ...noise])).toMatchObject(state)
  })

  it('keeps in mind what lightweight tags occupy', () => {
    const state = deriveState('m', [
      fact('m#prod#7', 'a', 1, { object: null }),
      fact('m@v1.0.0', 'a', 1, { object: null }),
    ])
    expect(state).toMatchObject({ versions: [], tags: ['m#prod#7', 'm@v1.0.0'] })
  })

  it('goes by the time first and then by the counter (GTO’s E3, E4, E5)', () => {
    expect(current([...LIVE, fact('m#prod#3', 'a', 5)])).toBe('v1.0.0')
    expect(current([...TWO, fact('m#prod#2', 'b', 3), fact('m#prod#1', 'a', 3)])).toBe('v2.0.0')
    expect(current([...TWO, fact('m#prod#1', 'a', 9), fact('m#prod#2', 'b', 3)])).toBe('v1.0.0')
  })

  it('empties a stage whose version is taken away, and goes back to none without being told (E1, E2)', () => {
    expect(current([...LIVE, fact('m#prod!#3', 'b', 5)])).toBeNull()
    expect(current([...LIVE, fact('m@v2.0.0!', 'b', 5)])).toBeNull()
    expect(current([...LIVE, fact('m@v2.0.0!', 'b', 5), fact('m#prod#3', 'b', 6)])).toBeNull()
    expect(current([...LIVE, fact('m#prod!#3', 'a', 5)])).toBe('v2.0.0')
    expect(current([...LIVE, fact('m#prod!#3', 'b', 5), fact('m#prod#4', 'a', 6)])).toBe('v1.0.0')
  })

  it('reads two versions on one commit, where GTO reads nothing any more (E7)', () => {
    const facts = [
      fact('m@v1.0.0', 'a', 1),
      fact('m#prod#1', 'a', 2),
      fact('m@v1.0.1', 'a', 3),
      fact('m#prod#2', 'a', 4),
    ]
    expect(deriveState('m', facts).stages.prod?.history.map(({ version }) => version)).toEqual(['v1.0.0', 'v1.0.1'])
  })

  it('reads a version that was taken back and registered again (E10), and one that was assigned first (E16)', () => {
    const again = [fact('m@v1.0.0', 'a', 1), fact('m@v1.0.0!', 'a', 2), fact('m@v1.0.0#3', 'c', 3)]
    expect(deriveState('m', again).versions).toMatchObject([{ version: 'v1.0.0', commit: commit('c') }])
    expect(deriveState('m', again.slice(0, 2)).versions).toEqual([])
    expect(current([fact('m#prod#1', 'a', 1), fact('m@v1.0.0', 'a', 2)])).toBe('v1.0.0')
    expect(current([fact('m#prod#1', 'a', 1)])).toBe(commit('a'))
  })

  it('knows what is deprecated: versions for good, the model until another version is registered', () => {
    const deprecated = (...more: TagFact[]) =>
      deriveState('m', [...TWO, ...more]).deprecated.map(({ version, tag }) => [version, tag])
    expect(deprecated()).toEqual([])
    expect(deprecated(fact('m@v1.0.0!', 'a', 8))).toEqual([['v1.0.0', 'm@v1.0.0!']])
    expect(deprecated(fact('m@v1.0.0!', 'a', 8), fact('m@v1.0.0#1', 'a', 9))).toEqual([])
    expect(deprecated(fact('m@deprecated', 'b', 9))).toEqual([[null, 'm@deprecated']])
    expect(deprecated(fact('m@deprecated', 'b', 9), fact('m@v3.0.0', 'c', 10))).toEqual([])
    const others = [fact('m#quarantine#1', 'b', 10), fact('m#prod#1', 'b', 11), fact('m#prod!#2', 'b', 12)]
    expect(deprecated(fact('m@deprecated', 'b', 9), ...others)).toEqual([[null, 'm@deprecated']])
    expect(deprecated(fact('m@deprecated', 'b', 9), fact('m@v1.0.0!', 'a', 10))).toHaveLength(2)
  })

  it('tells the history, oldest first', () => {
    expect(historyOf('m', [...LIVE].reverse()).map(({ kind, version, stage }) => [kind, version, stage])).toEqual([
      ['registration', 'v1.0.0', null],
      ['registration', 'v2.0.0', null],
      ['assignment', 'v1.0.0', 'prod'],
      ['assignment', 'v2.0.0', 'prod'],
    ])
  })
})

describe('finding a version', () => {
  const state = deriveState('m', [...LIVE, fact('m#old#3', 'a', 5), fact('m#old!#4', 'a', 6)])

  it.each([
    ['latest', 'v2.0.0'],
    ['v1.0.0', 'v1.0.0'],
    ['prod', 'v2.0.0'],
  ])('finds %s', (wanted, version) => expect(resolveVersion(state, wanted).version).toBe(version))

  it.each([
    ['v3.0.0', 'm has no version or stage "v3.0.0". There are the stages prod (v2.0.0); it has v1.0.0, v2.0.0.'],
    [
      'constructor',
      'm has no version or stage "constructor". There are the stages prod (v2.0.0); it has v1.0.0, v2.0.0.',
    ],
    ['old', 'old of m holds no version. There are the stages prod (v2.0.0); it has v1.0.0, v2.0.0.'],
  ])('says what there is instead of %s', (wanted, sentence) => {
    expect(() => resolveVersion(state, wanted)).toThrow(new UserError(sentence))
  })

  it('says that there is no version at all', () => {
    expect(() => resolveVersion(deriveState('m', []), 'latest')).toThrow('m has no version yet: register one first.')
  })
})
