import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Behaviour, type Model, PREDICATES, parseModelFile, type Task } from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeColumn, sayChange } from '../src/behaviour/change.ts'
import { asExpected } from '../src/behaviour/expectation.ts'
import { judge } from '../src/index.ts'
import { uniform } from './samples.ts'

const numbers = Float64Array.of(1, 2, Number.NaN, 4, 0)
const change = (values: Float64Array | Array<string | null>, test: Omit<Behaviour, 'column'>) =>
  changeColumn(values, { column: 'x', ...test }, randomSource(1), 'evaluate.behaviour[0]')

describe('the change of a column', () => {
  it('multiplies, adds and sets numbers, and names the rows that are others than before', () => {
    expect(change(numbers, { scale: 2 })).toEqual({
      values: Float64Array.of(2, 4, Number.NaN, 8, 0),
      rows: Uint32Array.of(0, 1, 3),
    })
    expect(change(numbers, { add: -1 })).toEqual({
      values: Float64Array.of(0, 1, Number.NaN, 3, -1),
      rows: Uint32Array.of(0, 1, 3, 4),
    })
    expect(change(numbers, { set: 4 })).toEqual({
      values: new Float64Array(5).fill(4),
      rows: Uint32Array.of(0, 1, 2, 4),
    })
    expect(change(numbers, { set: true }).values).toEqual(new Float64Array(5).fill(1))
    expect(change(numbers, { scale: -1 }).rows).toEqual(Uint32Array.of(0, 1, 3))
  })

  it('sets text, and empties cells', () => {
    expect(change(['a', null, 'b'], { set: 'a' })).toEqual({ values: ['a', 'a', 'a'], rows: Uint32Array.of(1, 2) })
    expect(change(['a', null, 'b'], { missing: 1 })).toEqual({
      values: [null, null, null],
      rows: Uint32Array.of(0, 2),
    })
    const { values, rows } = change(new Float64Array(10_000), { missing: 0.3 })
    expect(rows.length).toBeGreaterThan(2800)
    expect(rows.length).toBeLessThan(3200)
    expect(rows.every((row) => Number.isNaN(values[row]))).toBe(true)
  })

  it('adds noise of so many standard deviations, the same for the same seed', () => {
    const next = uniform(3)
    const before = Float64Array.from({ length: 20_000 }, () => 10 * next())
    const { values } = change(before, { noise: 0.5 })
    const moved = before.map((value, row) => Number(values[row]) - value)
    const mean = moved.reduce((sum, each) => sum + each, 0) / moved.length
    const deviation = Math.sqrt(moved.reduce((sum, each) => sum + (each - mean) ** 2, 0) / moved.length)
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(deviation).toBeCloseTo(0.5 * (10 / Math.sqrt(12)), 1)
    expect(change(before, { noise: 0.5 })).toEqual(change(before, { noise: 0.5 }))
    expect(change(new Float64Array(9).fill(3), { noise: 1 }).rows).toHaveLength(0)
  })

  it.each([
    [{ scale: 2 }, 'evaluate.behaviour[0].scale is 2, but the model takes x as text. Text can be missing, or set.'],
    [{ add: 1 }, 'evaluate.behaviour[0].add is 1, but the model takes x as text.'],
    [{ noise: 0.1 }, 'evaluate.behaviour[0].noise is 0.1, but the model takes x as text.'],
  ])('refuses what text cannot do: %o', (test, sentence) => {
    expect(() => change(['a'], test)).toThrow(sentence)
  })

  it('refuses text among numbers', () => {
    expect(() => change(numbers, { set: 'a' })).toThrow('.set is "a", but x holds numbers. Write one of them.')
  })

  it('says what it is', () => {
    const words = (test: Omit<Behaviour, 'column'>) => sayChange({ column: 'x', ...test })
    expect(
      [{ noise: 0.1 }, { missing: 1 }, { missing: 0.3 }, { scale: 1.609344 }, { add: -5 }, { set: 'f' }].map(words),
    ).toEqual([
      'with noise of 0.1 standard deviations',
      'missing',
      'missing in 30 % of the rows',
      'times 1.609344',
      'less 5',
      'set to "f"',
    ])
  })
})

