import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { type Model, readModelFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import type { StepContext } from '../src/context.ts'
import { evaluate, register, train, validateData } from '../src/index.ts'

/** Writes the logistic function of one column, times the weight that is in the model's file. */
const PREDICT = `
weight=$(tr -dc '0-9.-' < "$MODELYARD_MODEL")
awk -F, -v weight="$weight" 'NR == 1 { print "id,probability" } NR > 1 { print $1 "," 1 / (1 + exp(-weight * $2)) }' \\
  data/holdout.csv > out/judged.csv
`

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

/** A checkout of a repository whose model is a number in a JSON file, and the records that its jobs pass on. */
async function checkout() {
  const repository = await server.repository()
  const [root, passed] = await Promise.all(['checkout-', 'passed-'].map((name) => mkdtemp(join(server.folder, name))))
  const bare = await repository.git('rev-parse', '--absolute-git-dir')
  await git(root!, 'clone', '--quiet', bare, '.')
  const predict = 'predict: { run: sh predict.sh, predictions: out/judged.csv }\n  metrics: [roc_auc'
  await writeModel(root!, toyModel('toy', { 'out/model.onnx': 'out/model.json', 'metrics: [roc_auc': predict }))
  await writeFile(join(root!, 'predict.sh'), PREDICT)
  const store: StepContext['store'] = {
    async publish(name, _, files) {
      await mkdir(join(passed!, name), { recursive: true })
      for (const file of files) await cp(file, join(passed!, name, basename(file)))
    },
    async collect(folder) {
      await cp(passed!, folder, { recursive: true })
      return readdir(passed!)
    },
  }
  /** Commits a model of some weight, trains and judges it. */
  const judged = async (weight: number): Promise<{ context: StepContext; model: Model }> => {
    await writeFile(join(root!, 'train.sh'), `mkdir -p out && echo '{"weight": ${weight}}' > out/model.json\n`)
    await git(root!, 'add', '--all')
    await git(root!, 'commit', '--quiet', '--message', `Weigh ${weight}`)
    await git(root!, 'push', '--quiet', 'origin', 'HEAD:main')
    const commit = await repository.git('rev-parse', 'main')
    const log = { info: () => {}, warn: () => {}, group: <T>(_: string, work: () => Promise<T>) => work() }
    const run = { repository: repository.name, commit, trusted: true }
    const context: StepContext = { root: root!, log, store, github: repository.connect(), run }
    const model = { ...(await readModelFile(join(root!, 'model.yaml'), 'model.yaml')), folder: root! }
    await validateData(context, model)
    await train(context, model, { reuse: false })
    return { context, model }
  }
  return { root: root!, repository, judged }
}

describe('a model that is not ONNX', () => {
  it('is registered under its own format, and is the champion that its program runs next', {
    timeout: 60_000,
  }, async () => {
    const { root, repository, judged } = await checkout()
    const first = await judged(0.5)
    expect((await evaluate(first.context, first.model)).predicate.verdict).toBe('pass')
    const [registration] = await register(first.context, { model: 'model.yaml', version: 'auto' })
    expect(registration!.subject[0]!.name).toBe('model.json')
    expect(registration!.predicate.assets[0]!.name).toBe('model.json')
    expect(await repository.git('ls-tree', '--name-only', 'toy@v1.0.0:.modelyard/toy')).toBe('version.json')

    const second = await judged(-1)
    const { verdict, champion, predictions } = (await evaluate(second.context, second.model)).predicate
    expect([verdict, champion?.version]).toEqual(['fail', 'v1.0.0'])
    expect(predictions!.champion).toMatch(/^[0-9a-f]{64}$/)
    expect(await readdir(join(root, '.modelyard/toy/champion/v1.0.0'))).toEqual(['model.json'])
  })
})
