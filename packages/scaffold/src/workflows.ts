import type { NewFile, Proposal } from './propose.ts'
import type { Survey } from './survey.ts'
import type { Template } from './templates.ts'

/**
 * Where the workflows go. A workflow of the same name that is something else keeps its name, and ours gets another; one
 * that is ours already is left. Left out are the drift workflow, which has nothing to look at before the model file has
 * `drift.data`, the one that takes the place of another where data are large, and the one that writes for pull requests
 * from forks, unless they are wanted.
 */
export function placeWorkflows(
  { workflows }: Pick<Survey, 'workflows'>,
  templates: readonly Template[],
  { forks = false } = {},
): Pick<Proposal, 'files' | 'left'> {
  const files: NewFile[] = []
  const left: string[] = []
  const leftOut = ['drift.yml', 'pull-request-shards.yml', ...(forks ? [] : ['fork-report.yml'])]
  for (const { name, text } of templates.filter((template) => !leftOut.includes(template.name))) {
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
