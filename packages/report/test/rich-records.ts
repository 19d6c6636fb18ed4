import type { DataChanges, Evidence, Predicate, Statement } from '@modelyard/spec'
import { estimate, gate, undecidedGate, validation, worseGate } from './records.ts'

/** Records in which everything is that a gate may look at. */
type Gate = Predicate<'gate'>
type Calibration = NonNullable<Gate['calibration']>['candidate']

const SHARES = [0.041, 0.078, 0.105, 0.131, 0.158, 0.19, 0.229, 0.281, 0.352, 0.498]

function calibration(factor: number): Calibration {
  return {
    equal_width: { bins: 15, error: 0.0061 * factor, expected: 0.0042 },
    equal_mass: { bins: 10, error: 0.0079 * factor, expected: 0.0051 },
    spiegelhalter: { z: 1.31 * factor, p_value: 0.19 / factor },
    curve: SHARES.map((predicted, index) => {
      const observed = predicted * (1 + (index - 5) * 0.02 * factor)
      return { rows: 4821, predicted, observed: estimate(observed, observed - 0.012, observed + 0.012) }
    }),
  }
}

const curve = (power: number) =>
  Array.from({ length: 41 }, (_, index) => ({
    false_positive_rate: index / 40,
    true_positive_rate: (index / 40) ** power,
  }))

const rule = (change: Partial<Gate['gates'][number]> & Pick<Gate['gates'][number], 'metric' | 'rule' | 'limit'>) => ({
  written: String(change.limit),
  verdict: 'pass' as const,
  reason: 'It is as asked.',
  rows_needed: null,
  ...change,
})

/** What stands beside metrics and slices, the same in every gate here. */
const beside: Partial<Gate> = {
  fairness: [
    {
      metric: 'demographic_parity_difference',
      by: 'carrier',
      rate: 'selection_rate',
      groups: [
        { name: 'WN', rows: 9120, rate: estimate(0.081, 0.076, 0.087) },
        { name: 'AA', rows: 7433, rate: estimate(0.102, 0.095, 0.109) },
        { name: 'UA', rows: 6101, rate: estimate(0.144, 0.136, 0.153) },
        { name: 'HA', rows: 212, rate: estimate(0.052, 0.03, 0.091) },
      ],
      left_out: { groups: 2, rows: 37 },
      candidate: estimate(0.092, 0.049, 0.117),
      champion: estimate(0.088),
      p_value: 0.0004,
    },
  ],
  behaviour: [
    {
      column: 'distance',
      change: 'times 1.609344',
      expect: 'unchanged',
      metric: null,
      rows: 48_211,
      found: estimate(0.871, 0.868, 0.874),
      limit: 0.95,
      verdict: 'fail',
      reason:
        'With distance times 1.609344 the prediction stays in 87.1 % of the rows (95 % interval: 86.8 % to 87.4 %; at least 95 % is asked).',
    },
    {
      column: 'origin',
      change: 'empty in 10 % of the rows',
      expect: null,
      metric: 'roc_auc',
      rows: 4821,
      found: estimate(-0.001, -0.002, 0),
      limit: 0.01,
      verdict: 'pass',
      reason: 'AUC is 0.1 points worse.',
    },
  ],
  calibration: { candidate: calibration(1), champion: calibration(1.4) },
  roc: { candidate: curve(0.47), champion: curve(0.44) },
  weakest: [
    {
      where: "origin = 'DEN'",
      rows: 1934,
      metric: 'roc_auc',
      candidate: estimate(0.611, 0.578, 0.644),
      rest: estimate(0.674, 0.668, 0.68),
    },
  ],
  changed: {
    newly_right: 212,
    newly_wrong: 837,
    gathered: [
      { where: "origin = 'ORD' and 18 <= hour(departure)", rows: 1204, newly_right: 11, newly_wrong: 302 },
      { where: "carrier = 'UA'", rows: 6101, newly_right: 40, newly_wrong: 198 },
    ],
  },
}

/** How training data differ from what a version learned. */
export const dataChanges: DataChanges = {
  reference: { sha256: 'e'.repeat(64), rows: 880_120 },
  data: { sha256: '1'.repeat(64), rows: 892_311 },
  compared: 8,
  changed: [
    {
      name: 'distance',
      kind: 'number',
      reason: 'distance is at a KS distance of 0.31 from the training data of v1.0.0.',
      hint: 'The numbers look like those of v1.0.0 times 1.609: kilometres instead of miles?',
      measures: [
        {
          metric: 'ks',
          method: { binning: 'percentiles of the reference', bins: 100, zero_rule: 'none', base: null },
          value: 0.312,
          p: 0,
        },
      ],
      picture: { labels: ['≤ 400', '400 – 900', '> 900'], before: [0.34, 0.33, 0.33], after: [0.1, 0.3, 0.6] },
    },
    {
      name: 'origin',
      kind: 'category',
      reason: '2.1 % of the rows hold a value of origin that v1.0.0 has not seen.',
      measures: [{ metric: 'new_categories', method: null, value: 0.021, p: 0 }],
      picture: { labels: ['ATL', 'ORD', 'others'], before: [0.3, 0.2, 0.5], after: [0.29, 0.2, 0.51] },
      new_categories: [{ name: 'XNA', rows: 12_004 }],
    },
  ],
  more: 0,
  added: ['tail_number'],
  lost: [],
  retyped: [],
}

type Facts = NonNullable<DataChanges['summaries']>[number]

const facts = (change: Partial<Facts['before']>): Facts['before'] => ({
  ...{ type: 'DOUBLE', nulls: 0, distinct: null, min: null, max: null, mean: null, lengths: null },
  ...change,
})

