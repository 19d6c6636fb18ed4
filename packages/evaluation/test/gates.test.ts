import { lets, type MetricName } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../src/comparison/compare.ts'
import type { MetricRecord } from '../src/comparison/comparison.ts'
import type { Gate } from '../src/gates/gate.ts'
import type { Part } from '../src/gates/gate-slices.ts'
import { decideGates, type GateOptions } from '../src/gates/gates.ts'
import { BINARY, binary, options, simulated, uniform } from './samples.ts'

type Numbers = [value: number, low: number, high: number]

const estimate = ([value, low, high]: Numbers) => ({ value, low, high })

function metric(name: MetricName, candidate: Numbers, difference?: Numbers): MetricRecord {
  return {
    name,
    candidate: estimate(candidate),
    champion: difference ? estimate([candidate[0] - difference[0], 0, 1]) : null,
    difference: difference ? { ...estimate(difference), method: 'delong' } : null,
  }
}

function decide(gate: Gate, found: MetricRecord, changed: Partial<GateOptions> = {}) {
  return decideGates({
    gates: [gate],
    metrics: [found],
    rows: 2000,
    confidence: 0.95,
    champion: 'the version in production',
    firstVersion: 'refuse',
    ...changed,
  })
}

describe('a regression gate', () => {
  const gate: Gate = { metric: 'roc_auc', max_regression: 0.005 }

  it('fails when the upper end is beyond the margin', () => {
    expect(decide(gate, metric('roc_auc', [0.671, 0.66, 0.68], [-0.013, -0.015, -0.011]))).toEqual([
      {
        metric: 'roc_auc',
        rule: 'max_regression',
        limit: 0.005,
        written: '0.005',
        verdict: 'fail',
        reason:
          'AUC is 1.3 points worse than the version in production (95 % interval: 1.1 to 1.5 worse; at most 0.5 points worse is allowed).',
        rows_needed: null,
      },
    ])
  })

  it('passes when the lower end is within the margin', () => {
    const [decision] = decide(gate, metric('roc_auc', [0.69, 0.68, 0.7], [0.008, 0.006, 0.01]))
    expect(decision!.verdict).toBe('pass')
    expect(decision!.reason).toBe(
      'AUC is 0.8 points better than the version in production (95 % interval: 0.6 to 1.0 better; at most 0.5 points worse is allowed).',
    )
  })

  it('is inconclusive else, and says how many rows would settle it', () => {
    const [decision] = decide(gate, metric('roc_auc', [0.69, 0.68, 0.7], [-0.001, -0.0076, 0.0056]))
    expect(decision).toMatchObject({ verdict: 'inconclusive', rows_needed: 5445 })
    expect(decision!.reason).toBe(
      'AUC is 0.1 points worse than the version in production (95 % interval: 0.8 worse to 0.6 better; at most 0.5 points worse is allowed). That is not enough evidence to say: about 3,500 more labelled rows would settle it.',
    )
  })

  it('knows no number of rows where the estimate stands on the line', () => {
    const [decision] = decide(gate, metric('roc_auc', [0.69, 0.68, 0.7], [-0.005, -0.01, 0]))
    expect(decision).toMatchObject({ verdict: 'inconclusive', rows_needed: null })
    expect(decision!.reason).toMatch(/That is not enough evidence to say\.$/)
  })

  it('turns around where less is better', () => {
    const brier: Gate = { metric: 'brier_score', max_regression: 0.002 }
    const [fails] = decide(brier, metric('brier_score', [0.14, 0.13, 0.15], [0.003, 0.0021, 0.0039]))
    expect(fails!.verdict).toBe('fail')
    const [passes] = decide(brier, metric('brier_score', [0.14, 0.13, 0.15], [0.0007, 0.0004, 0.001]))
    expect(passes!.verdict).toBe('pass')
    expect(passes!.reason).toBe(
      'Brier score is 0.0007 worse than the version in production (95 % interval: 0.0004 to 0.0010 worse; at most 0.0020 worse is allowed).',
    )
  })

  it("takes a percentage of the champion's value", () => {
    const latency: Gate = { metric: 'latency_p95', max_regression: '20%' }
    const [decision] = decide(latency, metric('latency_p95', [0.00041, 0.0004, 0.00042], [0.00001, -0.00002, 0.00004]))
    expect(decision!.verdict).toBe('pass')
    expect(decision!.limit).toBeCloseTo(0.00008, 12)
    expect(decision!.reason).toBe(
      'p95 latency is 0.01 ms worse than the version in production (95 % interval: 0.04 worse to 0.02 better; at most 20 %, that is 0.08 ms, worse is allowed).',
    )
  })

  it('may ask for a gain, with a margin below zero', () => {
    const gain: Gate = { metric: 'roc_auc', max_regression: -0.01 }
    const [decision] = decide(gain, metric('roc_auc', [0.69, 0.68, 0.7], [0.008, 0.006, 0.009]))
    expect(decision!.verdict).toBe('fail')
    expect(decision!.reason).toMatch(/at least 1\.0 points better is asked/)
  })

  it('does not print an end that misses the line as if it met it', () => {
    const [decision] = decide(gate, metric('roc_auc', [0.69, 0.68, 0.7], [-0.001, -0.005004, 0.003]))
    expect(decision!.verdict).toBe('inconclusive')
    expect(decision!.reason).toMatch(/0\.5004 worse to 0\.3000 better; at most 0\.5000 points worse is allowed/)
  })
})

