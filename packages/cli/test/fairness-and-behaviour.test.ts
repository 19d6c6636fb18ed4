import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { readRecord } from '@modelyard/spec'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const BY_SEX = '- { metric: demographic_parity_difference, by: sex, max: 0.3 }'
const CHANGED =
  'behaviour: [{ column: a, noise: 0.05, expect: unchanged, min_share: 0.8 }, { column: a, add: 0.01, max_regression: 50% }]'

/** A field of the protobuf that an ONNX file is: its number, and bytes. */
const field = (number: number, ...parts: Uint8Array[]) => {
  const bytes = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}
/** The metadata that name the two columns of the only input: at the end of a file they are added to what it holds. */
const COLUMNS = field(14, field(1, Buffer.from('columns')), field(2, Buffer.from('["a","b"]')))

/** The toy's data with a column of groups, and its model file with what looks at them and at changed columns. */
async function judged(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-fairness-'))
  await git(folder, 'init', '--quiet')
  const gates = 'max_regression: 0.01 }'
  const changes = { [gates]: `${gates}\n    ${BY_SEX}\n  ${CHANGED}`, 'id: id }': 'id: id, group: household }' }
  await writeModel(folder, toyModel('toy', changes))
  for (const name of ['train', 'holdout']) {
    const file = join(folder, `data/${name}.csv`)
    const [header, ...lines] = (await readFile(file, 'utf8')).trim().split('\n')
    const rows = lines.map((line, row) => `${line},${row % 3 === 0 ? 'f' : 'm'},${Math.floor(row / 4)}`)
    await writeFile(file, [`${header},sex,household`, ...rows].join('\n'))
  }
  await appendFile(join(folder, 'models/plain.onnx'), COLUMNS)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Begin')
  for (const verb of ['validate', 'train']) expect(await run(folder, verb)).toMatchObject({ code: 0 })
  await run(folder, 'evaluate', '--champion', 'none')
  return folder
}

const GATE = '.modelyard/toy/gate.json'

describe('gates on groups and tests of behaviour', () => {
  let folder: string
  beforeAll(async () => {
    folder = await judged()
  })

  it('come from the model file into the record, by groups of rows', async () => {
    const { predicate } = readRecord(await readFile(join(folder, GATE), 'utf8'), 'gate')
    expect(predicate.holdout.groups).toBe(500)
    expect(predicate.fairness).toMatchObject([
      { metric: 'demographic_parity_difference', by: 'sex', groups: [{ name: 'm' }, { name: 'f' }], champion: null },
    ])
    expect(predicate.gates.find(({ by }) => by === 'sex')).toMatchObject({ rule: 'max', limit: 0.3 })
    expect(predicate.behaviour).toMatchObject([
      { column: 'a', change: 'with noise of 0.05 standard deviations', expect: 'unchanged', limit: 0.8 },
      { column: 'a', change: 'plus 0.01', metric: 'roc_auc' },
    ])
  })

  it('come from the record into the report', async () => {
    expect(await run(folder, 'report')).toMatchObject({ code: 0 })
    const report = await readFile(join(folder, '.modelyard/toy/report.md'), 'utf8')
    expect(report).toMatch(/Demographic parity difference/)
    expect(report).toMatch(/with noise of 0\.05 standard deviations/)
  })

  it('are the same again by replay', async () => {
    const { code, out } = await run(folder, 'replay', GATE)
    expect(out.split('\n')[0]).toContain('The same: the gate record of toy says')
    expect(code).toBe(0)
  })
})
