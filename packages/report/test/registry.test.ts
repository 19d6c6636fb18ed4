import type { ModelSummary, PastEvent, VersionDifference, VersionSummary } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  renderDifference,
  renderEvents,
  renderLineage,
  renderModel,
  renderModels,
  renderReference,
  renderVersions,
} from '../src/index.ts'

const time = '2026-04-02T10:00:00.000Z'
const hex = (letter: string) => letter.repeat(64)
const holding = (stage: string, version: string | null, reason = 'AUC +0.8 points.') => ({
  ...{ stage, version, reason, since: time, actor: 'rita', tag: `flight-delay#${stage}#4` },
})
const model = (change: Partial<ModelSummary> = {}): ModelSummary => ({
  ...{ model: 'flight-delay', latest: 'v1.1.0', versions: 2, quarantined: [], deprecated: false, updated: time },
  stages: [holding('staging', 'v1.1.0'), holding('production', 'v1.0.0')],
  ...change,
})
const version = (change: Partial<VersionSummary> = {}): VersionSummary => ({
  ...{
    model: 'flight-delay',
    version: 'v1.1.0',
    time,
    actor: 'ada',
    tag: 'flight-delay@v1.1.0',
    commit: 'a'.repeat(40),
  },
  ...{ stages: ['staging', 'production'], standing: 'in force' as const, digest: hex('3') },
  metrics: [
    { name: 'roc_auc', value: { value: 0.684, low: 0.68, high: 0.688 } },
    { name: 'brier_score', value: { value: 0.1391, low: 0.138, high: 0.14 } },
    { name: 'latency_p95', value: { value: 0.000_41, low: 0.000_4, high: 0.000_42 } },
    { name: 'log_loss', value: { value: null, low: null, high: null, reason: 'undefined' } },
  ],
  ...change,
})
const event = (change: Partial<PastEvent> = {}): PastEvent => ({
  ...{
    model: 'flight-delay',
    kind: 'assignment' as const,
    time,
    actor: 'rita',
    version: 'v1.1.0',
    stage: 'production',
  },
  ...{ tag: 'flight-delay#production#4', commit: 'a'.repeat(40), reason: 'AUC +0.8 points.' },
  ...change,
})
const difference = (change: Partial<VersionDifference> = {}): VersionDifference => ({
  ...{ model: 'flight-delay', from: 'v1.0.0', to: 'v2.0.0', bump: 'major' as const },
  metrics: [
    {
      name: 'roc_auc',
      from: { value: 0.684, low: 0.681, high: 0.687 },
      to: { value: 0.692, low: 0.689, high: 0.695 },
      difference: { value: 0.008, low: 0.006, high: 0.01, method: 'delong' },
    },
    { name: 'log_loss', from: null, to: { value: 0.41, low: 0.4, high: 0.42 }, difference: null },
  ],
  signature: [{ name: 'input hour', from: null, to: { type: 'float', shape: ['N', 1] } }],
  data: [
    { name: 'train: may.parquet', from: null, to: { sha256: hex('b'), bytes: 3_400_000 } },
    { name: 'train: january.parquet', from: { sha256: hex('c'), bytes: 3_100_000 }, to: null },
  ],
  code: Array.from({ length: 20 }, (_, index) => ({
    ...{ name: `src/file-${index}.py`, from: { sha256: hex('d'), bytes: 900 }, to: { sha256: hex('e'), bytes: 950 } },
  })),
  assets: [{ name: 'model.onnx', from: { sha256: hex('1'), bytes: 9 }, to: { sha256: hex('2'), bytes: 9 } }],
  digests: [{ name: 'model', from: hex('1'), to: hex('2') }],
  about: [{ name: 'source commit', from: 'a'.repeat(40), to: 'b'.repeat(40) }],
  ...change,
})

