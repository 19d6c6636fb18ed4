import { describe, expect, it } from 'vitest'
import { type ModelRecords, type ReportContext, renderReport, renderStepSummary } from '../src/index.ts'
import * as given from './records.ts'

const context: ReportContext = {
  commit: '4f1c2aa9e0b14c0d8c1f7b2a5d6e7f8091a2b3c4',
  runUrl: 'https://github.com/acme/flight-delay/actions/runs/17',
  repositoryUrl: 'https://github.com/acme/flight-delay',
  replay: ['npx modelyard replay gate.json'],
  modelFile: 'model.yaml',
}

function records(change: Partial<ModelRecords> = {}): ModelRecords {
  return {
    model: 'flight-delay',
    validation: given.validation(),
    training: given.training(),
    gate: given.gate(),
    ...change,
  }
}

function without(...kinds: Array<keyof ModelRecords>): ModelRecords {
  return Object.fromEntries(
    Object.entries(records()).filter(([key]) => !kinds.includes(key as keyof ModelRecords)),
  ) as never
}

/** Renders, holds the whole against a file that people look at, and answers with title, verdict and conclusion. */
async function look(name: string, what: ModelRecords, more: ReportContext = {}) {
  const { markdown, title, verdict, conclusion } = renderReport(what, { ...context, ...more })
  await expect(`${markdown}\n`).toMatchFileSnapshot(`fixtures/report-${name}.md`)
  return [title, verdict, conclusion]
}

const { predicate } = given.gate()
const broken = given.validation({
  verdict: 'fail',
  checks: given.brokenChecks,
  reasons: ['41,120 rows of distance are not between 1 and 5,000.'],
})

