import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarm } from '../src/index.ts'

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
