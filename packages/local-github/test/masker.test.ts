import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Masker } from '../src/runner/masker.ts'

const masked = (secrets: string[], text: string) => new Masker(secrets).mask(text)

describe('a masker', () => {
  it.each([
    ['a line of a secret', ['first\nsecond'], 'only second', 'only ***'],
    ['the longer of two secrets', ['abc', 'abcdef'], 'abcdef abc', '*** ***'],
    ['secrets that overlap', ['abcX', 'Xdef'], '1abcXdef2', '1***2'],
    ['a secret that stands twice', ['aa'], 'aaaaab', '***b'],
    ['nothing for an empty secret', ['', '\n'], 'text', 'text'],
  ])('hides %s', (_, secrets, text, expected) => {
    expect(masked(secrets, text)).toBe(expected)
  })

  it('hides a secret in each encoding that GitHub’s runner knows', () => {
    const secret = `"it's a <secret> & more/é`
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const encoded = [
      base64(secret),
      JSON.stringify(secret).slice(1, -1),
      `${encodeURIComponent(secret).replace("'", '%27')}`,
      '&quot;it&apos;s a &lt;secret&gt; &amp; more/é',
      `"it''s a <secret> & more/é`,
    ]
    expect(encoded.map((text) => masked([secret], text))).toEqual(encoded.map(() => '***'))
    for (const user of ['a:', 'ab:', 'abc:']) expect(masked(['hunter2!'], base64(`${user}hunter2!`))).toMatch(/\*\*\*$/)
    expect(masked(['"quoted secret"'], 'a quoted secret')).toBe('a ***')
  })

  it('leaves no secret of any, and passes what it would not change', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-') })
    const secrets = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1 }), { maxLength: 4 })
    fc.assert(
      fc.property(secrets, text, (given, line) => {
        const masker = new Masker(given)
        const shown = masker.mask(line)
        expect(given.some((secret) => shown.includes(secret))).toBe(false)
        expect(masker.passes(line)).toBe(shown === line)
      }),
    )
  })
})
