import { describe, expect, it } from 'vitest'
import { renderReport, renderStepSummaries, renderStepSummary } from '../src/index.ts'
import * as given from './records.ts'

const bytes = (text: string) => Buffer.byteLength(text, 'utf8')
const count = (text: string, part: string | RegExp) => text.split(part).length - 1

function huge(slices: number, name: string, change = {}) {
  const of = (index: number) => given.slice(`${index} ${name}`, 1000, [0.001, -0.004, 0.006], 'pass')
  const gate = given.gate({ slices: Array.from({ length: slices }, (_, index) => of(index)), ...change })
  return { model: 'flight-delay', validation: given.validation(), training: given.training(), gate }
}

describe('the size of a report', () => {
  const names = ['short', 'long '.repeat(2000), '😀'.repeat(5000), '|<>&@'.repeat(2000), '`'.repeat(10_000)]

  it.each(names.flatMap((name) => [3, 40, 600, 3000].map((slices) => [slices, name] as const)))(
    'stays in its budget with %i slices, and nothing is cut inside (%#)',
    (slices, name) => {
      const { markdown } = renderReport(huge(slices, name))
      expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
      expect(count(markdown, /^<details/m)).toBe(count(markdown, /^<\/details>/m))
      expect(count(markdown, /^```/m) % 2).toBe(0)
      expect(markdown).toContain('| AUC |')
      expect(markdown.includes('Shortened')).toBe(/… and [\d,]+ more/.test(markdown))
    },
  )

  it('keeps what decides when hostile gates fill everything else', () => {
    const gates = Array.from({ length: 500 }, () => ({
      ...given.gate().predicate.gates[0]!,
      verdict: 'fail' as const,
      reason: '😀'.repeat(9000),
    }))
    const { markdown, title } = renderReport(
      huge(2000, '😀'.repeat(9000), { verdict: 'fail', gates, reasons: ['😀'.repeat(9000)] }),
    )
    expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
    expect(title).toBe('❌ flight-delay is not good enough to replace v1.0.0')
    expect(markdown).toMatch(/^### ❌ /)
    expect(markdown).toContain('Shortened')
  })

  it('has a title that fits into a check', () => {
    const model = 'x'.repeat(10_000)
    expect(renderReport({ model }).title.length).toBeLessThanOrEqual(250)
  })
})

describe('the size of a job summary', () => {
  it('stays below 1 MiB for one record and for many', () => {
    const { gate } = huge(4000, 'x'.repeat(500))
    expect(bytes(renderStepSummary(gate))).toBeLessThanOrEqual(1_000_000)
    expect(bytes(renderStepSummaries(Array.from({ length: 10 }, () => gate)))).toBeLessThanOrEqual(1_000_000)
  })
})
