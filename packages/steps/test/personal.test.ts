import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openDataset, profileDataset } from '@modelyard/data'
import {
  annotationsOf,
  renderJsonSummary,
  renderJUnit,
  renderReport,
  renderStepSummary,
  renderTerminal,
} from '@modelyard/report'
import { type Profile, readModelFile, type Statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { compareWithProfile } from '../src/check-drift.ts'
import type { StepContext } from '../src/context.ts'
import { evaluate, train, validateData, validateModels } from '../src/index.ts'

/** Planted in the personal columns, and in nothing else: text, numbers, times, and the names of categories. */
const PLANTED = /planted|(?<![\d.])9,?876,?\d{3}|19[01]\d-0\d/i

const MODEL = `
name: late
task: binary-classification
data: { train: train.csv, holdout: holdout.csv, contract: late.odcs.yaml, label: late, id: mail }
train: { run: sh train.sh, inputs: [train.sh], model: out/model.json }
evaluate:
  predict: { run: sh predict.sh, predictions: out/judged.csv }
  first_version: allow
  metrics: [roc_auc]
  slices: [city, [city, part], salary]
  gates:
  - { metric: roc_auc, min: 0.5, max_regression: 0.01 }
  - { metric: accuracy_score_difference, by: city, max: 0.9 }
drift: { data: production.csv, window: 7d }
`

/** What every row breaks, row by row and taken together. */
const RULES = {
  mail: 'unique: true, logicalTypeOptions: { maxLength: 3, pattern: "^x" }, quality: [{ metric: duplicateValues, mustBe: 0 }]',
  salary:
    'logicalType: integer, logicalTypeOptions: { minimum: 99999999 }, quality: [{ type: sql, query: "SELECT max({property}) FROM {object}", mustBe: 0 }]',
  born: 'logicalType: date, logicalTypeOptions: { minimum: "2020-01-01" }, quality: [{ type: custom, engine: modelyard, implementation: { check: freshness, max_age: 1d } }]',
  city: 'quality: [{ metric: invalidValues, arguments: { validValues: [Nowhere] }, mustBe: 0 }, { type: custom, engine: modelyard, implementation: { check: drift, reference: production.csv, max: 0.001 } }]',
}

function contract(rules: Partial<typeof RULES>): string {
  const property = (name: keyof typeof RULES, mark: string) =>
    `- { name: ${name}, ${mark}${rules[name] === undefined ? '' : `, logicalType: string, ${rules[name]}`.replace(/, logicalType: string(.*logicalType:)/, '$1')} }`
  return `
apiVersion: v3.1.0
kind: DataContract
id: late
version: 1.0.0
status: active
schema:
- name: late
  properties:
  ${property('mail', 'classification: pii')}
  ${property('salary', 'tags: [confidential]')}
  ${property('born', 'customProperties: [{ property: personal, value: true }]')}
  ${property('city', 'classification: restricted')}
  - { name: x, logicalType: number }
  - { name: part }
  - { name: late, logicalType: integer }
`
}

/** Rows whose personal columns hold nothing but what is planted. */
function rows(from: number, count: number, repeats = false): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const row = from + index
    const twice = repeats && row % 97 === 5 ? row - 1 : row
    const x = Math.sin(row * 7919)
    const day = `19${String(row % 20).padStart(2, '0')}-0${1 + (row % 9)}-11`
    return `planted-${twice}@a.example,${9876000 + (row % 900)},${day},Plantedville ${(row * 31) % (from > 0 ? 4 : 3)},${x.toFixed(3)},${row % 2 ? 'a' : 'b'},${+(x + Math.cos(row) > 0)}`
  })
  return ['mail,salary,born,city,x,part,late', ...lines].join('\n')
}

async function repository(rules: Partial<typeof RULES>) {
  const [root, published] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'modelyard-personal-'))))
  const broken = Object.keys(rules).length > 0
  const holdout = rows(5000, broken ? 300 : 1200, broken)
  const files = {
    'model.yaml': MODEL,
    'late.odcs.yaml': contract(rules),
    'train.csv': rows(0, broken ? 500 : 2000, broken),
    'holdout.csv': broken ? holdout.replaceAll('planted-5000@', 'planted-4@') : holdout,
    'production.csv': rows(20_000, 1500),
    'train.sh': 'mkdir -p out && echo 1 > out/model.json\n',
    'predict.sh': `awk -F, 'NR == 1 { print "mail,probability" } NR > 1 { print $1 "," 1 / (1 + exp(-$5)) }' holdout.csv > out/judged.csv\n`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root!, name), text)
  const said: string[] = []
  const log: StepContext['log'] = {
    info: (line) => void said.push(line),
    warn: ({ message }) => void said.push(message),
    group: (_, work) => work(),
  }
  const store: StepContext['store'] = {
    async publish(name, _, paths) {
      await mkdir(join(published!, name), { recursive: true })
      for (const path of paths) await cp(path, join(published!, name, basename(path)))
    },
    async collect(folder) {
      await cp(published!, folder, { recursive: true })
      return readdirSync(published!)
    },
  }
  const context: StepContext = { root: root!, log, store, run: { id: '7', attempt: 1 } }
  const model = { ...(await readModelFile(join(root!, 'model.yaml'), 'model.yaml')), folder: root! }
  return { root: root!, published: published!, said, context, model }
}

