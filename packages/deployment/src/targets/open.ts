import { resolve } from 'node:path'
import type { Model } from '@modelyard/spec'
import { commandTarget } from './command.ts'
import { directoryTarget } from './directory.ts'
import type { Target } from './target.ts'

/** The target of a stage; null for a stage that is its tag alone. A relative directory is the model file's. */
export function openTarget(model: Model, stage: string): Target | null {
  const config = model.stages[stage]?.target
  if (config?.directory !== undefined) return directoryTarget(resolve(model.folder, config.directory), model.name)
  if (config?.command !== undefined) {
    return commandTarget({ command: config.command, folder: model.folder, model: model.name, stage })
  }
  return null
}
