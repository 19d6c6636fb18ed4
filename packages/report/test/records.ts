import { type Estimate, type Predicate, type Statement, statement, type VersionFile } from '@modelyard/spec'

/** Records as the steps leave them, valid against their schemas; each takes what a test wants to be another. */
const hex = (letter: string) => letter.repeat(64)

const common = {
  model: 'flight-delay',
  verdict: 'pass' as const,
  reasons: [] as string[],
  source: { tree: 'a'.repeat(40), dirty: false },
  engine: { modelyard: '0.1.0', duckdb: '1.5.5', onnxruntime: '1.30.0', provider: 'cpu', threads: 1, seed: 7 },
  run: { started: '2001-04-02T08:00:00.000Z', finished: '2001-04-02T08:00:48.200Z' },
}

const dataset = (role: 'train' | 'holdout', letter: string) => ({
  role,
  sha256: hex(letter),
  files: [{ name: `data/${role}.parquet`, sha256: hex(letter), bytes: role === 'train' ? 3_400_000 : 1_650_000 }],
})

export function validation(change: Partial<Predicate<'validation'>> = {}): Statement<'validation'> {
  return statement('validation', [{ name: 'flight-delay', digest: { sha256: hex('2') } }], {
    ...common,
    contract: { file: 'contracts/flights.odcs.yaml', sha256: hex('3') },
    datasets: [
      { ...dataset('train', '1'), rows: 892_311, columns: columns(8) },
      { ...dataset('holdout', '2'), rows: 48_211, columns: columns(8) },
    ],
    checks: ['distance', 'origin', 'destination', 'late'].flatMap((column) =>
      (['train', 'holdout'] as const).map((role) => ({
        dataset: role,
        column,
        rule: 'nullValues',
        verdict: 'pass' as const,
        expected: 'No distance is missing.',
        found: 'None is.',
        failing: 0,
        line: 12,
      })),
    ),
    ...change,
  })
}

const columns = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: 'DOUBLE' }))

export const brokenChecks: Predicate<'validation'>['checks'] = [
  {
    dataset: 'train',
    column: 'distance',
    rule: 'validValues',
    verdict: 'fail',
    expected: 'distance is between 1 and 5,000.',
    found: '41,120 of 892,311 rows are not; the largest is 7,983.',
    failing: 41_120,
    examples: [
      { file: 'data/train-1.parquet', row: 1204, value: '7983' },
      { file: 'data/train-1.parquet', row: 1311, value: null },
      { file: 'data/train-2.parquet', row: 2, value: '<@everyone> `x`' },
      { file: 'data/train-2.parquet', row: 3 },
    ],
    line: 31,
  },
  {
    dataset: 'train',
    column: 'origin',
    rule: 'nullValues',
    verdict: 'warn',
    expected: 'Less than 1 % of origin is missing.',
    found: '1.4 % are missing.',
    failing: 12_492,
    line: 18,
  },
  {
    dataset: 'holdout',
    column: null,
    rule: 'rowCount',
    verdict: 'pass',
    expected: 'There are at least 1,000 rows.',
    found: 'There are 48,211 rows.',
    failing: 0,
  },
]

export function training(change: Partial<Predicate<'training'>> = {}): Statement<'training'> {
  return statement('training', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
    ...common,
    identity: hex('9'),
    command: 'python train.py',
    code: [
      { name: 'params.yaml', sha256: hex('5'), bytes: 120 },
      { name: 'train.py', sha256: hex('4'), bytes: 2210 },
    ],
    data: [dataset('train', '1'), dataset('holdout', '2')],
    artifact: { name: 'out/model.onnx', sha256: hex('c'), bytes: 412_008 },
    predictions: null,
    signature: {
      inputs: [
        { name: 'distance', type: 'float32', shape: ['batch', 1] },
        { name: 'origin', type: 'string', shape: ['batch', 1] },
      ],
      outputs: [{ name: 'probabilities', type: 'float32', shape: ['batch', 2] }],
    },
    ...change,
  })
}

