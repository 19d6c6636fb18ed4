import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { modelFile } from '../src/model-file.ts'
import { prepareProgram } from '../src/programs/prepare.ts'
import { list } from '../src/programs/python-text.ts'
import { type TrainSettings, trainProgram } from '../src/programs/train.ts'
import { repository, table } from './support.ts'

const PATH = `${process.env.MODELYARD_PYTHON ?? ''}${delimiter}${process.env.PATH}`

async function runProgram(root: string, text: string): Promise<string> {
  await writeFile(join(root, 'program.py'), text)
  const { stdout } = await promisify(execFile)('python3', ['program.py'], { cwd: root, env: { ...process.env, PATH } })
  return stdout
}

const divide = (data: string, id?: string) => {
  const ending = /\.csv/.test(data) ? '.csv' : /\.jsonl/.test(data) ? '.jsonl' : '.parquet'
  return prepareProgram({
    data,
    train: `d/train${ending}`,
    holdout: `d/holdout${ending}`,
    id,
    share: 0.3,
    frames: 'polars',
  })
}

const rowsOf = async (root: string, name: string) => (await readFile(join(root, name), 'utf8')).trimEnd().split('\n')

/** Names with what turns the direction of writing, ends a line, or is not seen at all; the last is no single unit. */
const HOSTILE = ['a\u202eb', 'c\u2066d', 'e\u061cf', 'g\u2028h', 'i\ufeffj', 'k\u009bl', 'm\u{e0041}n']
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/u

describe('names with what is not seen', () => {
  it('are escaped in Python, and mean the same', async () => {
    const text = `import json\nprint(json.dumps(${list(HOSTILE)}))\n`
    expect(text).not.toMatch(UNSEEN)
    expect(JSON.parse(await runProgram(await repository(), text))).toEqual(HOSTILE)
  })

  it.each(HOSTILE)('are escaped in model.yaml, and mean the same: %j', (label) => {
    const data = { prepare: `python ${label}`, contract: 'c.yaml', train: 'a.csv', holdout: 'b.csv', label }
    const train = { run: 'true', inputs: [label], model: 'out.onnx' }
    const text = modelFile({ name: 'wine', task: 'regression', data, train, classes: 0 })
    expect(text).not.toMatch(UNSEEN)
    expect(parse(text)).toMatchObject({ data, train })
  })
})

describe('the program that divides the data', () => {
  it.each([undefined, 'wine_id'])(
    'gives every row to one side, by %s, and never moves it when rows are added',
    async (id) => {
      const root = await repository(undefined, { 'wine.csv': table(400) })
      const sides = async () => {
        await runProgram(root, divide('wine.csv', id))
        const [[, ...train], [, ...holdout]] = [await rowsOf(root, 'd/train.csv'), await rowsOf(root, 'd/holdout.csv')]
        return { train, holdout }
      }
      const { train, holdout } = await sides()
      expect([...train, ...holdout].sort()).toEqual(table(400).trimEnd().split('\n').slice(1).sort())
      expect(holdout.length / 400).toBeCloseTo(0.3, 1)

      await writeFile(join(root, 'wine.csv'), table(500))
      const later = await sides()
      expect(later.holdout.slice(0, holdout.length)).toEqual(holdout)
      expect(await sides()).toEqual(later)
    },
  )

  it('keeps quoted values, and reads packed text and JSON lines', async () => {
    const root = await repository()
    const text = `id,note\n${Array.from({ length: 50 }, (_, row) => `${row},"a, ""b""\n${row}"\n`).join('')}`
    await writeFile(join(root, 'a.csv.gz'), gzipSync(text))
    await runProgram(root, divide('a.csv.gz', 'id'))
    const parts = await Promise.all(['train', 'holdout'].map((side) => readFile(join(root, `d/${side}.csv`), 'utf8')))
    expect(parts.join('').length).toBe(text.length + 'id,note\n'.length)
    await writeFile(join(root, 'a.jsonl'), Array.from({ length: 50 }, (_, row) => `{"id": ${row}}\n`).join(''))
    await runProgram(root, divide('a.jsonl', 'id'))
    expect([...(await rowsOf(root, 'd/train.jsonl')), ...(await rowsOf(root, 'd/holdout.jsonl'))]).toHaveLength(50)
  })

  it.each([undefined, 'wine_id'])('divides Parquet by %s', async (id) => {
    const root = await repository(undefined, { 'wine.csv': table(200) })
    await runProgram(root, 'import polars as pl\npl.read_csv("wine.csv").write_parquet("wine.parquet")\n')
    await runProgram(root, divide('wine.parquet', id))
    const count =
      'import polars as pl\nprint(*(pl.read_parquet(f"d/{side}.parquet").height for side in ("train", "holdout")))\n'
    const [train, holdout] = (await runProgram(root, count)).split(' ').map(Number)
    expect(train! + holdout!).toBe(200)
    expect(holdout! / 200).toBeCloseTo(0.3, 1)
  })
})

