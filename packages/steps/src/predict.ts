import { resolve } from 'node:path'
import type { Model } from '@modelyard/spec'
import { runCommand } from '@modelyard/training'

/**
 * What `judge` needs to run models that are not ONNX: runs `evaluate.predict.run`, which finds the model's path in
 * MODELYARD_MODEL. Nothing where the model file has no such command.
 */
export function predictor(
  model: Model,
  onLine: (line: string) => void,
): { runPredict?: (modelPath: string) => Promise<void> } {
  const command = model.evaluate.predict?.run
  if (command === undefined) return {}
  return {
    runPredict: (modelPath) =>
      runCommand({
        command,
        purpose: `evaluate.predict in ${model.file}`,
        folder: model.folder,
        env: { MODELYARD_MODEL: resolve(modelPath) },
        onLine,
      }),
  }
}