export const estimate = (value: number | null, low: number | null = null, high: number | null = null): Estimate => ({
  value,
  low,
  high,
})
const difference = (method: string, value: number, low: number, high: number) => ({ value, low, high, method })

type GateRule = Predicate<'gate'>['gates'][number]
const rule = (change: Partial<GateRule> & Pick<GateRule, 'metric' | 'rule' | 'limit'>): GateRule => ({
  written: String(change.limit),
  verdict: 'pass',
  reason: 'It is as asked.',
  rows_needed: null,
  ...change,
})

/** A gate that passes: a little better in AUC, the rest not worse. */
export function gate(change: Partial<Predicate<'gate'>> = {}): Statement<'gate'> {
  return statement('gate', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
    ...common,
    task: 'binary-classification',
    confidence: 0.95,
    holdout: { ...dataset('holdout', '2'), rows: 48_211, groups: 31 },
    candidate: { sha256: hex('c') },
    champion: { version: 'v1.0.0', stage: 'production', sha256: hex('d') },
    metrics: [
      {
        name: 'roc_auc',
        candidate: estimate(0.692, 0.686, 0.698),
        champion: estimate(0.684, 0.678, 0.69),
        difference: difference('delong', 0.008, 0.006, 0.01),
      },
      {
        name: 'brier_score',
        candidate: estimate(0.1391, 0.138, 0.1402),
        champion: estimate(0.1398, 0.1387, 0.1409),
        difference: difference('paired-bootstrap', -0.0007, -0.001, -0.0004),
      },
      {
        name: 'latency_p95',
        candidate: estimate(0.0004),
        champion: estimate(0.00041),
        difference: difference('paired-bootstrap', -0.00001, -0.00003, 0.00001),
      },
      {
        name: 'accuracy',
        candidate: estimate(0.8123, 0.809, 0.8156),
        champion: estimate(0.812, 0.8087, 0.8153),
        difference: difference('tango', 0.0003, -0.0009, 0.0015),
      },
    ],
    gates: [
      rule({ metric: 'roc_auc', rule: 'min', limit: 0.6, written: '0.60' }),
      rule({ metric: 'roc_auc', rule: 'max_regression', limit: 0.005 }),
      rule({ metric: 'brier_score', rule: 'max_regression', limit: 0.002 }),
      rule({ metric: 'latency_p95', rule: 'max', limit: 0.005, written: '5ms' }),
      rule({ metric: 'latency_p95', rule: 'max_regression', limit: 0.000082, written: '20%' }),
    ],
    slices: [
      slice('origin = ORD', 3120, [0.009, 0.002, 0.016], 'pass'),
      slice('origin = ATL', 4207, [0.007, 0.001, 0.013], 'pass'),
      slice('hour(departure) < 9', 11_903, [-0.002, -0.008, 0.004], 'warn'),
    ],
    changed: { newly_right: 837, newly_wrong: 822 },
    parity: { rows: 48_211, max_difference: 1.19e-7, disagreements: 0 },
    ...change,
  })
}

type Slice = Predicate<'gate'>['slices'][number]
export function slice(
  name: string,
  rows: number,
  [value, low, high]: [number, number, number],
  verdict: Slice['verdict'],
): Slice {
  return {
    name,
    rows,
    metric: 'roc_auc',
    candidate: estimate(0.68 + value),
    champion: estimate(0.68),
    difference: difference('delong', value, low, high),
    verdict,
    reason: `${name}: AUC is compared.`,
  }
}

const AUC_WORSE =
  'AUC is 1.3 points worse than the version in production (95 % interval: 1.1 to 1.5 worse; at most 0.5 points worse is allowed).'

