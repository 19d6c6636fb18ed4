import { type Evidence, Evidence as EvidenceSchema, type Predicate } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { optionsOf } from '../simulation/cell.ts'
import { drawsOf } from '../simulation/random.ts'
import { accuracyWorld, aucWorld, groupedWorld, type World } from '../simulation/worlds.ts'
import { decide, evidenceAhead, type Known, knownFrom, type Sample, type Size } from '../src/index.ts'

const NOTHING: Known[] = []
const accuracy = (max_regression: number | string) => [{ metric: 'accuracy' as const, max_regression }]
const rowsOnly = (rows: number) => ({ rows, groups: null })

type Gates = Parameters<typeof evidenceAhead>[0]

function ahead(gates: Gates, size: Pick<Size, 'rows' | 'groups'>, known: Known[], parts = new Map<string, Size>()) {
  const whole = { ...size, fewest: 30 }
  return evidenceAhead(gates, { whole, parts }, known).map((each) => EvidenceSchema.parse(each))
}

/** What the action's own decision says of one hold-out. */
function judge(sample: Sample, metric: 'accuracy' | 'roc_auc', max_regression: number) {
  return decide(sample, { ...optionsOf(metric), gates: [{ metric, max_regression }] })
}

const TRIALS = 400
/** Three standard errors of the simulation, and a little for an approximation by the normal curve. */
const NEAR = 3 * Math.sqrt((0.8 * 0.2) / TRIALS) + 0.03

/** How often hold-outs of a world come to a verdict. */
function share(
  verdict: string,
  draw: typeof accuracyWorld,
  world: World,
  [metric, margin]: ['accuracy' | 'roc_auc', number],
): number {
  let counted = 0
  for (let trial = 0; trial < TRIALS; trial++) {
    const [gate] = judge(draw(world, drawsOf(7, 1, trial)), metric, margin).gates
    counted += +(gate!.verdict === verdict)
  }
  return counted / TRIALS
}