describe('the sentence of a regression gate', () => {
  const say = (name: MetricName, max_regression: number | string, difference: Numbers) =>
    decide({ metric: name, max_regression }, metric(name, [50, 40, 60], difference))[0]!.reason

  it('says the limit with two digits, however wide the interval is', () => {
    expect(say('mae', 0.4, [0.3, -45, 46])).toContain(
      'is 0.3 worse than the version in production (95 % interval: 46.0 worse to 45.0 better; at most 0.4 worse is allowed)',
    )
    expect(say('roc_auc', 0.0005, [-0.02, -0.1, 0.06])).toContain('at most 0.05 points worse is allowed')
    expect(say('mae', '0.25%', [3, -45, 46])).toMatch(/at most 0\.25 %, that is 0\.1[123], worse is allowed/)
    fc.assert(
      fc.property(
        fc.double({ min: 1e-7, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (limit, width) => {
          const written = Number(/at most ([\d.]+) worse is allowed/.exec(say('mae', limit, [0, -width, width]))![1])
          expect(Math.abs(written - limit)).toBeLessThanOrEqual(0.051 * limit)
        },
      ),
    )
  })

  it('gives a limit the unit that suits it, whatever unit the difference has', () => {
    expect(say('peak_memory', '20%', [1200, 1000, 1400])).toMatch(
      /1\.20 kB worse .*; at most 20 %, that is 230 B, worse is allowed/,
    )
    const [small] = decide({ metric: 'file_size', max: '50MB' } as Gate, metric('file_size', [1200, 1200, 1200]))
    expect(small!.reason).toBe('File size is 1.2 kB; at most 50 MB is asked.')
    const [slow] = decide({ metric: 'latency_p95', max: '2s' } as Gate, metric('latency_p95', [0.02, 0.01, 0.03]))
    expect(slow!.reason).toMatch(/at most 2 s is asked/)
  })

  it('advises no number of rows that nobody has', () => {
    const gate: Gate = { metric: 'roc_auc', max_regression: 0.005 }
    const [open] = decide(gate, metric('roc_auc', [0.69, 0.68, 0.7], [-0.0049, -0.02, 0.02]))
    expect(open).toMatchObject({ verdict: 'inconclusive', rows_needed: null })
    expect(open!.reason).toMatch(/no sensible number of rows would settle it: more than 100 times as many\.$/)
  })

  it('calls as good only what is, and not what is rounded to nothing', () => {
    expect(say('mae', 20, [0.3, -450, 460])).toMatch(/is less than 1 worse than the version in production/)
    expect(say('roc_auc', 0.1, [0.0002, -0.4, 0.4])).toMatch(/is less than 0\.1 points better than/)
    expect(say('roc_auc', 0.1, [0, -0.4, 0.4])).toMatch(/is as good as the version in production/)
  })
})

describe('a gate that asks for improvement', () => {
  const gate: Gate = { metric: 'accuracy', must_improve: true }
  it.each([
    [[0.01, 0.002, 0.02], 'pass'],
    [[0.01, 0, 0.02], 'inconclusive'],
    [[-0.01, -0.02, 0], 'fail'],
    [[0, 0, 0], 'fail'],
    [[-0.01, -0.02, 0.001], 'inconclusive'],
  ] as Array<[Numbers, string]>)('with %j is %s', (difference, verdict) => {
    const [decision] = decide(gate, metric('accuracy', [0.8, 0.7, 0.9], difference))
    expect(decision).toMatchObject({ verdict, limit: 0, written: 'true' })
  })
})

describe('a gate that asks for a gain of some size', () => {
  it.each([
    [0.01, [0.02, 0.01, 0.03], 'pass', 0.01],
    [0.01, [0.02, 0.0099, 0.03], 'inconclusive', 0.01],
    [0.01, [0.005, 0.001, 0.0099], 'fail', 0.01],
    ['5%', [0.06, 0.05, 0.07], 'pass', 0.037],
    ['5%', [0.06, 0.03, 0.07], 'inconclusive', 0.037],
  ] as Array<[number | string, Numbers, string, number]>)('%s with %j is %s', (written, difference, verdict, limit) => {
    const gate: Gate = { metric: 'accuracy', must_improve: written }
    const [decision] = decide(gate, metric('accuracy', [0.8, 0.7, 0.9], difference))
    expect(decision!.verdict).toBe(verdict)
    expect(decision!.limit).toBeCloseTo(limit, 12)
  })

  it('says how much is asked', () => {
    const found = metric('accuracy', [0.8, 0.7, 0.9], [0.06, 0.03, 0.07])
    const [gain] = decide({ metric: 'accuracy', must_improve: 0.01 }, found)
    expect(gain!.reason).toBe(
      'Accuracy is 6.0 points better than the version in production (95 % interval: 3.0 to 7.0 better; at least 1.0 points better is asked).',
    )
    const [share] = decide({ metric: 'accuracy', must_improve: '5%' }, found)
    expect(share!.reason).toContain('at least 5 %, that is 3.7 points, better is asked')
  })

  it('asks for any gain where the share is one of nothing', () => {
    const gate: Gate = { metric: 'accuracy', must_improve: '5%' }
    const none = metric('accuracy', [0, 0, 0.1], [0, 0, 0])
    expect(decide(gate, none)[0]).toMatchObject({ verdict: 'fail', limit: 0 })
  })

  it('turns around where less is better', () => {
    const gate: Gate = { metric: 'log_loss', must_improve: 0.01 }
    expect(decide(gate, metric('log_loss', [0.5, 0.4, 0.6], [-0.02, -0.03, -0.01]))[0]!.verdict).toBe('pass')
    expect(decide(gate, metric('log_loss', [0.5, 0.4, 0.6], [0.02, 0.01, 0.03]))[0]!.verdict).toBe('fail')
  })
})

describe('a gate on a part of the hold-out', () => {
  const gate: Gate = { metric: 'accuracy', min: 0.5, max_regression: 0.02, slice: 'distance > 1000' }
  const all = metric('accuracy', [0.9, 0.89, 0.91], [0.01, 0.005, 0.015])
  const onPart = metric('accuracy', [0.6, 0.55, 0.65], [-0.05, -0.08, -0.03])
  const on = (part: Part, changed: Partial<GateOptions> = {}) =>
    decide(gate, all, { parts: new Map([['distance > 1000', part]]), ...changed })

  it('is decided by the interval there, and says where', () => {
    const [level, loss] = on({ metrics: [onPart] })
    expect(level).toMatchObject({ slice: 'distance > 1000', verdict: 'pass' })
    expect(loss).toMatchObject({ slice: 'distance > 1000', verdict: 'fail' })
    expect(loss!.reason).toMatch(/^distance > 1000: Accuracy is 5\.0 points worse than the version in production/)
  })

  it.each([
    ['without rows fails', { verdict: 'fail', reason: 'No row of the hold-out is in it.' }, 'fail'],
    ['with too few rows is inconclusive', { verdict: 'inconclusive', reason: 'It holds 9 rows.' }, 'inconclusive'],
  ] as const)('%s, whatever is asked and whoever the champion is', (_, unfit, verdict) => {
    for (const changed of [{}, { identical: true }, { champion: null }]) {
      for (const decision of on({ metrics: [], unfit }, changed)) {
        expect(decision).toMatchObject({ verdict, reason: `distance > 1000: ${unfit.reason}`, rows_needed: null })
      }
    }
  })

  it('fails where nobody looked', () => {
    for (const { verdict } of decide(gate, all)) expect(verdict).toBe('fail')
  })
})

describe('the very same bytes', () => {
  const same = { champion: 'v1.0.0', identical: true }
  const found = metric('roc_auc', [0.7, 0.69, 0.71], [0, 0, 0])
  const verdicts = (gate: Gate, of: MetricRecord) =>
    decide(gate, of, same).map(({ verdict, reason }) => [verdict, reason])

  it('lose nothing, and gain nothing', () => {
    expect(verdicts({ metric: 'roc_auc', max_regression: 0.005 }, found)).toEqual([
      ['pass', 'The candidate is v1.0.0, byte for byte.'],
    ])
    for (const must_improve of [true, 0.01, '5%'] as const) {
      expect(verdicts({ metric: 'roc_auc', must_improve }, found)).toEqual([
        ['fail', 'The candidate is v1.0.0, byte for byte, and has to be better.'],
      ])
    }
  })

  it.each([Number.NaN, null])('pass nothing on a metric that is %s', (value) => {
    const reason = 'There is none.'
    const nothing = { value, low: null, high: null, reason }
    const broken = { ...found, candidate: nothing, difference: { ...nothing, method: 'none' } }
    for (const rule of ['max_regression', 'must_improve'] as const) {
      expect(verdicts({ metric: 'roc_auc', [rule]: 0.005 }, broken)).toEqual([
        ['fail', 'AUC has no value: there is none.'],
      ])
    }
    expect(verdicts({ metric: 'f1', max_regression: 0.1 }, found)[0]![0]).toBe('fail')
  })
})

describe('what not enough evidence comes to', () => {
  const unsure = metric('roc_auc', [0.69, 0.68, 0.7], [-0.001, -0.0076, 0.0056])
  const gate: Gate = { metric: 'roc_auc', max_regression: 0.005 }

  it.each(['warn', 'require-approval'] as const)('is a warning that keeps its sentence: %s', (on_inconclusive) => {
    const [blocked] = decide(gate, unsure)
    const [settled] = decide({ ...gate, on_inconclusive }, unsure)
    expect(blocked!.verdict).toBe('inconclusive')
    expect(settled).toEqual({ ...blocked, verdict: 'warn', on_inconclusive })
    expect(decide({ ...gate, on_inconclusive: 'block' }, unsure)).toEqual([blocked])
  })

  it('is a warning as well where there is no interval, and where a part is too small', () => {
    const bare = { ...unsure, difference: { value: 0, low: null, high: null, reason: 'Too few.', method: 'none' } }
    expect(decide({ ...gate, on_inconclusive: 'warn' }, bare)[0]!.verdict).toBe('warn')
    const small: Part = { metrics: [], unfit: { verdict: 'inconclusive', reason: 'It holds 9 rows.' } }
    const parts = new Map([['x', small]])
    expect(decide({ ...gate, slice: 'x', on_inconclusive: 'warn' }, unsure, { parts })[0]!.verdict).toBe('warn')
  })

  it('lets nothing else through: no failure, no missing value, no empty part, no missing champion', () => {
    const asked = { ...gate, on_inconclusive: 'warn' } as const
    const worse = metric('roc_auc', [0.6, 0.59, 0.61], [-0.02, -0.03, -0.01])
    const none = { ...unsure, difference: { value: null, low: null, high: null, method: 'none' } }
    const empty: Part = { metrics: [], unfit: { verdict: 'fail', reason: 'No row.' } }
    const found = [
      ...decide(asked, worse),
      ...decide(asked, none),
      ...decide({ ...asked, slice: 'x' }, unsure, { parts: new Map([['x', empty]]) }),
      ...decide(asked, unsure, { champion: null }),
      ...decide(asked, unsure, { champion: null, firstVersion: 'allow' }),
    ]
    expect(found.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail', 'inconclusive', 'inconclusive'])
    for (const { on_inconclusive } of found) expect(on_inconclusive).toBeUndefined()
  })
})

describe('an absolute gate', () => {
  it.each([
    [{ metric: 'roc_auc', min: 0.6 }, [0.671, 0.6, 0.677], 'pass'],
    [{ metric: 'roc_auc', min: 0.6 }, [0.58, 0.56, 0.599], 'fail'],
    [{ metric: 'roc_auc', min: 0.6 }, [0.61, 0.59, 0.63], 'inconclusive'],
    [{ metric: 'roc_auc', min: 0.6 }, [0.59, 0.58, 0.6], 'inconclusive'],
    [{ metric: 'latency_p95', max: '5ms' }, [0.004, 0.0035, 0.005], 'pass'],
    [{ metric: 'latency_p95', max: '5ms' }, [0.006, 0.0051, 0.007], 'fail'],
    [{ metric: 'latency_p95', max: '5ms' }, [0.005, 0.004, 0.006], 'inconclusive'],
  ] as Array<[Gate, Numbers, string]>)('%j with %j: %s', (gate, candidate, verdict) => {
    expect(decide(gate, metric(gate.metric, candidate))[0]!.verdict).toBe(verdict)
  })

  it('speaks plainly', () => {
    const [auc] = decide({ metric: 'roc_auc', min: 0.6 }, metric('roc_auc', [0.671, 0.665, 0.677]))
    expect(auc!.reason).toBe('AUC is 0.671 (95 % interval: 0.665 to 0.677; at least 0.6 is asked).')
    const [p95] = decide({ metric: 'latency_p95', max: '5ms' }, metric('latency_p95', [0.0004, 0.00038, 0.00051]))
    expect(p95!.reason).toBe('p95 latency is 0.40 ms (95 % interval: 0.38 to 0.51; at most 5 ms is asked).')
  })

  it('needs an interval, not just a value', () => {
    const found = {
      ...metric('f1', [1, 1, 1]),
      candidate: { value: 1, low: null, high: null, reason: 'There are only 4 rows; an interval needs 30.' },
    }
    const [decision] = decide({ metric: 'f1', min: 0.5 }, found)
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      reason: 'How sure F1 is cannot be told: there are only 4 rows; an interval needs 30.',
    })
  })
})

describe('without a champion', () => {
  const both: Gate = { metric: 'roc_auc', min: 0.6, max_regression: 0.005 }
  const found = metric('roc_auc', [0.7, 0.69, 0.71])

  it('rules that compare are left out where the first version is allowed', () => {
    const decisions = decide(both, found, { champion: null, firstVersion: 'allow' })
    expect(decisions.map(({ rule, verdict }) => [rule, verdict])).toEqual([['min', 'pass']])
  })

  it('they are inconclusive where it is not, and say how to allow it', () => {
    const [, decision] = decide(both, found, { champion: null, firstVersion: 'refuse' })
    expect(decision).toMatchObject({ rule: 'max_regression', verdict: 'inconclusive' })
    expect(decision!.reason).toMatch(/allow it with evaluate\.first_version: allow/)
  })

  it('they are inconclusive where nothing else would judge it', () => {
    const only: Gate = { metric: 'roc_auc', max_regression: 0.005 }
    const [decision] = decide(only, found, { champion: null, firstVersion: 'allow' })
    expect(decision).toMatchObject({ verdict: 'inconclusive' })
    expect(decision!.reason).toMatch(/give a gate a min or a max/)
  })

  it.each(['latency_p95', 'file_size', 'training_time'] as const)(
    'they are inconclusive where all else is not about predictions: %s',
    (name) => {
      const gates: Gate[] = [
        { metric: 'roc_auc', max_regression: 0.005 },
        { metric: name, max: 9 },
      ]
      const decisions = decideGates({
        gates,
        metrics: [found, metric(name, [1, 1, 1])],
        rows: 2000,
        confidence: 0.95,
        champion: null,
        firstVersion: 'allow',
      })
      expect(decisions.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'pass'])
    },
  )
})