describe('what predictions do', () => {
  const does = (task: Task, before: number[], after: number[], test: Parameters<typeof asExpected>[3], wide = 1) => {
    const rows = before.length / wide
    const truth = { task, classes: Array.from({ length: wide }, (_, i) => `c${i}`), labels: new Float64Array(rows) }
    const predictions = [Float64Array.from(before), Float64Array.from(after)] as const
    return asExpected(
      truth,
      predictions,
      Uint32Array.from({ length: rows }, (_, row) => row),
      test,
    )
  }

  it('is unchanged where a classification says the same class, or by a tolerance where there is one', () => {
    const [before, after] = [
      [0.4, 0.4, 0.6],
      [0.49, 0.51, 0.9],
    ]
    expect(does('binary-classification', before!, after!, { expect: 'unchanged' })).toEqual([true, false, true])
    expect(does('binary-classification', before!, after!, { expect: 'unchanged', tolerance: 0.2 })).toEqual([
      true,
      true,
      false,
    ])
    expect(
      does('multiclass-classification', [0.2, 0.8, 0.6, 0.4], [0.4, 0.6, 0.4, 0.6], { expect: 'unchanged' }, 2),
    ).toEqual([true, false])
    expect(
      does('multilabel-classification', [0.2, 0.8, 0.6, 0.4], [0.4, 0.6, 0.4, 0.4], { expect: 'unchanged' }, 2),
    ).toEqual([true, false])
    expect(does('regression', [1, 1], [1, 1.1], { expect: 'unchanged' })).toEqual([true, false])
  })

  it('never counts what is no number', () => {
    for (const expected of ['unchanged', 'increases', 'no_increase', 'decreases', 'no_decrease'] as const) {
      const test = { expect: expected }
      expect(does('binary-classification', [0.1, 0.1], [Number.NaN, Infinity], test)).toEqual([false, false])
      expect(does('regression', [Number.NaN], [1], test)).toEqual([false])
    }
  })

  it('moves one way, the other or neither', () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true })
    fc.assert(
      fc.property(value, value, fc.double({ min: 0, max: 3, noNaN: true }), (from, to, tolerance) => {
        const one = (expected: Parameters<typeof asExpected>[3]['expect']) =>
          +does('regression', [from], [to], { expect: expected, tolerance })[0]!
        expect(one('increases') + one('decreases') + one('unchanged')).toBe(1)
        expect(one('no_increase')).toBe(1 - one('increases'))
        expect(one('no_decrease')).toBe(1 - one('decreases'))
      }),
    )
  })
})

