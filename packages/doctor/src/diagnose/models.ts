import type { Facts } from '../facts.ts'
import { type Diagnosis, fail, ok, warn } from '../finding.ts'

/** The model files, what they name, and whether anybody is asked before a model goes live. */
export function diagnoseModels({ models, modelProblems, missing }: Facts): Diagnosis {
  const broken = modelProblems.flatMap(({ message, place }) => {
    const at = [place?.file, place?.line, place?.column].filter((part) => part !== undefined).join(':')
    return fail(
      at === '' ? message : `${at}: ${message}`,
      'docs/model-file.md has every key; modelyard init writes a first model file.',
    )
  })
  const absent = missing.flatMap(({ model, key, file }) =>
    fail(`${key} of ${model} names ${file}, which is not there.`, 'Correct the path, or add the file.'),
  )
  const open = models.flatMap(({ name, file, stages }) => {
    const [last, stage] = Object.entries(stages).at(-1) ?? []
    if (last === undefined || stage?.environment !== undefined) return []
    return warn(
      `Nobody is asked before ${name} goes to ${last}: the stage has no environment.`,
      `In ${file}, give it one (environment: ${last}), and that environment reviewers.`,
    )
  })
  const well =
    models.length > 0 ? ok(`Modelyard reads ${models.map(({ name, file }) => `${name} (${file})`).join(', ')}.`) : []
  return [...broken, ...absent, ...open, ...well]
}
