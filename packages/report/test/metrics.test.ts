import { describe, expect, it } from 'vitest'
import { gateTable } from '../src/gate/gate-table.ts'
import { gatesOn, overall } from '../src/gate/metrics.ts'
import { richGate } from './rich-records.ts'

describe('the table of a record that names a metric many times', () => {
  it('has it once, with its gates', () => {
    const gate = richGate().predicate
    const again = { ...gate, metrics: gate.metrics.flatMap((metric) => Array(100).fill(metric)) }
    expect(gateTable(again)).toEqual(gateTable(gate))
  })
})

describe('the gates of a metric', () => {
  const [gate] = richGate().predicate.gates
  const gates = [
    { ...gate!, metric: 'recall' as const },
    { ...gate!, metric: 'recall' as const, slice: 'x > 1' },
    { ...gate!, metric: 'recall' as const, by: 'region' },
    { ...gate!, metric: 'precision' as const },
  ]

  it('are those on all rows, on a part or between groups, as is asked', () => {
    expect(overall(gates, 'recall')).toEqual([gates[0]])
    expect(gatesOn(gates, { metric: 'recall', slice: 'x > 1' })).toEqual([gates[1]])
    expect(gatesOn(gates, { metric: 'recall', by: 'region' })).toEqual([gates[2]])
    expect(overall(gates, 'f1')).toEqual([])
  })

  it('are looked up, not looked for: a record may hold thousands of both', () => {
    expect(overall(gates, 'recall')).toBe(overall(gates, 'recall'))
  })
})
