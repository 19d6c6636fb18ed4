import { resolve } from 'node:path'
import type { Model } from '@modelyard/spec'
import { runCommand } from '@modelyard/training'

type RunCommand = (modelPath: string) => Promise<void>

/**
 * What `judge` needs to run the commands of a model file that look at a model, which they find at the path in
 * MODELYARD_MODEL: `evaluate.predict.run` for models that are not ONNX, `evaluate.scores.run` for metrics of the
 * repository's own. Nothing where the model file has neither.
 */
export function commandsOf(
  model: Model,
  onLine: (line: string) => void,
): { runPredict?: RunCommand; runScores?: RunCommand } {
  const { predict, scores } = model.evaluate
  const runner =
    (command: string, key: string): RunCommand =>
    (modelPath) =>
      runCommand({
        command,
        purpose: `${key} in ${model.file}`,
        folder: model.folder,
        env: { MODELYARD_MODEL: resolve(modelPath) },
        onLine,
      })
  return {
    ...(predict && { runPredict: runner(predict.run, 'evaluate.predict') }),
    ...(scores && { runScores: runner(scores.run, 'evaluate.scores') }),
  }
}

/** Whether a model file's command looks at the models: then the repository's code runs where they are judged. */
export function runsCommands({ evaluate }: Model): boolean {
  return evaluate.predict !== undefined || evaluate.scores !== undefined
}
