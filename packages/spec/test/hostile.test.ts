import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, disarm } from '../src/index.ts'

describe('what other programs print', () => {
  it('never begins a command to the runner', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '::set-output name=x::y',
        '  ::add-mask::x',
        '##[error]x',
        '::stop-commands::t',
        'epoch 1 ##[set-output name=verdict]pass',
        '\u0085::add-mask::x',
      ),
    )
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
        for (const each of disarm(lines.join(end)).split(/\r\n|\n|\r/)) expect(each).not.toMatch(/^[\s\u0085]*::|##\[/)
      }),
    )
  })

  it('stays as it is otherwise', () => {
    expect(disarm('loss 0.1 :: step 3')).toBe('loss 0.1 :: step 3')
  })
})

describe('text that is cleaned', () => {
  it('hides nothing: what nobody sees is taken out, joiners of letters are not', () => {
    expect(clean('a\u200bb\u00adc\u2060d\u2063e\ufefff\u180eg\u{e0041}\u{e007f}')).toBe('abcdefg')
    expect(clean('می\u200cخواهم 👩\u200d🔬')).toBe('می\u200cخواهم 👩\u200d🔬')
  })
})