const summaries: Facts[] = [
  {
    name: 'distance',
    reasons: [],
    before: facts({ distinct: 1204, min: '31.0', max: '4962.0', mean: 712.442 }),
    after: facts({ nulls: 12, distinct: 1211, min: '49.9', max: '7985.6', mean: 1146.318 }),
  },
  {
    name: 'late',
    reasons: ['late is true in 27 % of the rows, 21 % in what v1.0.0 learned.'],
    before: facts({ type: 'BOOLEAN', distinct: 2 }),
    after: facts({ type: 'BOOLEAN', distinct: 2 }),
  },
  {
    name: 'departure',
    reasons: [],
    before: facts({ type: 'TIMESTAMP', min: '2001-01-01 00:05:00', max: '2001-02-28 23:59:00' }),
    after: facts({ type: 'TIMESTAMP', min: '2001-01-01 00:05:00', max: '2001-03-31 23:58:00' }),
  },
  {
    name: 'passenger',
    masked: true,
    reasons: ['4.1 % of the rows have no value of passenger, 0.2 % in what v1.0.0 learned.'],
    before: facts({ type: 'VARCHAR', nulls: 1760 }),
    after: facts({ type: 'VARCHAR', nulls: 36_584 }),
  },
]

/** Since the champion much changed; the base branch has the same. */
const changes: NonNullable<Predicate<'validation'>['changes']> = [
  { ...dataChanges, since: 'champion', name: 'v1.0.0', summaries },
  {
    ...dataChanges,
    ...{ since: 'base', name: 'main', reference: { sha256: '6'.repeat(64), rows: 892_311 } },
    ...{ changed: [], added: [] },
  },
]

const resources: Gate['metrics'] = [
  { name: 'file_size', candidate: estimate(412_008, 412_008, 412_008), champion: estimate(398_112), difference: null },
  {
    name: 'cold_load',
    candidate: estimate(0.0123, 0.0119, 0.0131),
    champion: estimate(0.0121, 0.0118, 0.0127),
    difference: { value: 0.0002, low: -0.0004, high: 0.0008, method: 'paired-bootstrap' },
  },
  { name: 'peak_memory', candidate: estimate(184_000_000), champion: estimate(181_000_000), difference: null },
  { name: 'training_time', candidate: estimate(2832.4, 2832.4, 2832.4), champion: null, difference: null },
]

const resourceGates: Gate['gates'] = [
  rule({ metric: 'file_size', rule: 'max', limit: 500_000, written: '500kB', line: 31 }),
  rule({ metric: 'training_time', rule: 'max', limit: 3600, written: '1h', line: 32 }),
  rule({
    metric: 'recall',
    rule: 'min',
    limit: 0.2,
    written: '0.2',
    slice: "origin = 'ORD'",
    candidate: estimate(0.112, 0.098, 0.127),
    champion: estimate(0.131, 0.116, 0.147),
    difference: { value: -0.019, low: -0.033, high: -0.005, method: 'paired-bootstrap' },
    verdict: 'fail',
    reason: "origin = 'ORD': Recall is 0.112 (95 % interval: 0.098 to 0.127; at least 0.2 is asked).",
    line: 33,
  }),
  rule({
    metric: 'demographic_parity_difference',
    rule: 'max',
    limit: 0.1,
    by: 'carrier',
    verdict: 'warn',
    reason:
      'Demographic parity difference by carrier is 0.092 (95 % interval: 0.049 to 0.117; at most 0.1 is asked). That is not enough evidence to say.',
    on_inconclusive: 'warn',
    line: 34,
  }),
]

/** Everything there is, and not good enough. */
export function richGate(change: Partial<Gate> = {}): Statement<'gate'> {
  const { predicate } = worseGate()
  return worseGate({
    ...beside,
    metrics: [...predicate.metrics, ...resources],
    gates: [...predicate.gates.map((each, index) => ({ ...each, line: 25 + index })), ...resourceGates],
    run: { ...predicate.run, model_file: 'models/flight-delay/model.yaml' },
    ...change,
  })
}

/** Not enough evidence, which the model file leaves to a person. */
export function approvalGate(): Statement<'gate'> {
  const { predicate } = undecidedGate()
  return gate({
    ...predicate,
    verdict: 'warn',
    approval: predicate.reasons,
    gates: predicate.gates.map((each) =>
      each.verdict === 'inconclusive'
        ? { ...each, verdict: 'warn' as const, on_inconclusive: 'require-approval' as const }
        : each,
    ),
  })
}

export const evidence: Evidence[] = [
  {
    metric: 'roc_auc',
    rule: 'max_regression',
    margin: 0.005,
    rows: 8000,
    groups: null,
    rows_needed: 12_400,
    detectable: 0.007,
    level: 0.684,
    spread: 0.2,
    basis: 'as v1.0.0 differed from the version before it',
    sentence:
      'At a margin of 0.5 points of AUC you need about 12,400 rows; the hold-out has 8,000: expect not enough evidence unless the candidate is better by more than 0.2 points.',
  },
]

/** A validation that knows what its hold-out can tell, and where its model file lies. */
export function richValidation(change: Partial<Predicate<'validation'>> = {}): Statement<'validation'> {
  const { run } = validation().predicate
  return validation({
    evidence,
    changes,
    profile: { name: 'profile.json', sha256: '6'.repeat(64), bytes: 48_112 },
    run: { ...run, model_file: 'models/flight-delay/model.yaml' },
    ...change,
  })
}
