import type { NewFile, Proposal } from './propose.ts'
import type { Survey } from './survey.ts'
import type { Template } from './templates.ts'

/**
 * Where the workflows go. A workflow of the same name that is something else keeps its name, and ours gets another; one
 * that is ours already is left. The drift workflow has nothing to look at before the model file has `drift.data`.
 */
export function placeWorkflows(
  { workflows }: Pick<Survey, 'workflows'>,
  templates: readonly Template[],
): Pick<Proposal, 'files' | 'left'> {
  const files: NewFile[] = []
  const left: string[] = []
  for (const { name, text } of templates.filter((template) => template.name !== 'drift.yml')) {
    const taken = workflows.get(name)
    const ours = taken === undefined || isOurs(taken) ? name : `modelyard-${name}`
    const path = `.github/workflows/${ours}`
    if (workflows.has(ours)) left.push(path)
    else files.push({ path, content: text, template: true })
  }
  return { files, left }
}

function isOurs(text: string): boolean {
  return text.includes('uses: modelyard/modelyard/actions/')
}
