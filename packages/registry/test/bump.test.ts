import { describe, expect, it } from 'vitest'
import { bumpBetween, chooseVersion, type Described, takeVersion } from '../src/events/bump.ts'
import { nextTime } from '../src/events/decide.ts'
import { deriveState } from '../src/tags/state.ts'

const file = (name: string, letter: string) => ({ name, sha256: letter.repeat(64), bytes: 1 })
const base: Described = {
  signature: { inputs: [{ name: 'x', type: 'float', shape: ['N', 3] }], outputs: [] },
  data: [{ role: 'train', sha256: 'd'.repeat(64), files: [] }],
  code: [file('train.py', 'a'), file('params.yaml', 'b')],
}
const state = (...tags: string[]) =>
  deriveState(
    'm',
    tags.map((name) => ({ name, object: '0', target: '1', time: '2026-01-01T00:00:00.000Z', actor: '', message: '' })),
  )

describe('the next version', () => {
  it.each<[string, Described | null, string]>([
    ['the signature changed', { ...base, signature: { inputs: [], outputs: [] } }, 'major'],
    ['the one before says nothing of itself', null, 'major'],
    ['the data changed', { ...base, data: [] }, 'minor'],
    ['the code changed', { ...base, code: [file('train.py', 'c'), file('params.yaml', 'b')] }, 'minor'],
    ['only the order of the code files changed', { ...base, code: base.code.toReversed() }, 'patch'],
    ['nothing changed but the model', base, 'patch'],
  ])('when %s', (_, before, bump) => expect(bumpBetween(before, base)).toBe(bump))

  it('is v1.0.0 at first, and passes over names that any tag occupies', () => {
    expect(chooseVersion(state(), 'major')).toEqual({ version: 'v1.0.0', bump: 'first' })
    expect(chooseVersion(state('m@v1.0.0!'), 'major')).toEqual({ version: 'v1.0.0', bump: 'first' })
    expect(chooseVersion(state('m@v1.2.0'), 'minor')).toEqual({ version: 'v1.3.0', bump: 'minor' })
    const taken = { ...state('m@v1.2.0'), tags: ['m@v1.2.0', 'm@v1.3.0'] }
    expect(chooseVersion(taken, 'minor')).toEqual({ version: 'v1.4.0', bump: 'minor' })
  })

  it('is the one that was asked for, unless it is none or taken', () => {
    expect(takeVersion(state('m@v1.0.0'), 'v2.0.0')).toEqual({ version: 'v2.0.0', bump: 'major' })
    expect(takeVersion(state('m@v1.0.0'), 'v1.0.1-rc.1')).toEqual({ version: 'v1.0.1-rc.1', bump: 'patch' })
    expect(() => takeVersion(state('m@v1.0.0'), '2.0')).toThrow(
      'The version is "2.0"; it must look like v1.2.3, or be "auto".',
    )
    expect(() => takeVersion(state('m@v1.0.0'), 'v1.0.0')).toThrow('The tag m@v1.0.0 exists already')
  })
})

describe('the time of a tag', () => {
  it('is now, in whole seconds, and later than that of every tag before', () => {
    const now = new Date('2026-01-01T00:00:00.700Z')
    expect(nextTime({ tip: null, state: state() }, now)).toBe('2026-01-01T00:00:00.000Z')
    expect(nextTime({ tip: null, state: state('m@v1.0.0') }, now)).toBe('2026-01-01T00:00:01.000Z')
    expect(nextTime({ tip: null, state: state('m@v1.0.0') }, new Date('2025-06-01'))).toBe('2026-01-01T00:00:01.000Z')
  })
})
