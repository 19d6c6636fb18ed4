import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { type Model, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Known, tellAhead } from '../src/index.ts'

const ROWS = 3000
const GROUPS = 60

let folder: string
let holdout: Dataset
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-ahead-'))
  const rows = Array.from({ length: ROWS }, (_, row) => `${row},${row % GROUPS},${row % 24},${row % 2}`)
  await writeFile(join(folder, 'holdout.csv'), `id,day,hour,y\n${rows.join('\n')}\n`)
  holdout = await openDataset({ root: folder, files: 'holdout.csv' })
})
afterAll(async () => {
  holdout.close()
  await rm(folder, { recursive: true })
})

function modelOf(gates: string, data = ''): Model {
  const text = `
name: m
task: binary-classification
data: { train: train.csv, holdout: holdout.csv, label: y, id: id${data} }
train: { run: "true", inputs: [train.csv], model: out.onnx }
evaluate: { metrics: [accuracy], gates: [${gates}] }
`
  return { ...parseModelFile(text, 'model.yaml'), folder }
}

const ACCURACY = '{ metric: accuracy, max_regression: 0.01 }'
const known: Known[] = [
  { metric: 'accuracy', level: 0.8, differs: { spread: 0.5, basis: 'as v1.1.0 did from v1.0.0' } },
]

describe('what the hold-out of a model file can tell', () => {
  it('is told by its rows, or by its groups where the file names their column', async () => {
    expect(await tellAhead(modelOf(ACCURACY), holdout, () => [])).toMatchObject([{ rows: ROWS, groups: null }])
    const grouped = modelOf(ACCURACY, ', group: day')
    expect(await tellAhead(grouped, holdout, () => [])).toEqual([])
    const [evidence] = await tellAhead(grouped, holdout, ({ groups }) => (groups === GROUPS ? known : []))
    expect(evidence).toMatchObject({ rows: ROWS, groups: GROUPS })
    // (1.96 + 0.84)² · 0.25 / 0.01², in groups of fifty rows.
    expect(evidence!.rows_needed! / 50).toBeCloseTo(19_622, -2)
  })

  it('is told of the part that a gate looks at, with the groups in it', async () => {
    const gate = '{ metric: accuracy, max_regression: 0.01, slice: "hour < 12 AND day < 30" }'
    const [evidence] = await tellAhead(modelOf(gate, ', group: day'), holdout, () => known)
    const inside = Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 24 < 12 && row % GROUPS < 30)
    expect(evidence).toMatchObject({
      slice: 'hour < 12 AND day < 30',
      rows: inside.length,
      groups: new Set(inside.map((row) => row % GROUPS)).size,
    })
  })

  it('is told of nothing where no gate compares, and asks nobody', async () => {
    const ask = () => {
      throw new Error('asked')
    }
    expect(await tellAhead(modelOf('{ metric: accuracy, min: 0.5 }'), holdout, ask)).toEqual([])
  })

  it('is refused for a slice that is no condition, by the key that names it', async () => {
    const gate = '{ metric: accuracy, max_regression: 0.01, slice: "hours < 12" }'
    await expect(tellAhead(modelOf(gate), holdout, () => [])).rejects.toThrow(
      /^evaluate\.gates\[0\]\.slice names "hours < 12"/,
    )
  })
})
