import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { findAnnotation } from '../src/index.ts'

/** A repository with these files. */
const holding = (files: Record<string, string>) => async (path: string) => files[path] ?? null

const DVC = `
stages:
  train: { cmd: python train.py }
artifacts:
  churn:
    path: models/churn.onnx
    type: model
    desc: Who leaves?
    labels: [tabular, eu]
    meta: { framework: sklearn }
  bare:
`
const GTO = `
rf:
  type: model
  path: models/random-forest.pkl
  virtual: false
  labels: [forest]
  description: Trees
churn:
  type: other
features:
  type: dataset
`

describe('what a repository says of a model', () => {
  it('stands in dvc.yaml, before artifacts.yaml', async () => {
    const read = holding({ 'dvc.yaml': DVC, 'artifacts.yaml': GTO })
    expect(await findAnnotation('churn', read)).toEqual({
      ...{ type: 'model', path: 'models/churn.onnx', description: 'Who leaves?', labels: ['tabular', 'eu'] },
      file: 'dvc.yaml',
    })
    expect(await findAnnotation('rf', read)).toEqual({
      ...{ type: 'model', path: 'models/random-forest.pkl', description: 'Trees', labels: ['forest'] },
      file: 'artifacts.yaml',
    })
    expect(await findAnnotation('features', read)).toMatchObject({ type: 'dataset', path: null, labels: [] })
  })

  it('stands in the dvc.yaml of its folder, with paths from the root', async () => {
    const read = holding({ 'dvc.yaml': DVC, 'models/eu/dvc.yaml': DVC, 'artifacts.yaml': GTO })
    expect(await findAnnotation('models/eu:churn', read)).toMatchObject({
      path: 'models/eu/models/churn.onnx',
      file: 'models/eu/dvc.yaml',
    })
    expect(await findAnnotation('models/eu:rf', read)).toBeNull()
  })

  it('is nothing where no file names it', async () => {
    for (const files of [
      {},
      { 'dvc.yaml': '' },
      { 'dvc.yaml': '# nothing\n' },
      { 'dvc.yaml': DVC, 'artifacts.yaml': GTO },
    ])
      for (const model of ['spam', 'bare', 'constructor'])
        expect(await findAnnotation(model, holding(files))).toBeNull()
  })

  it('stands beside what is said wrongly of others', async () => {
    const others = {
      'dvc.yaml': 'artifacts: { other: { path: 3 }, m: { type: model } }',
      'artifacts.yaml': 'x: 1\nrf:',
    }
    expect(await findAnnotation('m', holding(others))).toMatchObject({ type: 'model' })
    expect(await findAnnotation('rf', holding(others))).toBeNull()
  })

  it.each([
    ['dvc.yaml', 'artifacts: [', /^dvc\.yaml is no YAML \(.*\)\. Mend the file\.$/],
    ['dvc.yaml', 'artifacts: { m: { path: 3 } }', /^dvc\.yaml is wrong at artifacts\.m\.path: .*\. Mend the file\.$/],
    ['artifacts.yaml', 'm: model.pkl', /^artifacts\.yaml is wrong at m: .*\. Mend the file\.$/],
  ])('is refused where %s is %s', async (file, text, sentence) => {
    const found = findAnnotation('m', holding({ [file]: text }))
    await expect(found).rejects.toThrow(UserError)
    await expect(found).rejects.toThrow(sentence)
  })
})
