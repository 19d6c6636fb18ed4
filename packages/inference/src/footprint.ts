import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serialize } from 'node:v8'
import type { Columns, Dataset } from '@modelyard/data'
import { resolveNative } from '@modelyard/native'
import { childEnvironment, type Provider, type Task, UserError } from '@modelyard/spec'
import type { Tensor } from 'onnxruntime-node'
import { type FeatureOptions, type Features, featuresOf } from './features.ts'
import { inspectBytes } from './inspect.ts'
import { exactly, fixedRows, sessionOptions } from './model.ts'
import { outputsOf, tensorsAsked } from './outputs.ts'
import { readModel } from './read-model.ts'
import { loadRuntime } from './runtime.ts'
import { tensorsOf } from './tensors.ts'
import { withTensors } from './zipmap.ts'

/** What a process needs that loads a model and predicts a batch with it, and nothing else. */
export interface Footprint {
  /** Seconds from the file to a session that can predict. */
  load: number
  /** The most bytes of memory that the whole process held: Node, ONNX Runtime and the model. */
  memory: number
}

export interface FootprintOptions extends FeatureOptions {
  task: Task
  provider: Provider
}

/** Rows of the batch that is predicted, unless the model takes another number at once. */
const BATCH = 1000
const SECONDS = 300

/**
 * The program of the process. It is text, and not a file of this package, because bundlers leave text alone. Memory is
 * that of /proc where there is one: what getrusage says on Linux includes the process that this one was forked from.
 */
const PROGRAM = `
const { readFileSync } = require('node:fs')
const [runtime, model, feeds, asked] = process.argv.slice(1)
const { options, outputs } = JSON.parse(asked)
const { InferenceSession, Tensor, env } = require(runtime)
env.wasm.numThreads = 1
const tensor = ({ type, data, dims }) =>
  type === 'float16' ? Object.assign(new Tensor('uint16', data, dims), { type }) : new Tensor(type, data, dims)
const peak = () => {
  try {
    return Number(/^VmHWM:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
const main = async () => {
  const started = performance.now()
  const session = await InferenceSession.create(model, options)
  const load = (performance.now() - started) / 1000
  const batch = require('node:v8').deserialize(readFileSync(feeds))
  await session.run(Object.fromEntries(Object.entries(batch).map(([name, value]) => [name, tensor(value)])), outputs)
  process.stdout.write(JSON.stringify({ load, memory: peak() }))
}
main()
`

/**
 * Makes ready to measure a model in processes of their own, as often as `measure` is called; close it when done. Throws
 * a `UserError` for a model that is no sound file, does not fit the data, or cannot be loaded.
 */
export async function openFootprint(
  path: string,
  dataset: Dataset,
  { task, provider: asked, ...columns }: FootprintOptions,
): Promise<{ measure(): Promise<Footprint>; close(): Promise<void> }> {
  const bytes = await readModel(path)
  const inspected = inspectBytes(bytes, path)
  const { signature } = inspected
  const { provider, Tensor } = await loadRuntime(asked, 1)
  const runtime = await resolveNative(provider === 'wasm' ? 'onnxruntime-web' : 'onnxruntime')
  const features = featuresOf(inspected, dataset.columns, columns)
  const fixed = fixedRows(signature)
  const batch = await firstRows(dataset, features, fixed ?? BATCH)
  const feeds = tensorsOf(fixed === null ? batch : exactly(fixed, batch, 0), features, signature, Tensor)
  const outputs = tensorsAsked(outputsOf(inspected, task))

  const folder = await mkdtemp(join(tmpdir(), 'modelyard-footprint-'))
  const files = { model: join(folder, 'model.onnx'), feeds: join(folder, 'feeds') }
  await writeFile(files.model, withTensors(bytes, inspected.zipped, signature.outputs))
  await writeFile(files.feeds, serialize(plain(feeds)))
  const options = JSON.stringify({ options: sessionOptions(provider, 1), outputs })
  return {
    async measure() {
      const { stdout } = await run(process.execPath, ['-e', PROGRAM, runtime, files.model, files.feeds, options], {
        env: childEnvironment(process.env),
        timeout: SECONDS * 1000,
      }).catch((cause) => {
        throw new UserError(`The model ${path} cannot be run in a process of its own: ${why(cause)}`, { cause })
      })
      return JSON.parse(stdout) as Footprint
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const run = promisify(execFile)

async function firstRows(dataset: Dataset, { names, text }: Features, count: number): Promise<Columns> {
  for await (const batch of dataset.batches(names, count, { text })) return batch
  throw new UserError('The hold-out has no rows to predict.')
}

/** Tensors as what they are made of, which another process can be given. */
function plain(feeds: Record<string, Tensor>): object {
  return Object.fromEntries(Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims }]))
}

function why(cause: unknown): string {
  const { killed, signal, stderr } = cause as { killed?: boolean; signal?: string; stderr?: string }
  if (killed) return `it took longer than ${SECONDS} seconds.`
  if (signal) return `it was ended by ${signal}, as it is where memory runs out.`
  const said = stderr?.split('\n').find((line) => /Error/.test(line))
  return said ?? 'it ended without an answer.'
}
