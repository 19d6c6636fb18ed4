import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJson } from '../src/plain.ts'

/** Characters that a terminal obeys, that turn the direction of writing, or that are not seen; and some others. */
const hostile = fc.string({
  unit: fc.constantFrom(
    '\u009b',
    '\u007f',
    '\u001b',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\u{e0041}',
    'a',
    '"',
    '\\',
    'é',
    '🦉',
  ),
})

describe('what --json prints', () => {
  it('holds no character that a terminal obeys or that is not seen, and is the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
        for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
          expect(plainJson(json)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
          expect(JSON.parse(plainJson(json))).toEqual(JSON.parse(json))
        }
      }),
    )
  })
})
