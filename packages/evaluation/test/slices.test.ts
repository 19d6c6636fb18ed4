import { sliceGate } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { judgeSlices, type SliceOptions } from '../src/gates/slices.ts'
import { binary, options, uniform } from './samples.ts'

const sliceOptions: SliceOptions = {
  ...options,
  gate: { metric: 'accuracy', max_regression: 0.02 },
  champion: 'v1.0.0',
  fewest: 200,
  onInconclusive: 'warn',
}

/** Slices of 300 rows; the candidate is right on this share of each, the champion on 90 %, independently. */
function sliced(shares: number[], rows = 300, changed: Partial<SliceOptions> = {}) {
  const next = uniform(3)
  const right = (share: number) => (next() < share ? 0.9 : 0.1)
  const predicted = shares.flatMap((share) => Array.from({ length: rows }, () => [right(share), right(0.9)] as const))
  const sample = binary(
    predicted.map(() => 1),
    predicted.map(([candidate]) => candidate),
    predicted.map(([, champion]) => champion),
  )
  const slices = shares.map((_, index) => ({
    name: `s${index}`,
    rows: Uint32Array.from({ length: rows }, (_, row) => index * rows + row),
  }))
  return judgeSlices(sample, slices, { ...sliceOptions, ...changed })
}

describe('slices', () => {
  it('fail where they are worse beyond the margin after Holm, and only there', () => {
    const verdicts = sliced([0.9, 0.6, 0.99, 0.9]).map(({ verdict }) => verdict)
    expect(verdicts).toEqual(['warn', 'fail', 'pass', 'warn'])
  })

  it('do not fail by looking often: twenty equal ones', () => {
    expect(sliced(Array(20).fill(0.9)).some(({ verdict }) => verdict === 'fail')).toBe(false)
  })

  it('need more to fail among many than alone', () => {
    const alone = sliced([0.83])[0]!
    const among = sliced([0.83, ...Array(29).fill(0.9)])[0]!
    expect(alone.difference).toEqual(among.difference)
    expect([alone.verdict, among.verdict]).toEqual(['fail', 'warn'])
    expect(among.reason).toMatch(/ After correcting for 30 slices that is not enough evidence to say\.$/)
  })

  it('say what would settle them where they are undecided, and only there', () => {
    const [open, , sure] = sliced([0.9, 0.6, 0.99, 0.9])
    expect(open!.reason).toMatch(
      / That is not enough evidence to say: about [\d,]+ more labelled rows would settle it\.$/,
    )
    expect(sure!.reason).not.toMatch(/enough evidence/)
  })

  it('warn where they hold too few rows', () => {
    const [slice] = sliced([0.9], 199)
    expect(slice).toMatchObject({
      rows: 199,
      metric: 'accuracy',
      verdict: 'warn',
      reason: 's0: It holds 199 rows; 200 are needed (evaluate.min_slice).',
      candidate: { value: null },
    })
  })

  it.each([
    ['block', 'inconclusive'],
    ['warn', 'warn'],
    ['require-approval', 'warn'],
  ] as const)('come to what the model file says where the evidence lacks: %s', (onInconclusive, verdict) => {
    const found = sliced([0.9, 0.6, 0.99], 300, { onInconclusive })
    expect(found.map((slice) => slice.verdict)).toEqual([verdict, 'fail', 'pass'])
    expect(sliced([0.9], 199, { onInconclusive })[0]!.verdict).toBe(verdict)
    expect(sliced([0.9], 0, { onInconclusive })[0]!.verdict).toBe('inconclusive')
  })

  it.each(['block', 'warn', 'require-approval'] as const)('fail where there is no value: %s', (onInconclusive) => {
    const sample = binary(
      Array.from({ length: 600 }, (_, row) => +(row < 300 && row % 2 === 0)),
      Array.from({ length: 600 }, (_, row) => (row % 7) / 7),
      Array.from({ length: 600 }, (_, row) => (row % 7) / 7),
    )
    const slices = [0, 300].map((from) => ({
      name: `from ${from}`,
      rows: Uint32Array.from({ length: 300 }, (_, row) => from + row),
    }))
    const gate = { metric: 'roc_auc', max_regression: 0.1 } as const
    const found = judgeSlices(sample, slices, { ...sliceOptions, gate, onInconclusive })
    expect(found.map(({ verdict }) => verdict)).toEqual(['pass', 'fail'])
    expect(found[1]!.reason).toBe(
      'from 300: AUC has no value: all labels are 0; a second class is needed to tell classes apart.',
    )
  })

  it('are looked at from the number of rows on that the model file names', () => {
    expect(sliced([0.9], 199, { fewest: 199 })[0]!.candidate.value).toBeGreaterThan(0.8)
  })

  it('are held against the first gate that compares predictions', () => {
    const gates = [
      { metric: 'latency_p50', max_regression: '20%' },
      { metric: 'roc_auc', min: 0.6 },
      { metric: 'roc_auc', max_regression: 0.01, slice: 'x' },
      { metric: 'f1', max_regression: 0.01 },
    ] as const
    expect(sliceGate(gates)).toBe(gates[3])
    expect(sliceGate(gates.slice(0, 3))).toBeUndefined()
  })
})