describe('judging behaviour', () => {
  let root: string
  const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.onnx`, import.meta.url))

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'modelyard-behaviour-'))
    const next = uniform(21)
    const lines = Array.from({ length: 1000 }, (_, row) => {
      const [x, y] = [4 * next() - 2, 4 * next() - 2]
      return `${row},${x},${y},p${row % 12},${row % 60},${+(1 / (1 + Math.exp(-2 * x - 2 * y)) > next())}`
    })
    await writeFile(join(root, 'holdout.csv'), ['id,x,y,place,day,late', ...lines].join('\n'))
  })
  afterAll(() => rm(root, { recursive: true }))

  function modelFile(behaviour: string, data = ''): Model {
    const text = `
name: lateness
task: binary-classification
data: { train: train.csv, holdout: holdout.csv, label: late, id: id${data} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate:
  metrics: [accuracy]
  gates: [{ metric: roc_auc, min: 0.4 }]
  first_version: allow
  behaviour: [${behaviour}]
stages: { production: { environment: production } }`
    return { ...parseModelFile(text, 'model.yaml'), folder: root }
  }

  const judged = (behaviour: string, { candidate = 'two-columns', data = '' } = {}) =>
    judge({ model: modelFile(behaviour, data), root, candidate: { path: fixture(candidate) }, champion: null })

  it('passes and fails by the interval of the share of rows, with what the gate record needs', async () => {
    const judgement = await judged(
      '{ column: x, add: 1, expect: increases }, { column: x, add: 1, expect: decreases, min_share: 0.1 }',
    )
    expect(judgement.verdict).toBe('fail')
    expect(judgement.behaviour).toEqual([
      {
        column: 'x',
        change: 'plus 1',
        expect: 'increases',
        metric: null,
        rows: 1000,
        found: { value: 1, low: expect.closeTo(0.996, 3), high: 1 },
        limit: 0.95,
        verdict: 'pass',
        reason:
          'x plus 1: 100.0 % of 1,000 rows are predicted higher (95 % interval: 99.6 to 100.0 %; at least 95 % is asked).',
      },
      expect.objectContaining({ verdict: 'fail', limit: 0.1, found: { value: 0, low: 0, high: expect.any(Number) } }),
    ])
    expect(judgement.reasons[0]).toMatch(/^x plus 1: 0\.0 % of 1,000 rows are predicted lower/)
    const when = '2026-01-01T00:00:00.000Z'
    PREDICATES.gate.parse({
      ...judgement,
      model: 'lateness',
      source: { tree: null, dirty: false },
      run: { started: when, finished: when },
    })
  })

  it('names the tolerance, without which the sentence would not be true', async () => {
    const { behaviour } = await judged(
      '{ column: x, add: 1, expect: decreases, tolerance: 0.5 }, { column: x, add: 1, expect: unchanged, tolerance: 1 }, { column: x, add: 1, expect: unchanged }',
    )
    expect(behaviour!.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/ rows are predicted lower by more than 0\.5 \(/),
      expect.stringMatching(/ rows keep their prediction to within 1 \(/),
      expect.stringMatching(/ rows keep their class \(/),
    ])
    expect(behaviour!.map(({ tolerance }) => tolerance)).toEqual([0.5, 1, undefined])
  })

  it('asks what a change costs of a metric: the model against itself', async () => {
    const { behaviour } = await judged(
      '{ column: y, missing: 1, max_regression: 5% }, { column: y, noise: 0.01, max_regression: 5%, metric: accuracy }, { column: y, set: 0, max_regression: 0.02 }',
    )
    const [missing, noise, set] = behaviour!
    expect(missing).toMatchObject({ metric: 'roc_auc', verdict: 'fail', found: { value: null } })
    expect(missing!.reason).toMatch(/^y missing: AUC has no value: the candidate gives no number for 1,000 of 1,000/)
    expect(noise).toMatchObject({ metric: 'accuracy', verdict: 'pass', rows: 1000 })
    expect(noise!.reason).toMatch(/^y with noise of 0\.01 standard deviations: Accuracy is .* on the rows as they are/)
    expect(noise!.limit).toBeGreaterThan(0.03)
    expect(set).toMatchObject({ metric: 'roc_auc', verdict: 'fail', limit: 0.02 })
    expect(set!.found.value!).toBeLessThan(-0.05)
  })

  it('takes not enough evidence for what the model file says', async () => {
    const test = (asked: string) =>
      `{ column: x, noise: 0.1, expect: unchanged, min_share: 0.98, on_inconclusive: ${asked} }`
    const blocked = await judged(test('block'))
    expect(blocked.behaviour![0]).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/98 % is asked\)\. That is not enough evidence to say\.$/),
    })
    expect(blocked.verdict).toBe('inconclusive')
    const warned = await judged(test('warn'))
    expect(warned.behaviour![0]).toMatchObject({ verdict: 'warn', on_inconclusive: 'warn' })
    expect(warned).toMatchObject({ verdict: 'warn' })
    expect(await judged(test('require-approval'))).toMatchObject({
      verdict: 'warn',
      approval: [expect.stringMatching(/^x with noise/)],
    })
  })

  it('counts groups, not rows, where rows come in groups', async () => {
    const width = async (data: string) => {
      const { found } = (await judged('{ column: x, noise: 0.5, expect: unchanged }', { data })).behaviour![0]!
      return found.high! - found.low!
    }
    expect(await width(', group: place')).toBeGreaterThan(1.1 * (await width('')))
  })

  it('changes text and whole numbers that the model takes as such', async () => {
    const { behaviour } = await judged(
      '{ column: place, set: p1, expect: no_decrease }, { column: place, missing: 1, expect: no_increase }, { column: day, add: 1, expect: increases }',
      { candidate: 'text-and-whole' },
    )
    expect(behaviour!.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass'])
    expect(behaviour![0]!.rows).toBe(916)
  })

  it('fails a model that cannot be run on the changed rows, and says why', async () => {
    const { behaviour, verdict } = await judged('{ column: day, missing: 0.5, expect: unchanged }', {
      candidate: 'text-and-whole',
    })
    expect(verdict).toBe('fail')
    expect(behaviour![0]).toMatchObject({ verdict: 'fail', found: { value: null, low: null, high: null } })
    expect(behaviour![0]!.reason).toMatch(
      /^day missing in 50 % of the rows: The model's input day is tensor\(int64\), and the column day has rows without a value/,
    )
  })

  it('is no pass where nothing changes', async () => {
    const { behaviour } = await judged('{ column: x, scale: 1, expect: unchanged }')
    expect(behaviour![0]).toMatchObject({
      verdict: 'inconclusive',
      rows: 0,
      reason: 'x times 1: No row of the hold-out has a value that this changes.',
    })
  })

  it.each([
    [
      '{ column: place, set: p1, expect: unchanged }',
      'evaluate.behaviour[0].column is place, which the model does not read. It reads x, y.',
    ],
    ['{ column: z, add: 1, expect: unchanged }', 'evaluate.behaviour[0].column is z, which the model does not read.'],
    [
      '{ column: x, set: p1, expect: unchanged }',
      'evaluate.behaviour[0].set is "p1", but x holds numbers. Write one of them.',
    ],
  ])('refuses %s', async (test, sentence) => {
    await expect(judged(test)).rejects.toThrow(sentence)
  })

  it('refuses to multiply text', async () => {
    await expect(
      judged('{ column: place, scale: 2, expect: unchanged }', { candidate: 'text-and-whole' }),
    ).rejects.toThrow(
      'evaluate.behaviour[0].scale is 2, but the model takes place as text. Text can be missing, or set.',
    )
  })

  it('is the same again', async () => {
    const tests = '{ column: x, noise: 0.3, expect: unchanged }, { column: y, missing: 0.2, max_regression: 0.1 }'
    expect(await judged(tests)).toEqual(await judged(tests))
  })
})