describe('what a hold-out can tell before training', () => {
  it.each([0.01, 0.02, 0.05])(
    'is said as the decision then decides: an equal candidate passes in 80 % of cases with the rows that are needed at a margin of %d',
    (margin) => {
      const [{ rows_needed }] = ahead(accuracy(margin), rowsOnly(500), NOTHING) as [Evidence]
      const world = { rows: rows_needed!, discordance: 0.05, difference: 0 }
      expect(Math.abs(share('pass', accuracyWorld, world, ['accuracy', margin]) - 0.8)).toBeLessThan(NEAR)
    },
  )

  it('is as much better, or worse, as passes, or fails, in 80 % of cases', () => {
    const [{ detectable, margin }] = ahead(accuracy(0.01), rowsOnly(1500), NOTHING) as [Evidence]
    const world = { rows: 1500, discordance: 0.05, difference: detectable }
    expect(Math.abs(share('pass', accuracyWorld, world, ['accuracy', 0.01]) - 0.8)).toBeLessThan(NEAR)
    const worse = { ...world, difference: -detectable - 2 * margin }
    expect(Math.abs(share('fail', accuracyWorld, worse, ['accuracy', 0.01]) - 0.8)).toBeLessThan(NEAR)
  })

  it.each([
    ['AUC', aucWorld, 'roc_auc', 2000, 0.1],
    ['accuracy in groups', groupedWorld, 'accuracy', 3000, 0.05],
  ] as const)(
    'follows from the gate record before, for %s on another hold-out',
    { timeout: 60_000 },
    (_, draw, metric, rows, discordance) => {
      const before = draw({ rows, discordance, difference: 0 }, drawsOf(3, 2, 1))
      const gate = {
        confidence: 0.95,
        holdout: { rows, groups: before.groups?.count ?? null },
        champion: { version: 'v1.0.0' },
        metrics: judge(before, metric, 0.01).metrics,
      } as Predicate<'gate'>
      const size = { rows: 2 * rows, groups: before.groups && 2 * before.groups.count }
      const [{ detectable, basis }] = ahead(
        [{ metric, max_regression: 0.01 }],
        size,
        knownFrom(gate, 'v1.1.0', size),
      ) as [Evidence]
      expect(basis).toBe('as v1.1.0 did from v1.0.0')
      // One earlier hold-out tells the spread to about a tenth, which moves 80 % by as much.
      const passes = share('pass', draw, { rows: size.rows, discordance, difference: detectable }, [metric, 0.01])
      expect(Math.abs(passes - 0.8)).toBeLessThan(NEAR + 0.06)
    },
  )

  it('is said in a sentence: too few rows, rows enough, and a margin that no number of rows is enough for', () => {
    const say = (margin: number, rows: number) => ahead(accuracy(margin), rowsOnly(rows), NOTHING)[0]!.sentence
    expect(say(0.005, 8000)).toBe(
      'Accuracy needs about 16,000 rows at a margin of 0.5 points, if the models differ on 5 % of the rows; the hold-out has 8,000 rows: expect not enough evidence, unless the candidate is better by 0.2 points or worse by 1.2 points.',
    )
    expect(say(0.01, 8000)).toBe(
      'Accuracy needs about 4,100 rows at a margin of 1 point, if the models differ on 5 % of the rows; the hold-out has 8,000 rows, so that one that is worse by no more than 0.29 points passes in four of five cases.',
    )
    expect(say(0, 8000)).toBe(
      'Accuracy must not be worse at all, and no number of rows shows that of an equal candidate. With 8,000 rows, one that is truly better by 0.7 points passes in four of five cases, if the models differ on 5 % of the rows.',
    )
    expect(say(0.3, 20)).toBe(
      'Accuracy needs about 30 rows at a margin of 30 points, if the models differ on 5 % of the rows; the hold-out has 20 rows: too few to go by. Expect not enough evidence.',
    )
    expect(say(0, 20)).toBe(
      'Accuracy must not be worse at all, and no number of rows shows that of an equal candidate; the hold-out has 20 rows: too few to go by. Expect not enough evidence.',
    )
    const known = [{ metric: 'rmse' as const, level: 2, differs: { spread: 2, basis: 'as v1.1.0 did from v1.0.0' } }]
    const inGroups = { rows: 3000, groups: 120 }
    expect(ahead([{ metric: 'rmse', max_regression: '10%' }], inGroups, known)[0]!.sentence).toBe(
      'Root mean squared error needs about 20,000 rows in 790 groups at a margin of 0.2, if the models differ as v1.1.0 did from v1.0.0; the hold-out has 3,000 rows in 120 groups: expect not enough evidence, unless the candidate is better by 0.31 or worse by 0.71.',
    )
    expect(ahead([{ metric: 'rmse', must_improve: 0.1 }], inGroups, known)[0]!.sentence).toBe(
      'Root mean squared error must be better by 0.1, and no number of rows shows that of an equal candidate. With 3,000 rows in 120 groups, one that is truly better by 0.61 passes in four of five cases, if the models differ as v1.1.0 did from v1.0.0.',
    )
  })

  it('is said of the part of it that a gate looks at', () => {
    const gates = [{ metric: 'accuracy' as const, max_regression: 0.1, slice: 'hour < 9' }]
    const parts = (rows: number) => new Map([['hour < 9', { rows, groups: null, fewest: 200 }]])
    const [few] = ahead(gates, rowsOnly(8000), NOTHING, parts(150)) as [Evidence]
    expect(few).toMatchObject({ slice: 'hour < 9', rows: 150, rows_needed: 200 })
    expect(few.sentence).toBe(
      'hour < 9: Accuracy needs about 200 rows at a margin of 10 points, if the models differ on 5 % of the rows; the hold-out has 150 rows there: too few to go by. Expect not enough evidence.',
    )
    expect(ahead(gates, rowsOnly(8000), NOTHING, parts(1000))[0]!.sentence).toMatch(
      /the hold-out has 1,000 rows there, so that one that is worse by no more than 7.3 points passes in four of five cases\.$/,
    )
    const share = [{ ...gates[0]!, max_regression: '2%' }]
    const known = [{ metric: 'accuracy' as const, level: 0.8, differs: null }]
    expect(ahead(share, rowsOnly(8000), known, parts(1000))).toEqual([])
    expect(ahead(gates, rowsOnly(8000), NOTHING, parts(0))).toEqual([])
  })

  it('is said for rules that ask for a gain', () => {
    const gates = [{ metric: 'accuracy' as const, must_improve: true as const }]
    expect(ahead(gates, rowsOnly(8000), NOTHING)).toMatchObject([
      { rule: 'must_improve', margin: 0, rows_needed: null },
    ])
    const by = ahead([{ metric: 'accuracy', must_improve: 0.01 }], rowsOnly(8000), NOTHING)
    expect(by).toMatchObject([{ rule: 'must_improve', margin: -0.01, rows_needed: null }])
  })

  it('is said of nothing where no honest assumption exists', () => {
    expect(ahead([{ metric: 'roc_auc', max_regression: 0.01 }], rowsOnly(8000), NOTHING)).toEqual([])
    expect(ahead(accuracy(0.01), { rows: 8000, groups: 100 }, NOTHING)).toEqual([])
    expect(ahead(accuracy('2%'), rowsOnly(8000), NOTHING)).toEqual([])
    expect(ahead([{ metric: 'accuracy', min: 0.5 }], rowsOnly(8000), NOTHING)).toEqual([])
    expect(ahead([{ metric: 'latency_p95', max_regression: '20%' }], rowsOnly(8000), NOTHING)).toEqual([])
    expect(ahead([{ metric: 'accuracy', max_regression: 0.01, slice: 'x > 1' }], rowsOnly(8000), NOTHING)).toEqual([])
    expect(ahead(accuracy(0.01), rowsOnly(0), NOTHING)).toEqual([])
    expect(ahead(accuracy(1e-12), rowsOnly(100), NOTHING)[0]!.rows_needed).toBe(1e12)
  })

  it('takes a share of what the champion had', () => {
    const known = [{ metric: 'accuracy' as const, level: 0.8, differs: null }]
    expect(ahead(accuracy('2%'), rowsOnly(8000), known)[0]!.margin).toBeCloseTo(0.016, 12)
  })

  it('needs fewer rows for a wider margin, and tells more with more rows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.1, noNaN: true }),
        fc.double({ min: 1.01, max: 3, noNaN: true }),
        fc.integer({ min: 30, max: 1e6 }),
        (margin, wider, rows) => {
          const [one] = ahead(accuracy(margin), rowsOnly(rows), NOTHING) as [Evidence]
          const [other] = ahead(accuracy(margin * wider), rowsOnly(rows), NOTHING) as [Evidence]
          expect(other.rows_needed!).toBeLessThanOrEqual(one.rows_needed!)
          const [more] = ahead(accuracy(margin), rowsOnly(rows * 2), NOTHING) as [Evidence]
          expect(more.detectable).toBeLessThan(one.detectable)
          expect(one.detectable <= 0).toBe(rows >= one.rows_needed! || one.rows_needed === 30)
        },
      ),
    )
  })
})