const many = ['dev', 'test', 'staging', 'canary', 'production', 'eu/production']
const pages: Record<string, string> = {
  models: renderModels([
    model({ model: 'churn', quarantined: ['v1.2.0'], stages: [holding('staging', 'v1.1.0')] }),
    model({ stages: [holding('staging', 'a'.repeat(40)), holding('production', null)] }),
    model({ model: 'old', latest: null, versions: 0, stages: [], deprecated: true, updated: null }),
  ]),
  'models-many-stages': renderModels([model({ stages: many.map((stage) => holding(stage, 'v1.10.0')) })]),
  'models-at': renderModels([model()], { at: time }),
  model: renderModel(model({ quarantined: ['v1.2.0'], deprecated: true })),
  'model-empty': renderModel(model({ stages: [], versions: 0, latest: null })),
  versions: renderVersions([
    version(),
    version({ version: 'v1.0.0', standing: 'deprecated', digest: null, metrics: [] }),
  ]),
  events: renderEvents([
    event({ model: 'churn', kind: 'registration', stage: null, reason: '' }),
    event({ kind: 'unassignment' }),
    event({ stage: 'quarantine', reason: 'It answers in Celsius.' }),
    event({ stage: 'quarantine', kind: 'unassignment' }),
    event({ kind: 'deprecation', stage: null, version: null }),
    event({ kind: 'deregistration', stage: null }),
    event({ kind: 'creation', stage: null, version: null }),
    event({ version: 'a'.repeat(40) }),
  ]),
  reference: renderReference({
    ...event(),
    ...{ type: 'model', path: 'out/model.onnx', description: null, labels: ['flights', 'tabular'], message: '' },
  }),
  lineage: renderLineage({
    digest: hex('b').slice(0, 20),
    versions: [
      {
        model: 'flight-delay',
        version: 'v1.0.0',
        time,
        tag: 'flight-delay@v1.0.0',
        role: 'train',
        data: hex('b'),
        file: null,
      },
      {
        model: 'churn',
        version: 'v1.0.0',
        time,
        tag: 'churn@v1.0.0',
        role: 'holdout',
        data: hex('b'),
        file: 'a.parquet',
      },
    ],
    unknown: ['a@v1.0.0', 'b@v1.0.0', 'c@v1.0.0', 'd@v1.0.0'],
  }),
  'lineage-none': renderLineage({ digest: hex('b'), versions: [], unknown: [] }),
  difference: renderDifference(difference()),
  'difference-unpaired': renderDifference(
    difference({ metrics: difference().metrics.map((metric) => ({ ...metric, difference: null })), code: [] }),
  ),
  'difference-none': renderDifference(
    difference({ ...{ bump: 'patch', metrics: [], signature: [], data: [], code: [], digests: [], about: [] } }),
  ),
}

describe('what the command shows of the registry', () => {
  it.each(Object.entries(pages))('reads well, in a hundred columns: %s', async (name, page) => {
    expect(page.split('\n').filter((line) => line.length > 100)).toEqual([])
    await expect(`${page}\n`).toMatchFileSnapshot(`fixtures/registry-${name}.txt`)
  })

  it('lets nothing that people wrote steer a terminal or a runner', () => {
    const spice = fc.constantFrom(
      '\u001b[31m',
      '\u001b]8;;http://x\u0007',
      '\n',
      '\r',
      '::error::x',
      '##[error]',
      '\u202e',
      'a',
    )
    fc.assert(
      fc.property(fc.array(spice, { maxLength: 8 }), (parts) => {
        const text = parts.join('')
        const shown = [
          renderModels([model({ model: text, stages: [holding(text, text, text)] })]),
          renderModel(model({ model: text, stages: [holding(text, text, text)] })),
          renderEvents([event({ actor: text, reason: text })]),
          renderReference({
            ...event({ reason: text }),
            type: text,
            path: text,
            description: text,
            labels: [text],
            message: text,
          }),
          renderVersions([version({ actor: text, stages: [text] })]),
          renderDifference(difference({ about: [{ name: text, from: text, to: text }] })),
        ].join('\n')
        expect(shown).not.toMatch(/[\u001b\r\u202e]|##\[|^\s*::/m)
      }),
    )
  })
})