describe('the verdict', () => {
  const number = fc.double({ min: -1, max: 1, noNaN: true })
  const numbers = fc.tuple(number, number, number).map((three) => {
    const [low, value, high] = three.sort((a, b) => a - b) as Numbers
    return [value, low, high] as Numbers
  })

  it('always agrees with the interval that is printed', () => {
    fc.assert(
      fc.property(numbers, numbers, number, fc.boolean(), (candidate, difference, limit, lower) => {
        const name = lower ? 'brier_score' : 'roc_auc'
        const gain = limit > 0 ? limit : true
        const gate: Gate = { metric: name, min: limit, max: limit, max_regression: limit, must_improve: gain }
        const [, low, high] = candidate
        const [, worst, best] = lower ? [0, -difference[2], -difference[1]] : difference
        const expected = {
          min: low >= limit ? 'pass' : high < limit ? 'fail' : 'inconclusive',
          max: high <= limit ? 'pass' : low > limit ? 'fail' : 'inconclusive',
          max_regression: worst! >= -limit ? 'pass' : best! < -limit ? 'fail' : 'inconclusive',
          must_improve:
            gain === true
              ? worst! > 0
                ? 'pass'
                : best! <= 0
                  ? 'fail'
                  : 'inconclusive'
              : worst! >= gain
                ? 'pass'
                : best! < gain
                  ? 'fail'
                  : 'inconclusive',
        }
        for (const { rule, verdict, reason, rows_needed } of decide(gate, metric(name, candidate, difference))) {
          expect(verdict).toBe(expected[rule])
          expect(reason).not.toMatch(/NaN|Infinity|undefined|null/)
          if (verdict !== 'inconclusive') expect(rows_needed).toBeNull()
          if (rows_needed !== null) expect(rows_needed).toBeGreaterThanOrEqual(2000)
        }
      }),
    )
  })

  it('is never a pass with NaN, an infinity or nothing among the numbers', () => {
    const poison = fc.constantFrom(Number.NaN, Infinity, -Infinity, null)
    fc.assert(
      fc.property(numbers, numbers, fc.nat(2), poison, (candidate, difference, at, bad) => {
        const gate: Gate = { metric: 'roc_auc', min: -2, max: 2, max_regression: 2, must_improve: true }
        const good = metric('roc_auc', candidate, difference)
        const key = (['value', 'low', 'high'] as const)[at]!
        const broken = {
          ...good,
          candidate: { ...good.candidate, [key]: bad },
          difference: { ...good.difference!, [key]: bad },
        }
        for (const { verdict } of decide(gate, broken)) expect(lets(verdict)).toBe(false)
      }),
    )
  })

  it('is never a pass with NaN anywhere in labels or predictions', () => {
    const sample = simulated(60, 2)
    const gates: Gate[] = BINARY.map((name) => ({ metric: name, min: -9, max: 9, max_regression: 9 }))
    fc.assert(
      fc.property(fc.constantFrom('labels', 'candidate', 'champion'), fc.nat(59), (which, row) => {
        const broken = { ...sample, [which]: sample[which as 'labels'].with(row, Number.NaN) }
        const metrics = compareMetrics(broken, BINARY, { ...options, replicates: 40 })
        const decisions = decide(gates[0]!, metrics[0]!, { gates, metrics })
        for (const { rule, verdict } of decisions) {
          if (which === 'champion' && rule !== 'max_regression') continue
          expect(verdict).toBe('fail')
        }
      }),
      { numRuns: 30 },
    )
  })

  it('of a metric that was not measured, or on no rows, is a failure', () => {
    const [missing] = decide({ metric: 'f1', min: 0 }, metric('roc_auc', [1, 1, 1]))
    expect(missing).toMatchObject({ verdict: 'fail', reason: 'F1 has no value: it was not measured.' })
    const [empty] = compareMetrics(binary([], [], []), ['roc_auc'], options)
    const [decision] = decide({ metric: 'roc_auc', max_regression: 1 }, empty!)
    expect(decision).toMatchObject({ verdict: 'fail', reason: 'AUC has no value: there are no rows to measure on.' })
  })
})

