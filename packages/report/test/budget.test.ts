import type { DataChanges } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderReport, renderStepSummaries, renderStepSummary } from '../src/index.ts'
import { hostile } from './hostile-text.ts'
import * as given from './records.ts'
import { dataChanges, richGate } from './rich-records.ts'

const bytes = (text: string) => Buffer.byteLength(text, 'utf8')
const countOf = (text: string, part: string | RegExp) => text.split(part).length - 1

function huge(slices: number, name: string, change = {}) {
  const of = (index: number) => given.slice(`${index} ${name}`, 1000, [0.001, -0.004, 0.006], 'pass')
  const gate = given.gate({ slices: Array.from({ length: slices }, (_, index) => of(index)), ...change })
  return { model: 'flight-delay', validation: given.validation(), training: given.training(), gate }
}

describe('the size of a report', () => {
  const names = ['short', 'long '.repeat(2000), '😀'.repeat(5000), '|<>&@'.repeat(2000), '`'.repeat(10_000)]

  it.each(names)('stays in the share that it is given (%#)', (name) => {
    const { markdown } = renderReport(huge(600, name), { claims: true, budget: 3000 })
    expect(bytes(markdown)).toBeLessThanOrEqual(3000)
    expect(markdown).toMatch(/^### A fork's claim/)
  })

  it.each(names.flatMap((name) => [3, 40, 600, 3000].map((slices) => [slices, name] as const)))(
    'stays in its budget with %i slices, and nothing is cut inside (%#)',
    (slices, name) => {
      const { markdown } = renderReport(huge(slices, name))
      expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
      expect(countOf(markdown, /^<details/m)).toBe(countOf(markdown, /^<\/details>/m))
      expect(countOf(markdown, /^```/m) % 2).toBe(0)
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

describe('the size of a report with everything in it', () => {
  const many = <T>(count: number, items: readonly T[]): T[] =>
    Array.from({ length: count }, (_, index) => items[index % items.length]!)

  it('stays in its budget, whole in all its parts, and keeps what decides, however much of it there is', () => {
    const amount = fc.constantFrom(0, 1, 7, 60, 300)
    const few = fc.constantFrom(0, 1, 12)
    fc.assert(
      fc.property(
        fc.record({
          slices: amount,
          groups: amount,
          fairness: few,
          behaviour: amount,
          weakest: amount,
          columns: amount,
        }),
        fc.oneof(
          hostile,
          hostile.map((text) => text.repeat(60)),
        ),
        (count, text) => {
          const { predicate } = richGate()
          const groups = many(count.groups, predicate.fairness![0]!.groups).map((group) => ({ ...group, name: text }))
          const gate = richGate({
            slices: many(count.slices, predicate.slices).map((each) => ({ ...each, name: text })),
            fairness: many(count.fairness, predicate.fairness!).map((each) => ({ ...each, groups })),
            behaviour: many(count.behaviour, predicate.behaviour!).map((each) => ({ ...each, column: text })),
            weakest: many(count.weakest, predicate.weakest!).map((each) => ({ ...each, where: text })),
          })
          const facts = { type: text, nulls: 1, distinct: 1, min: text, max: text, mean: 1, lengths: null }
          const changes: DataChanges = {
            ...dataChanges,
            changed: many(Math.min(20, count.columns), dataChanges.changed).map((each) => ({ ...each, name: text })),
            added: many(Math.min(50, count.columns), [text]),
            summaries: many(Math.min(50, count.columns), [
              { name: text, reasons: [text], before: facts, after: facts },
            ]),
          }
          const { markdown, title } = renderReport({
            model: 'flight-delay',
            validation: given.validation({ changes: [{ ...changes, since: 'champion', name: 'v1.0.0' }] }),
            training: given.training(),
            gate,
          })
          expect(bytes(markdown)).toBeLessThanOrEqual(60_000)
          expect(countOf(markdown, /^<details/m)).toBe(countOf(markdown, /^<\/details>/m))
          expect(countOf(markdown, /^`{3,}/m) % 2).toBe(0)
          expect(title).toBe('❌ flight-delay is not good enough to replace v1.0.0')
          expect(markdown).toContain('| AUC | 0.684 | 0.671 |')
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('the size of a job summary', () => {
  it('stays below 1 MiB for one record and for many', () => {
    const { gate } = huge(4000, 'x'.repeat(500))
    expect(bytes(renderStepSummary(gate))).toBeLessThanOrEqual(1_000_000)
    expect(bytes(renderStepSummaries(Array.from({ length: 4 }, () => gate)))).toBeLessThanOrEqual(1_000_000)
  })
})
