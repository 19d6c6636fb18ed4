import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { type Predicate, parseModelFile, recordsFolder, writeRecord } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import type { StepContext } from '../src/context.ts'
import { withLines } from '../src/gate-lines.ts'
import { type Reported, reportOn } from '../src/report.ts'
import * as answered from './answered-run.ts'

const MODEL = 'flight-delay'

const frozen = async (kind: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, `../../spec/test/fixtures/records/${kind}-v1.json`), 'utf8'))

/** A folder in which the records of a candidate lie that is not good enough, as the model file's line 7 asks. */
async function refused(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'modelyard-report-'))
  await mkdir(join(root, recordsFolder(MODEL)), { recursive: true })
  for (const kind of ['validation', 'training', 'gate']) {
    const record = await frozen(kind)
    record.predicate.run.model_file = 'models/flights/model.yaml'
    if (kind === 'gate') {
      const [first] = record.predicate.gates
      Object.assign(record.predicate, { verdict: 'fail', reasons: ['AUC is worse.'] })
      Object.assign(first, { verdict: 'fail', reason: 'AUC is worse.', line: 7 })
    }
    await writeFile(join(root, recordsFolder(MODEL), `${kind}.json`), writeRecord(record))
  }
  return root
}

function contextOf(root: string, more: Partial<StepContext> = {}) {
  const published: Array<[string, string[]]> = []
  const context: StepContext = {
    root,
    log: { info: () => {}, warn: () => {}, group: (_, work) => work() },
    run: { commit: 'b'.repeat(40) },
    store: {
      publish: async (name, folder, files) => {
        published.push([name, files.map((file) => file.slice(folder.length + 1)).sort()])
      },
      collect: async () => [],
    },
    ...more,
  }
  return { context, published }
}

describe('a report', () => {
  it('is left as files beside the records, and published', async () => {
    const root = await refused()
    const { context, published } = contextOf(root)
    const [{ files, markdown }] = (await reportOn(context, [MODEL])) as [Reported]
    expect(await readFile(join(root, files.markdown), 'utf8')).toBe(markdown)
    expect(await readFile(join(root, files.junit), 'utf8')).toContain('<failure type="fail" message="AUC is worse."/>')
    expect(JSON.parse(await readFile(join(root, files.json), 'utf8'))).toMatchObject({ model: MODEL, passes: false })
    expect(published).toEqual([
      [`modelyard-report-${MODEL}`, ['junit.xml', 'report.json', 'report.md', 'summary.json']],
    ])
  })

  it('marks the gate that failed at its line of the model file', async () => {
    const written: Array<{ output: { annotations: unknown[] } }> = []
    const github = connect({
      ...{ token: 't', repository: 'acme/models', apiUrl: 'http://github.test' },
      fetch: async (input, init) => {
        if (init?.method === 'POST') written.push(JSON.parse(String(init.body)))
        const answer = init?.method === 'POST' ? { id: 1, html_url: '' } : { total_count: 0, check_runs: [] }
        return Object.defineProperty(Response.json(answer), 'url', { value: String(input) })
      },
    })
    await reportOn(contextOf(await refused(), { github }).context, [MODEL])
    expect(written[0]?.output.annotations).toContainEqual({
      path: 'models/flights/model.yaml',
      start_line: 7,
      end_line: 7,
      annotation_level: 'failure',
      title: expect.stringContaining(MODEL),
      message: 'AUC is worse.',
    })
  })
})

describe('reports on many models', () => {
  it('fit together into a job’s summary, of which GitHub takes 1 MiB', async () => {
    const root = await mkdtemp(join(tmpdir(), 'modelyard-report-'))
    const record = await frozen('gate')
    const long = (_: unknown, index: number) => ({ ...record.predicate.gates[0], slice: `${index} ${'x'.repeat(190)}` })
    const gates = Array.from({ length: 195 }, long)
    const models = Array.from({ length: 20 }, (_, index) => `m${index}`)
    for (const model of models) {
      await mkdir(join(root, recordsFolder(model)), { recursive: true })
      for (const kind of ['validation', 'training', 'gate']) {
        const { predicate, ...rest } = JSON.parse(await answered.frozen(kind))
        const said = { ...predicate, model, ...(kind === 'gate' ? { gates } : {}) }
        await writeFile(join(root, recordsFolder(model), `${kind}.json`), writeRecord({ ...rest, predicate: said }))
      }
    }
    const reports = await reportOn(contextOf(root).context, models)
    const summary = reports.map(({ markdown }) => markdown).join('\n\n')
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(100_000)
  })
})

describe('the lines of gates', () => {
  const model = parseModelFile(
    `name: m
task: binary-classification
data: { train: a.csv, holdout: b.csv, label: y }
train: { run: "true", inputs: [a.csv], model: out.onnx }
evaluate:
  metrics: [recall]
  gates:
    - { metric: recall, min: 0.1 }
    - metric: recall
      max_regression: 0.1
    - { metric: recall, min: 0.2, slice: "x > 1" }
    - { metric: recall, min: 0.3 }
`,
    'model.yaml',
  )
  const result = (change: Partial<Predicate<'gate'>['gates'][number]>) => ({
    ...{ metric: 'recall' as const, rule: 'min' as const, limit: 0, written: '0', verdict: 'pass' as const },
    ...{ reason: '', rows_needed: null },
    ...change,
  })

  it('are those that ask for them, by metric, rule and slice, and in order where these are the same', () => {
    const results = [
      result({}),
      result({ rule: 'max_regression' }),
      result({ slice: 'x > 1' }),
      result({ written: '0.3' }),
      result({ metric: 'f1' }),
    ]
    expect(withLines(results, model).map(({ line }) => line)).toEqual([8, 9, 11, 12, undefined])
  })
})
