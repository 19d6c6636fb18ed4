import { describe, expect, it } from 'vitest'
import type { GateRecord } from '../src/gates/gate.ts'
import type { SliceRecord } from '../src/gates/slices.ts'
import { conclude, type Findings } from '../src/gates/verdict.ts'

const gate = (verdict: GateRecord['verdict'], reason: string) => ({ verdict, reason }) as GateRecord
const slice = (verdict: SliceRecord['verdict'], name: string) =>
  ({ verdict, name, rows: 300, candidate: { value: 0.7 } }) as SliceRecord
const findings: Findings = {
  gates: [gate('pass', 'A.'), gate('pass', 'B.')],
  slices: [],
  behaviour: [],
  notes: [],
  onInconclusiveSlice: 'warn',
  parityWarning: null,
  champion: 'present',
}

describe('the verdict on a candidate', () => {
  it('is the gravest of the gates, and its reason comes first', () => {
    const gates = [gate('pass', 'A.'), gate('inconclusive', 'B.'), gate('fail', 'C.')]
    expect(conclude({ ...findings, gates })).toEqual({ verdict: 'fail', reasons: ['C.', 'B.', 'A.'] })
    expect(conclude(findings)).toEqual({ verdict: 'pass', reasons: ['A.', 'B.'] })
  })

  it('is a failure where there is no gate', () => {
    expect(conclude({ ...findings, gates: [], parityWarning: 'P.' }).verdict).toBe('fail')
  })

  it('counts slices in a sentence, and warns of parity', () => {
    const slices = [slice('fail', 'origin = ORD'), slice('warn', 'b'), slice('pass', 'c')]
    const { verdict, reasons, notes } = conclude({ ...findings, slices, notes: ['L.'], parityWarning: 'P.' })
    expect(verdict).toBe('fail')
    expect(reasons).toEqual([
      '1 of 3 slices is worse beyond the margin, after correcting for 3: origin = ORD.',
      '1 of 3 slices has not enough evidence to say: b.',
      'P.',
      'A.',
      'B.',
    ])
    expect(notes).toEqual(['L.'])
    expect(conclude({ ...findings, parityWarning: 'P.' })).toEqual({ verdict: 'warn', reasons: ['P.', 'A.', 'B.'] })
  })

  it('does not call worse what has no value, and fails for it', () => {
    const nothing = { value: null, low: null, high: null, method: 'none' }
    const slices = [{ ...slice('fail', 'a'), difference: nothing }, slice('fail', 'b'), slice('pass', 'c')]
    expect(conclude({ ...findings, slices }).reasons.slice(0, 2)).toEqual([
      '1 of 3 slices is worse beyond the margin, after correcting for 3: b.',
      '1 of 3 slices has no value: a.',
    ])
    expect(conclude({ ...findings, slices: [slices[0]!] }).verdict).toBe('fail')
  })

  it('leaves to a person what the model file leaves to one, as long as nothing else is against it', () => {
    const open = { ...gate('warn', 'Unsure.'), on_inconclusive: 'require-approval' } as const
    const gates = [open, { ...gate('warn', 'Hm.'), on_inconclusive: 'warn' } as const, gate('pass', 'A.')]
    const slices = [slice('warn', 'b')]
    const said = conclude({ ...findings, gates, slices, onInconclusiveSlice: 'require-approval' })
    expect(said).toMatchObject({
      verdict: 'warn',
      approval: ['Unsure.', '1 of 1 slice has not enough evidence to say: b.'],
    })
    for (const verdict of ['fail', 'inconclusive'] as const) {
      expect(conclude({ ...findings, gates: [...gates, gate(verdict, 'No.')] })).not.toHaveProperty('approval')
    }
    expect(conclude({ ...findings, gates: [gates[1]!] })).not.toHaveProperty('approval')
  })

  it('blocks where slices that lack the evidence are to block', () => {
    const slices = [slice('inconclusive', 'b'), { ...slice('inconclusive', 'c'), rows: 0 }]
    const { verdict, reasons } = conclude({ ...findings, slices, onInconclusiveSlice: 'block' })
    expect(verdict).toBe('inconclusive')
    expect(reasons.slice(0, 2)).toEqual([
      '1 of 2 slices has not enough evidence to say: b.',
      'No row of the hold-out is in c.',
    ])
  })

  it('lets a first version through only where that is allowed', () => {
    expect(conclude({ ...findings, champion: 'allowed-missing' })).toEqual({
      verdict: 'pass',
      reasons: [
        'A.',
        'B.',
        'This is the first version: there is nothing to compare it with, and evaluate.first_version allows that.',
      ],
    })
    expect(conclude({ ...findings, champion: 'not-asked' }).reasons.at(-1)).toMatch(/^It was judged alone, because/)
    // Slices that are compared with nothing are not said to pass.
    expect(conclude({ ...findings, slices: [slice('pass', 'a')], champion: 'allowed-missing' }).reasons).toHaveLength(3)
    const refused = conclude({ ...findings, champion: 'missing' })
    expect(refused.verdict).toBe('inconclusive')
    expect(refused.reasons[0]).toMatch(/evaluate\.first_version: allow/)
  })
})
