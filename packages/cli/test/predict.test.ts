import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { type Kind, readRecord, recordDigest, type Statement } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

/** Writes the logistic function of one column, times the weight that is in the model's file. */
const PREDICT = `
weight=$(tr -dc '0-9.-' < "$MODELYARD_MODEL")
awk -F, -v weight="$weight" 'NR == 1 { print "id,probability" } NR > 1 { print $1 "," 1 / (1 + exp(-weight * $2)) }' \\
  data/holdout.csv > out/judged.csv
`

/** A repository whose model is a number in a JSON file, which only its own program can run. */
async function repository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-predict-'))
  await git(folder, 'init', '--quiet')
  const predict = 'predict: { run: sh predict.sh, predictions: out/judged.csv }\n  metrics: [roc_auc'
  await writeModel(folder, toyModel('toy', { 'out/model.onnx': 'out/model.json', 'metrics: [roc_auc': predict }))
  await writeFile(join(folder, 'train.sh'), `mkdir -p out && echo '{"weight": 2}' > out/model.json\n`)
  await writeFile(join(folder, 'predict.sh'), PREDICT)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message', 'Begin')
  return folder
}

async function record<K extends Kind>(folder: string, kind: K): Promise<Statement<K>> {
  return readRecord(await readFile(join(folder, `.modelyard/toy/${kind}.json`), 'utf8'), kind)
}

describe('a model that is not ONNX', () => {
  it('is trained, judged by what its own program predicts, and judged again the same', async () => {
    const folder = await repository()
    for (const verb of ['validate', 'train']) expect(await run(folder, verb)).toMatchObject({ code: 0 })
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({ code: 0 })
    expect(await readdir(join(folder, '.modelyard/toy'))).toContain('model.json')
    expect((await record(folder, 'training')).predicate.signature).toEqual({ inputs: [], outputs: [] })
    const gate = await record(folder, 'gate')
    expect(gate.predicate).toMatchObject({
      verdict: 'pass',
      predictions: { command: 'sh predict.sh', candidate: expect.stringMatching(/^[0-9a-f]{64}$/), champion: null },
    })
    const again = await run(folder, 'replay', '.modelyard/toy/gate.json')
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Digest of the replay: ${recordDigest(gate as Statement)}`),
    })
  })

  it('is no pass where its program fails', async () => {
    const folder = await repository()
    for (const verb of ['validate', 'train']) await run(folder, verb)
    await writeFile(join(folder, 'predict.sh'), 'echo no module named xgboost\nexit 3\n')
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /The command of evaluate\.predict in model\.yaml, "sh predict\.sh", ended with exit code 3\. Its last lines:\n +no module named xgboost/,
      ),
    })
  })
})

/** Writes the weight in the model's file as each row's cost, the first of them more. */
const SCORE = `
weight=$(tr -dc '0-9.-' < "$MODELYARD_MODEL")
awk -F, -v weight="$weight" 'NR == 1 { print "id,cost_loss" } NR > 1 { print $1 "," weight * (1 + NR % 5) }' \\
  data/holdout.csv > out/scores.csv
`

describe('a metric of the repository’s own', () => {
  it('is scored by its program, judged, shown and replayed', async () => {
    const folder = await repository()
    const model = await readFile(join(folder, 'model.yaml'), 'utf8')
    const scores = 'evaluate:\n  scores: { run: sh score.sh, file: out/scores.csv }'
    const gate = 'gates:\n    - { metric: cost_loss, max: 7 }'
    await writeFile(join(folder, 'model.yaml'), model.replace('evaluate:', scores).replace('gates:', gate))
    await writeFile(join(folder, 'score.sh'), SCORE)
    for (const verb of ['validate', 'train']) expect(await run(folder, verb)).toMatchObject({ code: 0 })
    const evaluated = await run(folder, 'evaluate', '--champion', 'none')
    expect(evaluated).toMatchObject({ code: 0, out: expect.stringContaining('Cost loss') })
    const made = await record(folder, 'gate')
    expect(made.predicate).toMatchObject({
      verdict: 'pass',
      scores: { command: 'sh score.sh', candidate: expect.stringMatching(/^[0-9a-f]{64}$/), champion: null },
    })
    expect(made.predicate.gates[0]).toMatchObject({ metric: 'cost_loss', verdict: 'pass' })
    const digest = `Digest of the replay: ${recordDigest(made as Statement)}`
    const replay = () => run(folder, 'replay', '.modelyard/toy/gate.json')
    expect(await replay()).toMatchObject({ code: 0, out: expect.stringContaining(digest) })

    await writeFile(join(folder, 'score.sh'), SCORE.replace('1 + NR', '2 + NR'))
    const other = await replay()
    expect(other.code).not.toBe(0)
    expect(other.out).toContain('cost_loss')
  })

  it('is no pass where its program fails', async () => {
    const folder = await repository()
    const model = await readFile(join(folder, 'model.yaml'), 'utf8')
    const scores = 'evaluate:\n  scores: { run: sh score.sh, file: out/scores.csv }'
    const changed = model.replace('evaluate:', scores).replace('metrics: [', 'metrics: [cost_loss, ')
    await writeFile(join(folder, 'model.yaml'), changed)
    await writeFile(join(folder, 'score.sh'), 'echo no prices\nexit 3\n')
    for (const verb of ['validate', 'train']) await run(folder, verb)
    expect(await run(folder, 'evaluate', '--champion', 'none')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /The command of evaluate\.scores in model\.yaml, "sh score\.sh", ended with exit code 3/,
      ),
    })
  })
})
