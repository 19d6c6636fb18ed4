import type { Facts } from '../facts.ts'
import { type Diagnosis, fail, orOk, warn } from '../finding.ts'
import { usesModelyard, type WorkflowFile } from '../workflow-file.ts'

/** The workflow files as they lie in the repository: what they use, what their tokens may, whose code they run. */
export function diagnoseWorkflows({ workflows, models }: Facts): Diagnosis {
  if (!workflows.some((each) => usesModelyard(each)))
    return warn(
      'No workflow uses Modelyard.',
      'modelyard init writes them; or copy workflows-templates/ to .github/workflows/.',
    )
  const found = [
    ...workflows.flatMap(ofOne),
    ...pins(workflows),
    ...answersNothing(workflows),
    ...missing(workflows, models),
  ]
  return orOk(found, `All ${workflows.length} workflows pin what they use and say what their tokens may.`)
}

function ofOne(workflow: WorkflowFile): Diagnosis {
  const { path, problem, saysPermissions } = workflow
  if (problem !== null)
    return fail(`${path} cannot be read: ${problem}.`, 'Mend the file; GitHub does not run it as it is.')
  const permissions = saysPermissions
    ? []
    : warn(
        `${path} does not say what its token may.`,
        'Write permissions: {} at its top, and in each job what the README of the action lists.',
      )
  return [...permissions, ...ofTrust(workflow)]
}

function pins(workflows: readonly WorkflowFile[]): Diagnosis {
  const loose = [...new Set(workflows.flatMap(unpinned))]
  if (loose.length === 0) return []
  return warn(
    `The workflows use what can be moved under them: ${loose.join(', ')}.`,
    'Write the commit, with the version behind it (uses: actions/checkout@<sha> # v6.0.0), and let Dependabot move it.',
  )
}

/** Actions and reusable workflows of elsewhere that are not named by their commit. */
export function unpinned({ uses }: WorkflowFile): string[] {
  return [...new Set(uses)].filter((each) => !/^\.\/|@(?:sha256:)?[0-9a-f]{40,64}$/.test(each))
}

/** The steps that run a pull request's code must not do it in a run that holds the repository's secrets. */
function ofTrust(workflow: WorkflowFile): Diagnosis {
  const trigger = ['pull_request_target', 'workflow_run'].find((each) => workflow.triggers.includes(each))
  if (trigger === undefined || !usesModelyard(workflow, 'train', 'validate-data', 'evaluate', 'pipeline')) return []
  return fail(
    `${workflow.path} trains on ${trigger}: a stranger's code would run with a token that may write, and with secrets.`,
    'Train on pull_request.',
  )
}

/** A workflow that answers another by its name never runs once that has another name, and says nothing. */
function answersNothing(workflows: readonly WorkflowFile[]): Diagnosis {
  const names = workflows.map(({ name }) => name)
  return workflows
    .filter((each) => usesModelyard(each))
    .flatMap(({ path, answers }) => {
      const gone = answers.filter((name) => !/[*?+[!]/.test(name) && !names.includes(name))
      if (gone.length === 0) return []
      return warn(
        `${path} answers runs of ${gone.join(', ')}, and no workflow is called so: nothing starts it.`,
        'Write the name: of the workflow that judges pull requests under on: workflow_run: workflows:.',
      )
    })
}

/** What a model file wants and no workflow does. */
function missing(workflows: readonly WorkflowFile[], models: Facts['models']): Diagnosis {
  const without = (...actions: string[]) => !workflows.some((each) => usesModelyard(each, ...actions))
  const watched = models.filter(({ drift }) => drift !== undefined).map(({ name }) => name)
  const drift =
    watched.length > 0 && without('check-drift')
      ? warn(
          `No workflow checks ${watched.join(', ')} for drift.`,
          'Copy workflows-templates/drift.yml to .github/workflows/.',
        )
      : []
  const back =
    !without('deploy') && without('rollback')
      ? warn('No workflow takes a stage back.', 'Copy workflows-templates/rollback.yml to .github/workflows/.')
      : []
  return [...drift, ...back]
}