describe('the first line of a report', () => {
  it('says better only where the whole interval is', async () => {
    expect(await look('better', records())).toEqual([
      '✅ flight-delay is better than v1.0.0: AUC +0.8 points (95\u00a0% interval +0.6 to +1.0)'.replace(
        ' points',
        '\u00a0points',
      ),
      'pass',
      'success',
    ])
  })

  it('says not worse where the interval reaches across no difference', async () => {
    const [auc, ...rest] = predicate.metrics
    const difference = { value: -0.001, low: -0.003, high: 0.001, method: 'delong' }
    const gate = given.gate({ metrics: [{ ...auc!, candidate: given.estimate(0.683), difference }, ...rest] })
    const [title] = await look('not-worse', records({ gate }))
    expect(title).toBe(
      '✅ flight-delay is not worse than v1.0.0: AUC −0.1\u00a0points (95\u00a0% interval −0.3 to +0.1; at most 0.5 worse is allowed)',
    )
  })

  it('says not good enough, and by how much', async () => {
    expect(await look('worse', records({ gate: given.worseGate() }))).toEqual([
      '❌ flight-delay is not good enough to replace v1.0.0',
      'fail',
      'failure',
    ])
  })

  it('says how many rows would settle what it cannot say', async () => {
    const holdout = { ...given.validation().predicate.datasets[1]!, rows: 8000 }
    const validation = given.validation({ datasets: [given.validation().predicate.datasets[0]!, holdout] })
    expect(await look('undecided', records({ validation, gate: given.undecidedGate() }))).toEqual([
      '🟡 flight-delay: not enough evidence to say. About 3,100 more labelled rows would settle it',
      'inconclusive',
      'failure',
    ])
  })

  it('says that a first version has nothing to compare with', async () => {
    expect(await look('first', records({ gate: given.firstGate() }))).toEqual([
      '✅ flight-delay: first version, nothing to compare with. All 3 absolute gates pass',
      'pass',
      'success',
    ])
  })

  it('says how to mend a first version that is not allowed', async () => {
    const reason =
      'There is no version to compare the AUC with. If this is the first version, allow it with evaluate.first_version: allow.'
    const open = { ...predicate.gates[1]!, verdict: 'inconclusive' as const, reason }
    const first = given.firstGate().predicate
    const gate = given.firstGate({ verdict: 'inconclusive', reasons: [reason], gates: [...first.gates, open] })
    const [title, verdict] = await look('first-refused', records({ gate }))
    expect([title, verdict]).toEqual(['🟡 flight-delay: no version to compare with', 'inconclusive'])
  })

  it('says that the data do not pass their checks', async () => {
    expect(await look('broken-data', { model: 'flight-delay', validation: broken })).toEqual([
      '❌ flight-delay: the data do not pass their checks',
      'fail',
      'failure',
    ])
  })

  it('speaks of no contract where there is none, and of the checks that were made all the same', () => {
    const bare = given.validation({ contract: null, checks: given.brokenChecks.slice(-1) })
    const { title, markdown } = renderReport(records({ validation: bare }), {})
    expect(title).toMatch(/^✅/)
    expect(markdown).toContain('the data pass their checks, without a contract')
    expect(markdown).toMatch(/1.check, all pass/)
    expect(markdown).not.toMatch(/the contract|nothing was asked/)
  })

  it('says that training failed, and why', async () => {
    const failure = given.failure(
      'train',
      'python train.py ended with exit code 1: ModuleNotFoundError: No module named sklearn.',
    )
    const what = { model: 'flight-delay', validation: given.validation(), failure }
    expect(await look('training-failed', what)).toEqual(['❌ flight-delay: training failed', 'fail', 'failure'])
  })

  it('shows a command that mends it so that it can be copied: nothing without width in it', () => {
    const command = "gh release upload 'animals@v1.0.0' model.onnx"
    const failure = given.failure('evaluate', `It was deleted. Put it back (\`${command}\`), or not.`)
    const { markdown } = renderReport({ model: 'flight-delay', validation: given.validation(), failure }, {})
    expect(markdown).toContain(`Put it back (\`${command}\`), or not.`)
    expect(renderStepSummary(failure)).toContain(`\`${command}\``)
  })

  it('says that the candidate is the champion, byte for byte', async () => {
    const zero = { value: 0, low: 0, high: 0 }
    const metrics = predicate.metrics.map((metric) => ({ ...metric, difference: { ...metric.difference!, ...zero } }))
    const gate = given.gate({ champion: { ...predicate.champion!, sha256: predicate.candidate.sha256 }, metrics })
    const [title, verdict] = await look('identical', records({ gate }))
    expect([title, verdict]).toEqual(['✅ flight-delay is byte for byte the same as v1.0.0: nothing changes', 'pass'])
  })

  it('shows why it passes with warnings', async () => {
    const reason = '1 of 3 slices has not enough evidence to say: hour(departure) < 9.'
    const gate = given.gate({ verdict: 'warn', reasons: [reason, predicate.gates[0]!.reason] })
    const [title, ...came] = await look('warned', records({ gate }))
    expect(came).toEqual(['warn', 'success'])
    expect(title).toMatch(/^⚠️ flight-delay is better than v1\.0\.0, with warnings: AUC/)
  })

  it('never begins with a tick where it only warns, whatever warns', () => {
    const warn = { verdict: 'warn', on_inconclusive: 'warn' } as const
    const reasons = ['Not enough evidence.']
    const open = predicate.gates.map((each, at) => (at === 1 ? { ...each, ...warn } : each))
    const same = { ...predicate.champion!, sha256: predicate.candidate.sha256 }
    const first = given.firstGate().predicate
    const titles = [
      records({ gate: given.gate({ verdict: 'warn', reasons, gates: open }) }),
      records({ gate: given.gate({ verdict: 'warn', reasons, champion: same }) }),
      records({ gate: given.firstGate({ verdict: 'warn', reasons }) }),
      records({
        gate: given.firstGate({ verdict: 'warn', reasons, gates: first.gates.map((each) => ({ ...each, ...warn })) }),
      }),
      records({ validation: given.validation({ verdict: 'warn', reasons }) }),
    ].map((each) => renderReport(each).title)
    expect(titles).toEqual([
      '⚠️ flight-delay: not enough evidence to say whether it is good enough to replace v1.0.0; the model file asks only for a warning',
      '⚠️ flight-delay is byte for byte the same as v1.0.0: nothing changes, with warnings',
      '⚠️ flight-delay: first version, nothing to compare with. All 3 absolute gates pass, with warnings',
      '⚠️ flight-delay: first version, nothing to compare with. 3 of 3 absolute gates are undecided, which only warns',
      expect.stringMatching(/^⚠️ flight-delay is better than v1\.0\.0, with warnings: AUC/),
    ])
  })

  it('stays short, however many rules wait', () => {
    const rule = { metric: 'roc_auc', rule: 'max_regression', written: '0.01' } as const
    const gate = given.firstGate({
      waiting: Array.from({ length: 4000 }, (_, at) => ({ ...rule, slice: `x > ${at}` })),
    })
    const { markdown } = renderReport(records({ gate }))
    expect(markdown).toMatch(/x > 9 max_regression 0\.01` and 3990 more\.$/m)
    expect(markdown).not.toContain('x > 10 ')
  })

  it('says beside an undecided slice what would settle it, and no number twice', () => {
    const open = given.slice('hour < 9', 900, [-0.002, -0.008, 0.004], 'warn')
    const told = 'AUC is 0.2 points worse than v1.0.0 (95 % interval: a to b; at most 0.5 points worse is allowed).'
    const settles = 'That is not enough evidence to say: about 700 more labelled rows would settle it.'
    const slices = [{ ...open, reason: `hour < 9: ${told} ${settles}` }]
    const { markdown } = renderReport(records({ gate: given.gate({ slices }) }))
    expect(markdown).toContain(`| ⚠️ ${settles} |`)
  })

  it('does not call first what was judged alone because that was asked', () => {
    const { title } = renderReport(records({ gate: given.firstGate({ alone: true }) }))
    expect(title).toBe(
      '✅ flight-delay: judged alone, as was asked, compared with no version. All 3 absolute gates pass',
    )
  })

  it('says which rules wait for a champion, shows slices without calling them fine, and notes what was left out', () => {
    const slices = [{ ...given.slice('origin = ORD', 3120, [0, 0, 0], 'pass'), champion: null, difference: null }]
    const waiting = [{ metric: 'file_size', rule: 'max_regression', written: '20%' } as const]
    const size = { value: 1200, low: 1200, high: 1200 }
    const metrics = [
      ...given.firstGate().predicate.metrics,
      { name: 'file_size', candidate: size, champion: null, difference: null } as const,
    ]
    const gate = given.firstGate({ slices, waiting, metrics, notes: ['Of origin, 1 value has no slice.'] })
    const { markdown } = renderReport(records({ gate }))
    expect(markdown).toContain(
      '- 1\u00a0rule left out, for there is no version to compare with yet: `File size max_regression 20%`.',
    )
    expect(markdown).toContain('- Of origin, 1 value has no slice.')
    expect(markdown).toMatch(/File size \| 1\.2.kB[^|]*\| max\\_regression 20%: nothing to compare with \|/)
    expect(markdown).toContain('Slices, by AUC: all 1 compared with nothing')
    expect(markdown).not.toMatch(/origin = ORD.*✅/)
  })

  it('says in its first words and in one sentence that the numbers of a fork are claims', async () => {
    const { title, markdown } = renderReport(records(), { claims: true })
    expect(title).toMatch(/^A fork's claim: ✅ flight-delay is better/)
    expect(markdown).toMatch(/^### A fork's claim: ✅ `flight-delay`/)
    expect(markdown).toContain('these numbers are claims of its own run')
    expect(markdown).toContain('trained and judged again')
    expect(renderReport(records()).markdown).not.toMatch(/claim/)
  })
})

describe('what is missing', () => {
  it.each([
    ['validation', 'no validation record, the job ended before the data were checked'],
    ['training', 'no training record, the job ended before a model was trained'],
    ['gate', 'no gate record, the job ended before judging'],
  ] as const)('fails without a %s record', (kind, said) => {
    const { title, verdict, conclusion } = renderReport(without(kind))
    expect([title, verdict, conclusion]).toEqual([`❌ flight-delay: ${said}`, 'fail', 'failure'])
  })

  it('fails without any record', () => {
    expect(renderReport({ model: 'flight-delay' }, { jobFailed: true }).title).toMatch(/^❌ .* the job failed before/)
  })

  it('fails where the job failed after a gate that passes', () => {
    expect(renderReport(records(), { jobFailed: true }).conclusion).toBe('failure')
  })

  it('fails where the gate judged other bytes than were trained, other data than were checked, or another model', () => {
    const other = '0'.repeat(64)
    const misfits = [
      records({ gate: given.gate({ candidate: { sha256: other } }) }),
      records({ gate: given.gate({ holdout: { ...predicate.holdout, sha256: other } }) }),
      { ...records(), model: 'fares' },
    ]
    for (const misfit of misfits) expect(renderReport(misfit)).toMatchObject({ verdict: 'fail', conclusion: 'failure' })
  })

  it('is never better than its gates: a failing one, none at all', () => {
    const failing = predicate.gates.map((gate) => ({ ...gate, verdict: 'fail' as const }))
    expect(renderReport(records({ gate: given.gate({ gates: failing }) })).verdict).toBe('fail')
    expect(renderReport(records({ gate: given.gate({ gates: [] }) })).verdict).toBe('fail')
  })

  it('shows a number that is not known as such, with its reason', () => {
    const [auc, ...rest] = predicate.metrics
    const nothing = { value: null, low: null, high: null, reason: 'Only one class is in the hold-out.' }
    const metrics = [{ ...auc!, candidate: nothing, difference: { ...nothing, method: 'delong' } }, ...rest]
    const gates = predicate.gates.map((gate) =>
      gate.metric === 'roc_auc'
        ? { ...gate, verdict: 'fail' as const, reason: 'AUC has no value: only one class is in the hold-out.' }
        : gate,
    )
    const { markdown, verdict } = renderReport(records({ gate: given.gate({ verdict: 'fail', metrics, gates }) }))
    expect(verdict).toBe('fail')
    expect(markdown).toContain('| AUC | 0.684 | — | — | `·····?·····` | ❌ AUC has no value')
  })

  it('forgets a failure after which the step succeeded', () => {
    const failure = given.failure('train', 'It ended with exit code 1.')
    const later = { started: '2001-04-02T09:00:00.000Z', finished: '2001-04-02T09:01:00.000Z' }
    expect(renderReport(records({ failure, training: given.training({ run: later }) })).verdict).toBe('pass')
    expect(renderReport(records({ failure })).verdict).toBe('fail')
  })
})
