import type { Dataset } from '@modelyard/data'
import {
  type FeatureOptions,
  type OnnxModel,
  openModel,
  type Predictions,
  predict,
  readPredictions,
} from '@modelyard/inference'
import { fileDigest, type Model, type Provider } from '@modelyard/spec'
import { type RunCommand, runForFile } from './command-file.ts'

/** A model in a contest: one that is run here, or one that the repository's own command runs. */
export interface Contender {
  /** The model that is run here; null where a command runs it. */
  readonly onnx: OnnxModel | null
  /** Predicts every row, in the dataset's order; with the digest of the file of predictions, where a command wrote one. */
  predict(dataset: Dataset, features: FeatureOptions): Promise<{ predictions: Predictions; sha256: string | null }>
  close(): Promise<void>
}

export interface ContenderOptions {
  model: Model
  /** The folder that the model file's paths are relative to. */
  root: string
  provider: Provider
  /** Needed where the model file has `evaluate.predict`. */
  runPredict?: RunCommand | undefined
}

/** Opens a model file of a candidate or champion. Throws a `UserError` where it is to run here and cannot. */
export async function openContender(path: string, options: ContenderOptions): Promise<Contender> {
  const { model, provider, runPredict } = options
  if (model.evaluate.predict) {
    if (!runPredict) throw new TypeError('evaluate.predict needs someone to run it')
    return {
      onnx: null,
      predict: (dataset) => predictByCommand(dataset, options, () => runPredict(path)),
      close: async () => {},
    }
  }
  const onnx = await openModel(path, { provider })
  return {
    onnx,
    predict: async (dataset, features) => ({
      // Only the check of parity looks at the class that the model itself chooses.
      predictions: await predict(onnx, dataset, {
        task: model.task,
        labels: model.train.predictions !== undefined,
        ...features,
      }),
      sha256: null,
    }),
    close: () => onnx.close(),
  }
}

async function predictByCommand(dataset: Dataset, { model, root }: ContenderOptions, run: () => Promise<void>) {
  const { predictions: written, run: command } = model.evaluate.predict!
  const file = await runForFile({ model, root, command, file: written, key: 'evaluate.predict.predictions', run })
  const predictions = await readPredictions(file, { task: model.task, dataset, id: model.data.id! })
  return { predictions, sha256: (await fileDigest(file)).sha256 }
}
