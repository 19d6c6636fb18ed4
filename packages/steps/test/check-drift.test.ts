import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset, profileDataset } from '@modelyard/data'
import { type Model, type Profile, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithProfile } from '../src/check-drift.ts'

const DAY = 86_400_000
const LIVE = { version: 'v1.0.0', stage: 'production' }

let model: Model
let profile: Profile
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-drift-'))
  model = {
    ...parseModelFile(
      `
name: m
task: binary-classification
data: { train: train.csv, holdout: train.csv, label: y, id: id, time: at }
train: { run: "true", inputs: [train.csv], model: out.onnx }
evaluate: { metrics: [accuracy], gates: [{ metric: accuracy, min: 0.5 }] }
drift: { data: production.csv, window: 7d }
`,
      'model.yaml',
    ),
    folder,
  }
  await write('train.csv', 8000, 56)
  const train = await openDataset({ root: folder, files: 'train.csv' })
  profile = await profileDataset(train, { model: 'm', leaveOut: ['y', 'id', 'at'], time: 'at', span: '7d' })
  train.close()
})
afterAll(() => rm(model.folder, { recursive: true, force: true }))

/** So many rows, evenly over so many days, of a number that runs through its values again and again. */
function write(name: string, rows: number, days: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, index) => {
    const at = new Date(Date.UTC(2001, 0, 4) + (index * days * DAY) / rows).toISOString().slice(0, 19)
    return `${index},${at},${(index * 37) % 101},${index % 2}`
  })
  return writeFile(join(model.folder, name), `id,at,x,y\n${lines.join('\n')}\n`)
}

const NOW = '2001-01-12T05:23:00.000Z'

const compare = (asked = model) => compareWithProfile(asked, LIVE, profile, NOW)

describe('production data', () => {
  it('that are like the training data pass', async () => {
    await write('production.csv', 1000, 7)
    expect((await compare()).said.verdict).toBe('pass')
  })

  it('that are too few to tell are never a pass', async () => {
    await write('production.csv', 20, 7)
    const { verdict, reasons } = (await compare()).said
    expect(verdict).toBe('inconclusive')
    expect(reasons[0]).toMatch(/^Production has 20 rows.*too few to tell drift from noise\. About \d+ more are needed/)
  })

  it.each([
    ['that are empty', 'id,at,x,y\n', /production\.csv|no row/],
    [
      'of another model',
      'id,at,z\n1,2001-01-08T00:00:00,3\n',
      /^model\.yaml {2}The production data \(drift\.data: production\.csv\) are not what m v1\.0\.0 takes: x \(is not there\)\./,
    ],
    ['of another type', 'id,at,x,y\n1,2001-01-08T00:00:00,high,0\n', /x \(is VARCHAR, not a number\)/],
    ['without times', 'id,x,y\n1,3,0\n', /\bat\b/],
  ])('%s are refused in a sentence', async (_, text, sentence) => {
    await writeFile(join(model.folder, 'production.csv'), text)
    await expect(compare()).rejects.toThrow(sentence)
  })

  it('that are missing are refused by the pattern that names them', async () => {
    await rm(join(model.folder, 'production.csv'), { force: true })
    await expect(compare()).rejects.toThrow(/production\.csv/)
  })

  it('whose newest row is too old say that the export stopped, and are no pass', async () => {
    await write('production.csv', 1000, 7)
    const asked = { ...model, drift: { ...model.drift!, max_age: '24h' } }
    const { verdict, reasons } = (await compare(asked)).said
    expect(verdict).toBe('inconclusive')
    expect(reasons[0]).toBe(
      'The newest row of production is of 2001-01-10, which is older than drift.max_age (24h): look whether the export stopped.',
    )
    const patient = { ...model, drift: { ...model.drift!, max_age: '3d' } }
    expect((await compare(patient)).said.verdict).toBe('pass')
  })

  it('are not compared in other windows than the version was profiled in', async () => {
    const daily = { ...model, drift: { ...model.drift!, window: '1d' } }
    await expect(compare(daily)).rejects.toThrow(
      'drift.window of model.yaml is 1d, but v1.0.0 was profiled in windows of 7d: set it to 7d, or register a new version.',
    )
  })
})