/** The gate of EXPERIENCE's mock-up: AUC 1.3 points worse. */
export function worseGate(change: Partial<Predicate<'gate'>> = {}): Statement<'gate'> {
  const { predicate } = gate()
  return gate({
    verdict: 'fail',
    reasons: [AUC_WORSE],
    metrics: [
      {
        name: 'roc_auc',
        candidate: estimate(0.671, 0.665, 0.677),
        champion: estimate(0.684, 0.678, 0.69),
        difference: difference('delong', -0.013, -0.015, -0.011),
      },
      {
        name: 'brier_score',
        candidate: estimate(0.1398, 0.1387, 0.1409),
        champion: estimate(0.1391, 0.138, 0.1402),
        difference: difference('paired-bootstrap', 0.0007, 0.0004, 0.001),
      },
      predicate.metrics[2]!,
      predicate.metrics[3]!,
    ],
    gates: predicate.gates.map((each) =>
      each.metric === 'roc_auc' && each.rule === 'max_regression'
        ? { ...each, verdict: 'fail' as const, reason: AUC_WORSE }
        : each,
    ),
    slices: [
      slice('origin = ORD', 3120, [-0.03, -0.04, -0.02], 'fail'),
      slice('hour(departure) < 9', 11_903, [-0.012, -0.02, -0.004], 'warn'),
      slice('origin = ATL', 4207, [0.001, -0.004, 0.006], 'pass'),
    ],
    changed: { newly_right: 212, newly_wrong: 837 },
    ...change,
  })
}

const AUC_OPEN =
  'AUC is 0.3 points worse than the version in production (95 % interval: 0.9 worse to 0.3 better; at most 0.5 points worse is allowed). That is not enough evidence to say: about 3,100 more labelled rows would settle it.'

/** A gate that cannot say: the interval of AUC reaches across the margin. */
export function undecidedGate(): Statement<'gate'> {
  const { predicate } = gate()
  return gate({
    verdict: 'inconclusive',
    reasons: [AUC_OPEN],
    holdout: { ...predicate.holdout, rows: 8000, groups: null },
    metrics: [
      {
        name: 'roc_auc',
        candidate: estimate(0.681, 0.667, 0.695),
        champion: estimate(0.684, 0.67, 0.698),
        difference: difference('delong', -0.003, -0.009, 0.003),
      },
      ...predicate.metrics.slice(1),
    ],
    gates: predicate.gates.map((each) =>
      each.metric === 'roc_auc' && each.rule === 'max_regression'
        ? { ...each, verdict: 'inconclusive' as const, reason: AUC_OPEN, rows_needed: 11_092 }
        : each,
    ),
  })
}

export function firstGate(change: Partial<Predicate<'gate'>> = {}): Statement<'gate'> {
  const { predicate } = gate()
  return gate({
    champion: null,
    metrics: predicate.metrics.map((metric) => ({ ...metric, champion: null, difference: null })),
    gates: [
      ...predicate.gates.filter(({ rule }) => rule === 'min' || rule === 'max'),
      rule({ metric: 'accuracy', rule: 'min', limit: 0.75 }),
    ],
    slices: predicate.slices.map((each) => ({ ...each, champion: null, difference: null, verdict: 'pass' as const })),
    changed: null,
    ...change,
  })
}

export function failure(step: Predicate<'failure'>['step'], reason: string): Statement<'failure'> {
  return statement('failure', [{ name: 'flight-delay', digest: { sha256: hex('0') } }], {
    ...common,
    verdict: 'fail',
    reasons: [reason],
    step,
  })
}

export const registration = statement('registration', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
  ...common,
  version: 'v1.1.0',
  tag: 'flight-delay@v1.1.0',
  commit: 'b'.repeat(40),
  bump: 'minor',
  digests: { model: hex('c'), gate: hex('e'), training: hex('7'), validation: hex('8') },
  assets: [{ name: 'model.onnx', sha256: hex('c'), bytes: 412_008 }],
  found: false,
  url: 'https://github.com/acme/flight-delay/releases/tag/flight-delay%40v1.1.0',
})

