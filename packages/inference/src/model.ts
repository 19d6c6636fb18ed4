import type { Column, Columns } from '@modelyard/data'
import { loadNative } from '@modelyard/native'
import { type Signature, type Task, UserError } from '@modelyard/spec'
import { type FeatureOptions, type Features, featuresOf, tensorsOf } from './features.ts'
import { inspectBytes, readModel } from './inspect.ts'
import { outputsOf, readOutputs } from './outputs.ts'
import type { Predictions } from './predict.ts'

export interface OpenModelOptions {
  /** Threads within an operator; 1 by default, so that every run gives the same bits. */
  threads?: number
}

/** A model that is loaded. Close it when done. */
export interface OnnxModel {
  readonly signature: Signature
  readonly engine: { onnxruntime: string; provider: 'cpu'; threads: number }
  /** The columns that the model reads, out of those that there are. Throws a `UserError` where an input has none. */
  features(columns: readonly Column[], options: FeatureOptions): Features
  /** Predicts a batch of rows: the columns that `features` named, read as text where it said so. */
  predict(batch: Columns, features: Features, task: Task): Promise<Predictions>
  close(): Promise<void>
}

/** ONNX Runtime's `ORT_LOGGING_LEVEL_ERROR`: its warnings are for those who make models. */
const ERRORS = 3

/** Opens an ONNX file that `inspectModel` lets through: the same bytes that were looked at. */
export async function openModel(path: string, { threads = 1 }: OpenModelOptions = {}): Promise<OnnxModel> {
  const bytes = await readModel(path)
  const inspected = inspectBytes(bytes, path)
  const { InferenceSession, Tensor, env } = await loadNative<typeof import('onnxruntime-node')>('onnxruntime')
  const { signature } = inspected
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: ERRORS,
  }).catch((cause) => {
    throw new UserError(`${path} cannot be loaded by ONNX Runtime: ${firstLine(cause)}`, { cause })
  })
  return {
    signature,
    engine: { onnxruntime: env.versions.node ?? env.versions.common, provider: 'cpu', threads },
    features: (columns, options) => featuresOf(inspected, columns, options),
    async predict(batch, features, task) {
      const outputs = outputsOf(signature, task)
      const rows = batch[features.names[0]!]?.length ?? 0
      const feeds = tensorsOf(batch, features, signature, Tensor)
      const wanted = [outputs.label, outputs.scores].filter((name) => name !== undefined)
      const tensors = await session.run(feeds, wanted).catch((cause) => {
        throw new UserError(`The model ${path} cannot be run on these data: ${firstLine(cause)}`, { cause })
      })
      return readOutputs(tensors as never, outputs, inspected, task, rows)
    },
    close: () => session.release(),
  }
}

function firstLine(cause: unknown): string {
  return (cause as Error).message.split('\n')[0]!
}