describe('the accuracy gate in the long run', () => {
  /** How often models pass whose accuracies truly differ by `difference`, 6 % of the rows being discordant. */
  function passRate(difference: number, rows: number, runs: number): number {
    const next = uniform(11)
    const [onlyCandidate, discordant] = [0.03 + difference / 2, 0.06]
    let passes = 0
    for (let run = 0; run < runs; run++) {
      const kinds = Array.from({ length: rows }, () => next())
      const right = (is: (kind: number) => boolean) => kinds.map((kind) => (is(kind) ? 0.9 : 0.1))
      const sample = binary(
        Array(rows).fill(1),
        right((kind) => kind < onlyCandidate || kind > discordant),
        right((kind) => kind >= onlyCandidate),
      )
      const metrics = compareMetrics(sample, ['accuracy'], { ...options, confidence: 0.9 })
      const [decision] = decide({ metric: 'accuracy', max_regression: 0.01 }, metrics[0]!, { metrics, confidence: 0.9 })
      passes += +(decision!.verdict === 'pass')
    }
    return passes / runs
  }

  it('passes a model exactly at the margin no more often than promised', () => {
    // 5 %, and three standard errors of 600 runs.
    expect(passRate(-0.01, 1000, 600)).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 600))
  })

  it('passes an equal model as often as the reference computed', () => {
    expect(passRate(0, 2000, 300)).toBeGreaterThan(0.57 - 3 * Math.sqrt((0.57 * 0.43) / 300))
    expect(passRate(0, 2000, 300)).toBeLessThan(0.57 + 3 * Math.sqrt((0.57 * 0.43) / 300))
  })
})
