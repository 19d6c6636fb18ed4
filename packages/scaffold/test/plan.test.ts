import { describe, expect, it } from 'vitest'
import { plan } from '../src/index.ts'
import { surveyOf } from './support.ts'

const TRAIN =
  'from sklearn.svm import SVC\ndf = read_csv("wine.csv")\ny = df["good"]\nSVC().fit(X, y)\ndump(m, "m.pkl")\n'
const said = { data: '', label: '' }

function planOf(texts: Record<string, string>, more: Parameters<typeof surveyOf>[1] = {}) {
  return plan(surveyOf(texts, more), said)
}

describe('how a repository trains', () => {
  it('is said by its pipeline before its scripts, in the order of what its stages need', () => {
    const stages = `stages:
  train:
    cmd: python train.py --depth \${train.depth}
    deps: [clean.csv, train.py]
    outs: [m.pkl]
  report: { cmd: python report.py, deps: [m.pkl] }
  clean: { wdir: steps, cmd: [python clean.py, sh check.sh], outs: [../clean.csv] }
  fetch: { cmd: python fetch.py, outs: [other.csv] }
`
    const decided = planOf({ 'dvc.yaml': stages, 'params.yaml': 'train: { depth: 3 }', 'train.py': TRAIN })
    expect(decided.finding).toMatchObject({
      habit: 'DVC pipeline',
      commands: ['cd steps && python clean.py', 'cd steps && sh check.sh', 'python train.py --depth 3'],
    })
  })

  it('is said by an MLflow project, with its parameters at their defaults', () => {
    const project = `name: wine
entry_points:
  check: { command: python check.py }
  main:
    parameters: { alpha: { type: float, default: 0.5 }, rounds: 3 }
    command: python train.py {alpha} --rounds {rounds}
`
    expect(planOf({ MLproject: project, 'train.py': TRAIN }).finding).toMatchObject({
      habit: 'MLflow project',
      commands: ['python train.py 0.5 --rounds 3'],
    })
  })

  it('is said by the lines of a CML workflow that run its scripts, up to the one that trains', () => {
    const workflow = `jobs:
  train:
    steps:
      - run: |
          python -m pip install -r requirements.txt
          python features.py
          python train.py \\
            --fast
          python plots.py
          cml comment create report.md
`
    const texts = { 'features.py': 'print()', 'train.py': TRAIN, 'plots.py': 'print()' }
    expect(planOf(texts, { workflows: new Map([['cml.yml', workflow]]) }).finding).toMatchObject({
      habit: 'CML workflow',
      file: '.github/workflows/cml.yml',
      commands: ['python features.py', expect.stringMatching(/^python train\.py\s+--fast$/)],
    })
  })

  it('takes the script that is called train, runs it where its data are found, and names the others', () => {
    const decided = planOf(
      { 'src/train.py': TRAIN, 'try.py': TRAIN, 'tests/test_train.py': TRAIN },
      { data: ['src/wine.csv'] },
    )
    expect(decided).toMatchObject({
      finding: { habit: 'scikit-learn script', commands: ['cd src && python train.py'], others: ['try.py'] },
      data: { all: 'src/wine.csv' },
      model: 'src/m.pkl',
    })
  })

  it('leaves the hold-out where data are divided already', () => {
    const data = ['data/train.csv', 'data/val.csv', 'data/test.csv']
    expect(
      planOf(
        {
          'train.py': TRAIN.replace(
            'wine.csv',
            'data/train.csv") + read_csv("data/val.csv") + read_csv("data/test.csv',
          ),
        },
        { data },
      ).data,
    ).toEqual({
      train: 'data/train.csv',
      holdout: 'data/test.csv',
    })
  })

  it('counts what a script imports and reads to what decides the model', () => {
    const texts = {
      'train.py': `from lib import clean\nfrom settings import X\nyaml.safe_load(open("params.yaml"))\n${TRAIN}`,
      'lib/__init__.py': '',
      'lib/clean.py': 'import lib.deep',
      'lib/deep.py': '',
      'other.py': '',
      'params.yaml': 'target: good',
    }
    expect(planOf(texts).inputs.sort()).toEqual([
      'lib/__init__.py',
      'lib/clean.py',
      'lib/deep.py',
      'params.yaml',
      'train.py',
    ])
  })

  it('quotes file names for the shell', () => {
    expect(planOf({ "it's; a train.py": TRAIN }).finding.commands).toEqual(["python 'it'\\''s; a train.py'"])
  })
})

describe('a repository from which nothing follows', () => {
  it.each([
    [
      'no code',
      {},
      {},
      'No training was found in this repository: no Python script or notebook that fits a model and saves it. Add it,',
    ],
    [
      'code that saves nothing',
      { 'a.py': 'm.fit(X, y)' },
      {},
      'a.py fits a model and saves it nowhere. Let it end with joblib.dump',
    ],
    [
      'no data',
      { 'train.py': TRAIN },
      { data: [] },
      'No data file was found in this repository: no .csv, .parquet or .jsonl',
    ],
    [
      'data that could be meant',
      { 'train.py': TRAIN.replace('wine.csv', 'x') },
      { data: ['a.csv', 'b.csv'] },
      'Which file holds the data of the model cannot be told: there are a.csv, b.csv. Say it with --data.',
    ],
    [
      'a model without a place',
      { 'train.py': TRAIN.replace('"m.pkl"', 'sys.argv[1]') },
      {},
      'Where train.py saves the model cannot be told.',
    ],
    [
      'another framework',
      { 'train.py': `import xgboost\n${TRAIN}` },
      {},
      'train.py uses xgboost, and init turns models of scikit-learn alone into ONNX.',
    ],
    ['a pipeline that is none', { 'dvc.yaml': ': [', 'a.ipynb': '{"cells": 3}' }, {}, 'No training was found'],
  ])('is told in one sentence: %s', (_, texts, more, sentence) => {
    expect(() => planOf(texts as Record<string, string>, more)).toThrow(sentence)
  })
})
