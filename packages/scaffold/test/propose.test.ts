import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContract } from '@modelyard/contract'
import { parseModelFile } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { modelName, writeFiles } from '../src/index.ts'
import { placeWorkflows } from '../src/workflows.ts'
import { contentOf, HABITS, proposalFor, repository, table } from './support.ts'

const TRAIN = 'SVC().fit(X, df["good"])\njoblib.dump(m, "m.pkl")\n'

describe('what is proposed', () => {
  it.each(HABITS)('is a model file for the habit %s, with what it assumes', async (habit) => {
    const proposal = await proposalFor(await repository(habit))
    expect(proposal.left).toEqual([])
    expect(proposal.files.at(-1)!.path).toBe('model.yaml')
    const text = contentOf(proposal, 'model.yaml')!
    expect(parseModelFile(text, 'model.yaml')).toMatchObject({ name: 'wine' })
    expect(`${text}\n${proposal.assumed.map((each) => `# ${each}\n`).join('')}`).toMatchSnapshot()
  })

  it('is a contract that our own reader takes, and programs that speak of the repository in constants alone', async () => {
    const root = await repository(undefined, {
      'train.py': TRAIN,
      'a"""\n{x}.csv': table(200),
      'requirements.txt': 'numpy',
    })
    const proposal = await proposalFor(root)
    await writeFiles(root, proposal.files)
    await expect(readContract(join(root, 'contracts/wine.odcs.yaml'))).resolves.toMatchObject({
      object: { name: 'wine' },
    })
    expect(contentOf(proposal, 'modelyard/prepare.py')).toContain('DATA = Path("a\\"\\"\\"\\n{x}.csv")')
  })

  it('is no program where data are divided and the code writes ONNX', async () => {
    const code =
      'read_csv("train.csv")\nSVC().fit(X, df["good"])\nopen("out/m.onnx", "wb").write(x.SerializeToString())\n'
    const root = await repository(undefined, { 'train.py': code, 'train.csv': table(90), 'test.csv': table(60, 90) })
    await writeFile(join(root, 'train.py'), `${code}read_csv("test.csv")\n`)
    const proposal = await proposalFor(root)
    expect(proposal.files.map(({ path }) => path).filter((path) => path.startsWith('modelyard/'))).toEqual([])
    expect(parseModelFile(contentOf(proposal, 'model.yaml')!, 'model.yaml')).toMatchObject({
      data: { train: 'train.csv', holdout: 'test.csv', label: 'good', id: 'wine_id' },
      train: { run: 'python train.py', inputs: ['train.py'], model: 'out/m.onnx' },
    })
  })

  it('fetches what DVC keeps before it is divided', async () => {
    const root = await repository(undefined, {
      'train.py': TRAIN,
      'wine.csv': table(200),
      'wine.csv.dvc': 'outs: []',
      '.gitignore': '/wine.csv\n',
    })
    const { data } = parseModelFile(contentOf(await proposalFor(root), 'model.yaml')!, 'model.yaml')
    expect(data.prepare).toBe('dvc pull wine.csv && python modelyard/prepare.py')
  })

  it('is for the folder that was named, beside workflows of the repository', async () => {
    const root = await repository(undefined, {
      'models/wine red/train.py': TRAIN,
      'models/wine red/wine.csv': table(200),
    })
    const proposal = await proposalFor(root, { folder: 'models/wine red' })
    expect(parseModelFile(contentOf(proposal, 'models/wine red/model.yaml')!, 'model.yaml').name).toBe('wine-red')
    expect(proposal.files.map(({ path }) => path)).toContain('.github/workflows/pull-request.yml')
  })

  it('warns of what the code does to columns outside of the saved pipeline', async () => {
    const code = `df["age"] = df["age"].fillna(0)\ndf["acid"] = np.log(df["acid"])\n${TRAIN}`
    const root = await repository(undefined, { 'train.py': code, 'wine.csv': table(200) })
    expect((await proposalFor(root)).assumed.join('\n')).toContain(
      'The code changes acid, age before the model sees it',
    )
  })

  it('leaves what is there', async () => {
    const root = await repository(undefined, {
      'train.py': TRAIN,
      'wine.csv': table(200),
      'modelyard/train.py': 'mine',
    })
    const proposal = await proposalFor(root)
    expect(proposal.left).toEqual(['modelyard/train.py'])
    expect(contentOf(proposal, 'modelyard/train.py')).toBeUndefined()
  })

  it.each([
    [{ called: 'wine' }, 'wine'],
    [{ called: 'Wine quality (2024)' }, 'Wine-quality-2024'],
    [{ called: '__' }, 'model'],
    [{ called: 'ワイン' }, 'model'],
  ])('has a name that Modelyard takes: %j', (found, name) => {
    expect(modelName(found)).toBe(name)
  })
})

describe('the data', () => {
  it.each([
    [
      'have no such label',
      { 'train.py': TRAIN.replace('good', 'bad') },
      'The code takes bad for the label, and wine.csv has no such column.',
    ],
    [
      'have several labels',
      { 'train.py': TRAIN.replace('df["good"]', 'df[["good", "age"]]') },
      'The code learns several labels at once, good, age, and init writes model files for one. If it is one of them, say --label good; otherwise write model.yaml by hand, with task: multilabel-classification and data.label: [good, age]',
    ],
    [
      'have a label that nobody names',
      { 'train.py': TRAIN.replace('df["good"]', 'y') },
      'Which column is the label cannot be told from the code. The columns are wine_id, acid, age, good. Say it with --label.',
    ],
    [
      'have no numbers for a regression',
      { 'train.py': TRAIN.replace('SVC', 'Ridge') },
      'The code fits a regression, and its label good holds VARCHAR, no numbers.',
    ],
    [
      'have numbers for a classification that are measured',
      { 'train.py': TRAIN.replace('good', 'acid') },
      'The code fits a classifier, and its label acid has numbers that are not whole.',
    ],
    [
      'are divided by semicolons',
      { 'train.py': TRAIN, 'wine.csv': 'acid;good\n1;0\n2;1\n' },
      'wine.csv seems to be separated by ;. Write it again with commas, or as Parquet.',
    ],
    [
      'have one class',
      { 'train.py': TRAIN, 'wine.csv': 'acid,good\n1,no\n2,no\n' },
      'The label good has the same value in every row',
    ],
    [
      'do not hold what the code computes',
      { 'train.py': `y = np.log(df["age"])\n${TRAIN.replace('df["good"]', 'y')}` },
      'The code computes what it learns from age (np.log(df["age"])), and no column holds that.',
    ],
    ['hold no rows', { 'train.py': TRAIN, 'wine.csv': 'acid,good\n' }, 'wine.csv holds no rows'],
  ])('are refused in one sentence where they %s', async (_, files, sentence) => {
    const root = await repository(undefined, { 'wine.csv': table(200), ...files })
    await expect(proposalFor(root)).rejects.toThrow(sentence)
  })

  it('count more than the code where the user says the label', async () => {
    const root = await repository(undefined, { 'train.py': TRAIN, 'wine.csv': table(200) })
    const said = await proposalFor(root, { label: 'good' })
    expect(contentOf(said, 'model.yaml')).toContain('label: good')
    await expect(proposalFor(root, { label: 'nothing' })).rejects.toThrow('Say it with --label.')
  })
})

describe('the workflows', () => {
  const templates = [
    { name: 'release.yml', text: 'uses: modelyard/modelyard/actions/register@v1' },
    { name: 'drift.yml', text: 'uses: modelyard/modelyard/actions/check-drift@v1' },
    { name: 'fork-report.yml', text: 'uses: modelyard/modelyard/actions/report@v1' },
    { name: 'pull-request-shards.yml', text: 'uses: modelyard/modelyard/actions/validate-data@v1' },
  ]

  it.each([
    ['are new', {}, ['.github/workflows/release.yml'], []],
    [
      'keep clear of others of their name',
      { 'release.yml': 'on: push' },
      ['.github/workflows/modelyard-release.yml'],
      [],
    ],
    ['are left where they are ours', { 'release.yml': templates[0]!.text }, [], ['.github/workflows/release.yml']],
    [
      'are left where ours has another name',
      { 'release.yml': 'on: push', 'modelyard-release.yml': templates[0]!.text },
      [],
      ['.github/workflows/modelyard-release.yml'],
    ],
  ])('%s', (_, workflows, written, left) => {
    const placed = placeWorkflows({ workflows: new Map(Object.entries(workflows)) }, templates)
    expect(placed.files.map(({ path }) => path)).toEqual(written)
    expect(placed.left).toEqual(left)
  })

  it('report on forks where that is wanted: the job has a token that may write', () => {
    const placed = placeWorkflows({ workflows: new Map() }, templates, { forks: true })
    expect(placed.files.map(({ path }) => path)).toEqual([
      '.github/workflows/release.yml',
      '.github/workflows/fork-report.yml',
    ])
  })
})

describe('the classes that a model numbers', () => {
  const truth = (rows: number) =>
    table(rows).replaceAll('good\n', 'True\n').replaceAll('poor', 'False').replace('True\n', 'good\n')

  it.each([
    ['are its own names', 'df["good"]', table(200), null],
    ['are in the order of their names', 'LabelEncoder().fit_transform(df["good"])', table(200), ['good', 'poor']],
    ['are in the order of the code', 'df["good"].map({"poor": 0, "good": 1})', table(200), ['poor', 'good']],
    ['are one and the other', 'df["good"] == "good"', table(200), ['poor', 'good']],
    ['are truths, however they are written', 'df["good"]', truth(200), ['false', 'true']],
    ['are truths in the order of the code', 'df["good"].map({True: 0, False: 1})', truth(200), ['true', 'false']],
  ])('%s', async (_, label, data, classes) => {
    const code = `y = ${label}\nSVC().fit(X, y)\njoblib.dump(m, "m.pkl")\n`
    const root = await repository(undefined, { 'train.py': code, 'wine.csv': data })
    const program = contentOf(await proposalFor(root), 'modelyard/train.py')
    const written = /^CLASSES = (.*?) {2}#/m.exec(program!)?.[1]
    expect(JSON.parse(written ?? 'null')).toEqual(classes)
  })
})

describe('the id', () => {
  it.each([
    ['wine_id', 'wine_id'],
    ['wineId', 'wineId'],
    ['ID', 'ID'],
    ['acid', undefined],
    ['paid', undefined],
  ])('of a column that is called %s and never repeats is %s', async (name, id) => {
    const root = await repository(undefined, {
      'train.py': TRAIN,
      'wine.csv': table(200).replace('wine_id,acid', `${name},sour`),
    })
    expect(parseModelFile(contentOf(await proposalFor(root), 'model.yaml')!, 'model.yaml').data.id).toBe(id)
  })

  it('is none that repeats', async () => {
    const root = await repository(undefined, { 'train.py': TRAIN, 'wine.csv': `${table(200)}row1,1,1,poor\n` })
    expect(contentOf(await proposalFor(root), 'model.yaml')).not.toContain('id:')
  })
})
