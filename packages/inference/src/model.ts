import type { Column, Columns } from '@modelyard/data'
import { type Provider, type Signature, type Task, UserError } from '@modelyard/spec'
import { KNOWN } from './allow-list.ts'
import { type OutputTensor, readAnswers } from './answers.ts'
import { type FeatureOptions, type Features, featuresOf } from './features.ts'
import { type InspectedModel, inspectBytes } from './inspect.ts'
import { outputsOf, tensorsAsked } from './outputs.ts'
import { joinPredictions, type Predictions } from './predictions.ts'
import { readModel } from './read-model.ts'
import { loadRuntime, noCuda, type Runtime } from './runtime.ts'
import { tensorsOf } from './tensors.ts'
import { withTensors } from './zipmap.ts'

export interface OpenModelOptions {
  /** Threads within an operator; 1 by default, so that every run gives the same bits. */
  threads?: number
  /** What computes; `cpu` by default, in whose place `wasm` comes where there is no native build. */
  provider?: Provider
}

/** A model that is loaded. Close it when done. */
export interface OnnxModel {
  readonly signature: Signature
  readonly engine: { onnxruntime: string; provider: Provider; threads: number }
  /** The columns that the model reads, out of those that there are. Throws a `UserError` where an input has none. */
  features(columns: readonly Column[], options: FeatureOptions): Features
  /**
   * Predicts a batch of rows: the columns that `features` named, read as text where it said so. `labels: false` leaves
   * out the class that the model chooses, where it gives probabilities.
   */
  predict(batch: Columns, features: Features, task: Task, wanted?: { labels?: boolean }): Promise<Predictions>
  close(): Promise<void>
}

/** ONNX Runtime's `ORT_LOGGING_LEVEL_ERROR`: its warnings are for those who make models. */
const ERRORS = 3

/** Opens an ONNX file that `inspectModel` lets through: the same bytes that were looked at. */
export async function openModel(path: string, options: OpenModelOptions = {}): Promise<OnnxModel> {
  const { threads = 1, provider: asked = 'cpu' } = options
  const bytes = await readModel(path)
  const inspected = inspectBytes(bytes, path)
  const { signature } = inspected
  const runtime = await loadRuntime(asked, threads)
  const session = await createSession(runtime, withTensors(bytes, inspected.zipped, signature.outputs), path, threads)
  const fixed = fixedRows(signature)

  async function run(batch: Columns, features: Features, task: Task, labels: boolean, rows: number) {
    const found = outputsOf(inspected, task)
    const outputs = labels || found.scores === undefined ? found : { scores: found.scores }
    const wanted = tensorsAsked(outputs)
    const feeds = tensorsOf(batch, features, signature, runtime.Tensor)
    const tensors = await session.run(feeds, wanted).catch((cause) => {
      throw new UserError(`The model ${path} cannot be run on these data: ${firstLine(cause)}`, { cause })
    })
    const fed = rowsOf(batch, features)
    return readAnswers(tensors as Record<string, OutputTensor>, {
      task,
      outputs,
      classes: inspected.classes,
      names: inspected.names,
      fed,
      rows,
      labels,
    })
  }

  return {
    signature,
    engine: { onnxruntime: runtime.version, provider: runtime.provider, threads },
    features: (columns, options) => featuresOf(inspected, columns, options),
    async predict(batch, features, task, { labels = true } = {}) {
      const rows = rowsOf(batch, features)
      if (fixed === null || rows === fixed) return run(batch, features, task, labels, rows)
      const parts: Predictions[] = []
      for (let from = 0; from < rows; from += fixed) {
        parts.push(await run(exactly(fixed, batch, from), features, task, labels, Math.min(fixed, rows - from)))
      }
      return joinPredictions(parts)
    },
    close: () => session.release(),
  }
}

async function createSession({ InferenceSession, provider }: Runtime, bytes: Buffer, path: string, threads: number) {
  try {
    return await InferenceSession.create(bytes, sessionOptions(provider, threads))
  } catch (cause) {
    if (provider === 'cuda') throw noCuda(firstLine(cause), cause)
    const why = firstLine(cause)
    // Of an opset that is older than its kernels, or of a type that an operator has none for.
    const mend = /Could not find an implementation/.test(why)
      ? ` Export it with a newer opset, up to ${KNOWN.opsets['ai.onnx']}, and in float.`
      : ''
    throw new UserError(`${path} cannot be loaded by ONNX Runtime: ${why.replace(/\.?$/, '.')}${mend}`, { cause })
  }
}

/** How ONNX Runtime is to run a model, on each operator with so many threads. */
export function sessionOptions(provider: Provider, threads: number) {
  return {
    executionProviders: [provider],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: ERRORS,
  } as const
}

/** How many rows a model takes at once, where it was exported for a fixed number, as PyTorch does unless told otherwise. */
export function fixedRows({ inputs }: InspectedModel['signature']): number | null {
  const [rows] = inputs[0]?.shape ?? []
  return typeof rows === 'number' && rows > 0 ? rows : null
}

function rowsOf(batch: Columns, { names }: Features): number {
  return batch[names[0]!]?.length ?? 0
}

/** Exactly so many rows from one on; the last one over again where there are fewer. */
export function exactly(count: number, batch: Columns, from: number): Columns {
  const padded = <T>(values: T[]) => [...values, ...Array<T>(count - values.length).fill(values.at(-1)!)]
  return Object.fromEntries(
    Object.entries(batch).map(([name, values]) => {
      if (!(values instanceof Float64Array)) return [name, padded(values.slice(from, from + count))]
      const full = new Float64Array(count).fill(values.at(-1)!)
      full.set(values.subarray(from, from + count))
      return [name, full]
    }),
  )
}

function firstLine(cause: unknown): string {
  return (cause as Error).message.split('\n')[0]!
}
