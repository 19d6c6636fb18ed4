import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TOY = join(import.meta.dirname, '../fixtures/toy')

/** What git says, in a folder. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const people = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', '-c', 'init.defaultBranch=main']
  return (await run('git', [...people, ...args], { cwd: folder })).stdout.trim()
}

/** A model file whose training takes one of three models that differ in what they see: plain, better, worse. */
export function toyModel(name: string, changes: Record<string, string> = {}): string {
  const text = `
name: ${name}
owners: ["@acme/ml"]
task: binary-classification
data: { train: data/train.csv, holdout: data/holdout.csv, label: y, id: id }
train: { run: sh train.sh, inputs: [train.sh, candidate.txt], model: out/model.onnx }
evaluate:
  metrics: [roc_auc, accuracy]
  gates:
    - { metric: roc_auc, min: 0.6, max_regression: 0.01 }
  first_version: allow
stages:
  staging: {}
  production: { after: staging, environment: production }
`
  return Object.entries(changes).reduce((whole, [from, to]) => {
    if (!whole.includes(from)) throw new Error(`The toy model has no ${JSON.stringify(from)}.`)
    return whole.replace(from, () => to)
  }, text)
}

/** Writes a toy model with its data and training into a folder of a repository. */
export async function writeModel(
  folder: string,
  modelFile: string,
  candidate: 'plain' | 'better' | 'worse' = 'plain',
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await cp(TOY, folder, { recursive: true })
  await writeFile(join(folder, 'model.yaml'), modelFile)
  await writeFile(
    join(folder, 'train.sh'),
    'mkdir -p out && cp "models/$(cat candidate.txt).onnx" out/model.onnx && echo trained\n',
  )
  await writeFile(join(folder, 'candidate.txt'), candidate)
  await writeFile(join(folder, 'requirements.txt'), '')
  await writeFile(join(folder, '.gitignore'), 'out/\n')
}
