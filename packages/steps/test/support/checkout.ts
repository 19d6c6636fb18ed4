import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { git, toyModel, writeModel } from '@modelyard/scenarios'
import { type Model, readModelFile } from '@modelyard/spec'
import type { Server } from '../../../registry/test/support/repository.ts'
import type { StepContext } from '../../src/context.ts'
import { train, validateData } from '../../src/index.ts'

/** Writes the logistic function of one column, times the weight that is in the model's file. */
const PREDICT = `
weight=$(tr -dc '0-9.-' < "$MODELYARD_MODEL")
awk -F, -v weight="$weight" 'NR == 1 { print "id,probability" } NR > 1 { print $1 "," 1 / (1 + exp(-weight * $2)) }' \\
  data/holdout.csv > out/judged.csv
`

/**
 * A checkout of a repository whose model is a number in a JSON file, and the records that its jobs pass on. `changes`
 * are of the toy's model file.
 */
export async function checkout(server: Server, changes: Record<string, string> = {}) {
  const repository = await server.repository()
  const [root, passed] = await Promise.all(['checkout-', 'passed-'].map((name) => mkdtemp(join(server.folder, name))))
  await git(root!, 'clone', '--quiet', repository.gitDir, '.')
  const predict = 'predict: { run: sh predict.sh, predictions: out/judged.csv }\n  metrics: [roc_auc'
  await writeModel(
    root!,
    toyModel('toy', { 'out/model.onnx': 'out/model.json', 'metrics: [roc_auc': predict, ...changes }),
  )
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
  const said: string[] = []
  /** Commits a model of some weight, trains it, and answers with what it is judged in. */
  const trained = async (weight: number): Promise<{ context: StepContext; model: Model }> => {
    await writeFile(join(root!, 'train.sh'), `mkdir -p out && echo '{"weight": ${weight}}' > out/model.json\n`)
    await git(root!, 'add', '--all')
    await git(root!, 'commit', '--quiet', '--message', `Weigh ${weight}`)
    await git(root!, 'push', '--quiet', 'origin', 'HEAD:main')
    const commit = await repository.git('rev-parse', 'main')
    const info = (line: string) => void said.push(line)
    const log = { info, warn: () => {}, group: <T>(_: string, work: () => Promise<T>) => work() }
    const run = { repository: repository.name, commit, trusted: true }
    const context: StepContext = { root: root!, log, store, github: repository.connect(), run }
    const model = { ...(await readModelFile(join(root!, 'model.yaml'), 'model.yaml')), folder: root! }
    await validateData(context, model)
    await train(context, model, { reuse: false })
    return { context, model }
  }
  return { root: root!, passed: passed!, repository, trained, said }
}
