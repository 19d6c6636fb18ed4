import type { MetricName } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAbout } from '../src/document/numbers.ts'
import { formatLimit, formatValue, scaleOf } from '../src/gate/metrics.ts'
import { formatBytes, formatCount, formatDecimal, formatDuration, formatPercent } from '../src/index.ts'
import { estimate, gate } from './records.ts'

describe('numbers', () => {
  it('have a real minus, thousands separators, and no sign at zero', () => {
    expect(formatDecimal(-0.013, 3)).toBe('−0.013')
    expect(formatDecimal(0.008, 3, { sign: true })).toBe('+0.008')
    expect(formatDecimal(-0.0001, 3, { sign: true })).toBe('0.000')
    expect(formatDecimal(-1234567.5, 1)).toBe('−1,234,567.5')
    expect(formatCount(3012345)).toBe('3,012,345')
    expect(formatAbout(3092)).toBe('3,100')
    expect(formatAbout(7)).toBe('7')
  })

  it('have units that do not break away', () => {
    expect(formatPercent(0.95)).toBe('95\u00a0%')
    expect(formatBytes(999)).toBe('999\u00a0B')
    expect(formatBytes(1_650_000)).toBe('1.6\u00a0MB')
    expect(formatDuration(812)).toBe('0.8\u00a0s')
    expect(formatDuration(48_200)).toBe('48\u00a0s')
    expect(formatDuration(200_000)).toBe('3\u00a0min 20\u00a0s')
    expect(formatDuration(7_500_000)).toBe('2\u00a0h 5\u00a0min')
  })

  it('are sizes and times in units that suit them', () => {
    const written = (name: MetricName, value: number) =>
      formatValue(value, scaleOf(name, { candidate: estimate(value, value, value) }, []))
    expect(written('file_size', 412_008)).toBe('412.0\u00a0kB')
    expect(written('file_size', 12)).toBe('12\u00a0B')
    expect(written('peak_memory', 1.84e9)).toBe('1.84\u00a0GB')
    expect(written('training_time', 2832)).toBe('47.2\u00a0min')
    expect(written('training_time', 48.2)).toBe('48.20\u00a0s')
    expect(written('cold_load', 0.0123)).toBe('12.30\u00a0ms')
    expect(written('latency_p50', 4e-6)).toBe('4.00\u00a0µs')
    expect(written('mae', 1234.5)).toBe('1,235')
  })

  it('are limits as a person wrote them', () => {
    expect(formatLimit(0.6, 'roc_auc')).toBe('0.6')
    expect(formatLimit(0.0025, 'brier_score')).toBe('0.0025')
    expect(formatLimit(0.005, 'latency_p95')).toBe('5\u00a0ms')
    expect(formatLimit(100, 'mae')).toBe('100')
    expect(formatLimit(50e6, 'file_size')).toBe('50\u00a0MB')
    expect(formatLimit(5400, 'training_time')).toBe('1.5\u00a0h')
    expect(formatLimit(0, 'latency_p50')).toBe('0\u00a0ms')
  })

  it('keep their side of what a gate asks when they are printed', () => {
    const rule = gate().predicate.gates[1]!
    // Half a step away from zero and from every margin: which side an end is on is never a matter of rounding in binary.
    const end = fc.integer({ min: -20_000, max: 20_000 }).map((steps) => (steps + 0.5) / 1e6)
    fc.assert(
      fc.property(end, end, fc.integer({ min: 1, max: 200 }), (one, other, margin) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const limit = margin / 10_000
        const difference = estimate((low + high) / 2, low, high)
        const { decimals } = scaleOf('roc_auc', { candidate: estimate(0.7), difference }, [{ ...rule, limit }])
        const printed = Number(low.toFixed(decimals))
        expect(Math.sign(printed + limit)).toBe(Math.sign(low + limit))
        expect(Math.sign(printed)).toBe(Math.sign(low))
      }),
    )
  })
})