describe('the program that trains', () => {
  const settings: TrainSettings = {
    commands: ['python3 look.py'],
    data: ['wine.csv'],
    train: 'd/train.csv',
    holdout: 'd/holdout.csv',
    predictions: 'out/predictions.csv',
    frames: undefined,
    task: 'binary-classification',
    model: 'seen.onnx',
    out: 'out/model.onnx',
    features: [],
    text: [],
    classes: [],
  }
  // "Trains" by writing down every row of every file that it finds where it runs.
  const LOOK = `from pathlib import Path
rows = [line for file in sorted(Path(".").rglob("*.csv*")) for line in file.read_bytes().splitlines()]
Path("seen.onnx").write_bytes(b"\\n".join(rows))
`

  async function look(files: Record<string, string | Buffer>, changes: Partial<TrainSettings>): Promise<string> {
    const root = await repository(undefined, { 'look.py': LOOK, 'd/.gitignore': '*' })
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), content)
    }
    await runProgram(root, trainProgram({ ...settings, ...changes }))
    return readFile(join(root, 'out/model.onnx'), 'latin1')
  }

  it('shows the code the training rows in place of all rows, and no other', async () => {
    const seen = await look(
      { 'wine.csv': 'id\nkept\nheld\n', 'd/train.csv': 'id\nkept\n', 'd/holdout.csv': 'id\nheld\n' },
      {},
    )
    expect(seen).toBe('id\nkept')
  })

  it('shows the code the training rows in place of the hold-out that is there', async () => {
    const changes = { data: ['train.csv', 'test.csv'], train: 'train.csv' }
    const seen = await look({ 'train.csv': 'id\nkept\n', 'test.csv': 'id\nheld\n' }, changes)
    expect(seen).toBe('id\nkept\nid\nkept')
  })

  it('packs what the code reads packed', async () => {
    const seen = await look(
      { 'wine.csv.gz': gzipSync('id\nheld\n'), 'd/train.csv': 'id\nkept\n' },
      { data: ['wine.csv.gz'] },
    )
    expect(gunzipSync(Buffer.from(seen, 'latin1')).toString()).toBe('id\nkept\n')
  })

  it('never passes a model off that was there before', async () => {
    const files = { 'd/train.csv': 'id\n', 'wine.csv': 'id\n', 'old.onnx': 'old' }
    await expect(look(files, { model: 'old.onnx' })).rejects.toThrow('Nothing was saved at old.onnx. Correct MODEL in')
  })

  it('fails when the code fails', async () => {
    await expect(look({ 'd/train.csv': 'id\n' }, { commands: ['exit 3'] })).rejects.toThrow(
      "'exit 3' returned non-zero",
    )
  })

  it.each([
    ['no model', '{"a": 1}', 'm.joblib holds a dict, no model that predicts. Save the fitted pipeline alone.'],
    [
      'a model of columns that are made before it',
      'LogisticRegression().fit(pl.DataFrame({"made": [0, 1]}), [0, 1])',
      'The model takes made, which the data do not have. Let the saved pipeline make that itself.',
    ],
    [
      'a model of another number of columns',
      'LogisticRegression().fit([[0], [1]], [0, 1])',
      'The model takes 1 columns: name them in FEATURES, in their order.',
    ],
  ])('refuses %s', async (_, saved, sentence) => {
    const code = `import joblib\nimport polars as pl\nfrom sklearn.linear_model import LogisticRegression\njoblib.dump(${saved}, "m.joblib")\n`
    const changes = { model: 'm.joblib', features: ['acid', 'age'] }
    await expect(look({ 'd/train.csv': 'id\n', 'look.py': code }, changes)).rejects.toThrow(sentence)
  })
})
