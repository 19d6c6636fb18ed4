import { describe, expect, it } from 'vitest'
import { spanMilliseconds } from '../src/index.ts'

describe('the span of a window', () => {
  it('is in days or hours', () => {
    expect(spanMilliseconds('7d')).toBe(7 * 24 * 3_600_000)
    expect(spanMilliseconds('24h')).toBe(24 * 3_600_000)
  })

  it.each(['0d', '0h', '7', 'd', '-1d', '1.5h', '7 d', '1w', '99999999d', ''])('is never %j', (span) => {
    expect(() => spanMilliseconds(span)).toThrow(
      `drift.window is ${JSON.stringify(span)}: it must be a time like "7d" or "24h".`,
    )
  })
})