export const deployment = statement('deployment', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
  ...common,
  stage: 'production',
  version: 'v1.1.0',
  tag: 'flight-delay#production#2',
  replaces: 'v1.0.0',
  digest: hex('c'),
  target: { kind: 'command', observed: hex('c') },
  environment: 'production',
  proof: 'oidc',
  approvals: [{ user: 'olga', comment: 'Looks good, @acme/flight-ml' }],
})

export const plan = statement('plan', [], {
  verdict: 'pass',
  reasons: [],
  source: common.source,
  engine: common.engine,
  run: common.run,
  models: [
    { name: 'flight-delay', file: 'models/flight-delay/model.yaml' },
    { name: 'fares', file: 'models/fares/model.yaml' },
  ],
})

export const report = statement('report', [{ name: 'report.md', digest: { sha256: hex('f') } }], {
  ...common,
  reasons: ['✅ flight-delay is better than v1.0.0'],
  records: [{ kind: 'gate', sha256: hex('e') }],
  claims: true,
  body: hex('f'),
})

export const rollback = statement('rollback', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
  ...common,
  reasons: ['production of flight-delay is v1.0.0 again, and v1.1.0 is in quarantine: nothing promotes it by itself.'],
  stage: 'production',
  from: 'v1.1.0',
  to: 'v1.0.0',
  tag: 'flight-delay#production#3',
  quarantine: 'flight-delay#quarantine#1',
  digest: hex('c'),
  target: { kind: 'command', observed: hex('c') },
  environment: 'production',
  proof: 'oidc',
  why: 'out of memory since 09:12',
})

export const retrain = statement('retrain', [], {
  ...common,
  reasons: ['The pull request was opened.'],
  drift: hex('d'),
  outcome: 'opened',
  pull_request: { number: 7, url: 'https://github.com/acme/flight-delay/pull/7' },
  branch: 'modelyard/retrain/flight-delay',
})

export const fetched = statement('fetch', [{ name: 'model.onnx', digest: { sha256: hex('c') } }], {
  ...common,
  version: 'v1.1.0',
  file: { name: 'model.onnx', sha256: hex('c'), bytes: 412_008 },
})

export function versionFile(change: Partial<VersionFile> = {}): VersionFile {
  const judged = gate().predicate
  return {
    schema: 'https://modelyard.dev/version/v1',
    model: 'flight-delay',
    version: 'v1.1.0',
    description: 'Will this flight arrive more than 15 minutes late?',
    owners: ['@acme/flight-ml'],
    task: 'binary-classification',
    source: { commit: 'b'.repeat(40), tree: 'a'.repeat(40) },
    digests: { model: hex('c'), gate: hex('e'), training: hex('7'), validation: hex('8') },
    verdict: 'pass',
    champion: 'v1.0.0',
    metrics: judged.metrics.map(({ name, candidate, difference }) => ({ name, candidate, difference })),
    signature: training().predicate.signature,
    data: training().predicate.data,
    code: training().predicate.code,
    assets: [
      { name: 'model.onnx', sha256: hex('c'), bytes: 412_008 },
      { name: 'MODEL_CARD.md', sha256: hex('6'), bytes: 3120 },
    ],
    ...change,
  }
}

type Column = Predicate<'drift'>['columns'][number]
type Measure = Column['measures'][number]

const deciles = {
  binning: 'deciles of the reference, (a, b]',
  bins: 10,
  zero_rule: 'a share below 0.0001 counts as 0.0001',
  base: 'e' as const,
}
const percentiles = { binning: 'percentiles of the reference, (a, b]', bins: 100, zero_rule: 'none', base: null }
const weeks = (values: Array<number | null>) =>
  values.map((value, index) => ({ start: `2001-0${index < 4 ? 4 : 5}-0${(index % 4) * 2 + 1}T00:00:00.000Z`, value }))

const measured = (change: Partial<Measure>): Measure => ({
  metric: 'ks',
  method: percentiles,
  value: 0.01,
  p: 0.6,
  floor: { warn: 0.05, alarm: 0.1 },
  usual: { low: 0.008, high: 0.021, windows: 8 },
  verdict: 'pass',
  ...change,
})