describe('what an earlier gate record tells of how much models differ', () => {
  const gate = (changes: object): Predicate<'gate'> =>
    ({
      confidence: 0.95,
      holdout: { rows: 400, groups: null },
      champion: { version: 'v1.0.0' },
      metrics: [
        {
          name: 'accuracy',
          candidate: { value: 0.8, low: 0.7, high: 0.9 },
          difference: { value: 0, low: -0.0196, high: 0.0196, method: 'tango' },
        },
      ],
      ...changes,
    }) as Predicate<'gate'>

  it('is the spread of a row, from the width of the interval', () => {
    const [{ differs, level }] = knownFrom(gate({}), 'v1.1.0', { groups: null }) as [Known]
    expect(level).toBe(0.8)
    expect(differs!.spread).toBeCloseTo(0.2, 4)
  })

  it('is nothing but the level where there was no champion, no interval, no difference, or other groups', () => {
    const without = [
      gate({ champion: null }),
      gate({ holdout: { rows: 400, groups: 20 } }),
      ...[
        null,
        { value: 0, low: 0, high: 0, method: 'identical' },
        { value: 0, low: null, high: null, method: 'abc' },
      ].map((difference) => gate({ metrics: [{ ...gate({}).metrics[0], difference }] })),
    ]
    for (const each of without)
      expect(knownFrom(each, 'v1.1.0', { groups: null })).toEqual([{ metric: 'accuracy', level: 0.8, differs: null }])
  })
})
