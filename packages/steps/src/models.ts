import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { type Model, type Problem, readModelFile, refuseOutside, UserError } from '@modelyard/spec'

const SKIPPED = new Set(['node_modules', '.git', '.modelyard', '.cache', '.demo', 'venv', '.venv'])

/**
 * Reads every model file that a pattern names (a path, a glob, or several with commas between), in the order of
 * their paths. Throws a `UserError` that holds every problem of every file, or says that there is none.
 */
export async function findModels(root: string, pattern: string): Promise<Model[]> {
  const patterns = pattern
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const files = new Set<string>()
  for (const part of patterns) {
    if (!isGlob(part)) files.add(part)
    else
      for await (const file of glob(part, { cwd: root, exclude: (name) => SKIPPED.has(name) }))
        files.add(file.replaceAll('\\', '/'))
  }
  if (files.size === 0) {
    throw new UserError(
      `No file matches the input "model", ${JSON.stringify(pattern)}. Write a model.yaml (https://github.com/modelyard/modelyard/blob/v1/docs/model-file.md shows how) or correct the input.`,
    )
  }
  const models: Model[] = []
  const problems: Problem[] = []
  for (const file of [...files].sort()) {
    try {
      await refuseOutside(root, file)
      models.push(await readModelFile(join(root, file), file))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(...error.problems)
    }
  }
  for (const [index, model] of models.entries()) {
    const namesake = models.slice(0, index).find((other) => other.name.toLowerCase() === model.name.toLowerCase())
    if (namesake)
      problems.push({
        message: `The name ${model.name} is taken by ${namesake.file} already: give each model a name of its own.`,
        place: { file: model.file },
      })
  }
  if (problems.length > 0) throw new UserError(problems)
  return models
}

/** Finds one model by its name, or by its file. Throws a `UserError` that names the models that there are. */
export async function findModel(root: string, named: string): Promise<Model> {
  if (/\.ya?ml$/.test(named) && !isGlob(named)) return (await findModels(root, named))[0]!
  const models = await findModels(root, '**/model.yaml')
  const found = models.find(({ name }) => name === named)
  if (found) return found
  throw new UserError(
    `There is no model ${JSON.stringify(named)} in this repository. It has: ${models.map(({ name }) => name).join(', ')}.`,
  )
}

function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern)
}