export const driftColumns: Column[] = [
  {
    name: 'distance',
    kind: 'number',
    verdict: 'fail',
    reason:
      'distance is at a KS distance of 0.31 from the training data since 2001-05-05: whole windows of the training data differ by at most 0.021, and from 0.10 it matters.',
    measures: [
      measured({ value: 0.312, p: 0, verdict: 'fail' }),
      measured({
        metric: 'psi',
        method: deciles,
        value: 0.9,
        p: 0,
        floor: { warn: 0.1, alarm: 0.2 },
        usual: { low: 0, high: 0.004, windows: 8 },
        verdict: 'fail',
      }),
    ],
    trend: weeks([0.01, 0.02, null, 0.015, 0.02, 0.12, 0.31, 0.312]),
    since: '2001-05-05T00:00:00.000Z',
    picture: { labels: ['≤ 400', '400 – 900', '> 900'], before: [0.34, 0.33, 0.33], after: [0.1, 0.3, 0.6] },
  },
  {
    name: 'origin',
    kind: 'category',
    verdict: 'warn',
    reason:
      '0.8 % of the rows hold a value of origin that is not in the training data, most often "ZZZ": whole windows of the training data differ by at most 0.0 %, and from 1.0 % it is an alarm.',
    measures: [
      measured({
        metric: 'new_categories',
        method: null,
        value: 0.008,
        p: 1e-9,
        floor: { warn: 0.005, alarm: 0.01 },
        usual: { low: 0, high: 0, windows: 8 },
        verdict: 'warn',
      }),
    ],
    trend: weeks([0, 0, 0, 0, 0, 0, 0.007, 0.008]),
    since: null,
    picture: {
      labels: ['ORD', 'ATL', 'others', 'not in the training data'],
      before: [0.055, 0.045, 0.9, 0],
      after: [0.05, 0.05, 0.892, 0.008],
    },
  },
  {
    name: 'hour',
    kind: 'number',
    verdict: 'pass',
    reason: 'hour is at a KS distance of 0.01 from the training data: it matters from 0.05.',
    measures: [measured({})],
    trend: weeks([0.01, 0.02, 0.01, 0.015, 0.02, 0.01, 0.011, 0.01]),
    since: null,
    picture: { labels: ['≤ 12', '> 12'], before: [0.5, 0.5], after: [0.49, 0.51] },
  },
]

/** Production in kilometres. */
export function drift(change: Partial<Predicate<'drift'>> = {}): Statement<'drift'> {
  return statement('drift', [{ name: 'production', digest: { sha256: hex('b') } }], {
    ...common,
    verdict: 'fail',
    reasons: driftColumns.filter(({ verdict }) => verdict !== 'pass').map(({ reason }) => reason),
    champion: { version: 'v1.1.0', stage: 'production', sha256: hex('c') },
    profile: { sha256: hex('6'), rows: 892_311, windows: 9 },
    data: {
      sha256: hex('b'),
      files: [{ name: 'data/production/06.parquet', sha256: hex('b'), bytes: 3_400_000 }],
      rows: 461_203,
    },
    window: { span: '7d', start: '2001-06-23T22:00:00.000Z', end: '2001-06-30T22:00:00.000Z', rows: 115_012 },
    columns: driftColumns,
    hints: ['Every quartile of distance is 1.609 times what it was: kilometres instead of miles?'],
    run: { ...common.run, url: 'https://github.com/acme/flight-delay/actions/runs/42' },
    ...change,
  })
}

/** Production like the training data. */
export function calm(): Statement<'drift'> {
  return drift({
    verdict: 'pass',
    reasons: [
      'The one column has not moved away from the training data in 115,012 rows from 2001-06-23 to 2001-06-30.',
    ],
    columns: driftColumns.slice(2),
    hints: [],
  })
}