/** The text of every file in a folder, by name. */
function textsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')]),
  )
}

/** What people and programs are shown of records. */
function shown(records: { validation?: Statement<'validation'>; gate?: Statement<'gate'> }): Record<string, string> {
  const all = { model: 'late', ...records }
  const report = renderReport(all)
  return {
    report: report.markdown,
    junit: renderJUnit(all, report),
    json: JSON.stringify(renderJsonSummary(all, report)),
    annotations: JSON.stringify(annotationsOf(all)),
    summaries: Object.values(records).map(renderStepSummary).join('\n'),
    terminal: Object.values(records)
      .map((each) => renderTerminal(each))
      .join('\n'),
  }
}

function expectNothingPlanted(texts: Record<string, string>): void {
  for (const [name, text] of Object.entries(texts)) {
    const at = text.search(PLANTED)
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 100), at + 60), name).toBe('')
  }
}

describe('values of columns that the contract marks as personal', () => {
  it('stand in nothing that validation leaves, though every rule of them is broken', async () => {
    const { context, model, root, said } = await repository(RULES)
    const validation = await validateData(context, model)
    const failing = validation.predicate.checks.filter(({ verdict }) => verdict !== 'pass')
    expect(new Set(failing.map(({ column }) => column))).toEqual(
      expect.objectContaining(new Set(['mail', 'salary', 'born', 'city'])),
    )
    expect(failing.flatMap(({ examples = [] }) => examples).length).toBeGreaterThan(20)
    expectNothingPlanted({ log: said.join('\n'), ...textsIn(join(root, '.modelyard')), ...shown({ validation }) })
  })

  it('stand in nothing that validation leaves, though they are times, or named in another case or otherwise', async () => {
    const { context, model, root } = await repository({})
    const timed = { ...model, data: { ...model.data, time: 'born' } }
    await validateData(context, timed)
    expect(textsIn(join(root, '.modelyard'))).toHaveProperty(['profile.json'])
    expectNothingPlanted(textsIn(join(root, '.modelyard')))
    await writeFile(join(root, 'late.odcs.yaml'), contract({}).replace('city', 'CITY').replace('salary', 'wage'))
    await validateData(context, model)
    expectNothingPlanted(textsIn(join(root, '.modelyard')))
  })

  it('stand in no part that a shard leaves', async () => {
    const { context, published } = await repository(RULES)
    for (const index of [1, 2]) await validateModels(context, 'model.yaml', { shard: { index, of: 2 } })
    expect(Object.keys(textsIn(published))).toHaveLength(2)
    expectNothingPlanted(textsIn(published))
  })

  it('stand in nothing that judging leaves, though slices and groups are made by them', async () => {
    const { context, model, root, said } = await repository({})
    await validateData(context, model)
    await train(context, model, { reuse: false })
    const gate = await evaluate(context, model, { champion: 'none' })
    const names = gate.predicate.slices.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['city = value 1', 'city = value 2, part = a']))
    expect(gate.predicate.fairness?.[0]?.groups.map(({ name }) => name)).toContain('value 1')
    expectNothingPlanted({ log: said.join('\n'), ...textsIn(join(root, '.modelyard')), ...shown({ gate }) })
  })

  it('name no folders: what a run leaves names files', async () => {
    const { context, model, root } = await repository({})
    const folder = join(root, 'city=Plantedville 0')
    await mkdir(folder)
    await writeFile(join(folder, 'train.csv'), 'mail,salary,born,x,part,late\nplanted@a.example,1,1900-01-11,0.5,a,1\n')
    const laidOut = { ...model, data: { ...model.data, train: 'city=*/train.csv', holdout: 'city=*/train.csv' } }
    const refused = await validateData(context, laidOut).catch((error) => error)
    expect(refused.message).toContain(
      'The folders of data files are named by city, which the contract marks as personal',
    )
    expectNothingPlanted({ error: refused.message })
  })

  it('stand in no drift record, though an older version learned them', async () => {
    const { model, root } = await repository({})
    const learned = await profileDataset(await openDataset({ root, files: 'train.csv' }), {
      ...{ model: 'late', leaveOut: ['late'], span: '7d' },
    })
    expect(JSON.stringify(learned)).toMatch(PLANTED)
    const { said } = await compareWithProfile(
      model,
      { version: 'v1.0.0', stage: null },
      learned as Profile,
      '2026-11-21T00:00:00.000Z',
    )
    expect(said.columns.map(({ name }) => name)).toEqual(['x', 'part'])
    expectNothingPlanted({ drift: JSON.stringify(said) })
  })
})
