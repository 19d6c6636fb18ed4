import { describe, expect, it } from 'vitest'
import { compareTimes } from '../src/measured/latency.ts'
import { uniform } from './samples.ts'

const next = uniform(9)
const base = Float64Array.from({ length: 200 }, () => 0.001 + 0.0005 * next() ** 4)

describe('latency', () => {
  it('is a quantile in seconds, with order statistics around it and a paired difference', () => {
    const slower = base.map((time) => time * 1.1)
    const [p95] = compareTimes({ candidate: slower, champion: base }, ['latency_p95'], { confidence: 0.95, seed: 1 })
    const sorted = slower.toSorted()
    expect(p95!.candidate).toMatchObject({ low: sorted[183], high: sorted[196] })
    expect(p95!.difference).toMatchObject({ method: 'paired-bootstrap' })
    expect(p95!.difference!.value).toBeCloseTo(p95!.champion!.value! * 0.1, 12)
    expect(p95!.difference!.low!).toBeGreaterThan(0)
    expect(p95!.difference!.high!).toBeGreaterThanOrEqual(p95!.difference!.value!)
  })

  it('has nothing to compare without a champion, and no upper end that was not seen', () => {
    const [p99] = compareTimes({ candidate: base, champion: null }, ['latency_p99'], { confidence: 0.95, seed: 1 })
    expect(p99).toMatchObject({ champion: null, difference: null, candidate: { high: null } })
  })
})
