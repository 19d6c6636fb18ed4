import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GitHubError } from '@modelyard/github'
import { type Model, UserError } from '@modelyard/spec'
import { findModels, isThere, type StepContext } from '@modelyard/steps'
import type { Facts } from './facts.ts'
import { readGitHub } from './read-github.ts'
import { examineRegistry } from './registry.ts'
import { readWorkflow, type WorkflowFile } from './workflow-file.ts'

/** Looks at a repository and, where there is a token, at its settings. Changes nothing. */
export async function examine(context: StepContext, now: Date = new Date()): Promise<Facts> {
  const { models, modelProblems } = await readModels(context.root)
  const workflows = await readWorkflows(context.root)
  return {
    models,
    modelProblems,
    missing: (await Promise.all(models.map(findMissing))).flat(),
    workflows,
    traps: await lookForTraps(context),
    now,
    ...(await askGitHub(context, models, workflows)),
  }
}

async function askGitHub(
  { github }: StepContext,
  models: Model[],
  workflows: WorkflowFile[],
): Promise<Pick<Facts, 'github' | 'isRefused'>> {
  if (!github)
    return { github: { unknown: 'there is no token, or no repository on GitHub is known' }, isRefused: false }
  try {
    return { github: { known: await readGitHub(github, models, workflows) }, isRefused: false }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { github: { unknown: error.message.replace(/\.$/, '') }, isRefused: true }
  }
}

async function lookForTraps({ root, github }: StepContext): Promise<Facts['traps']> {
  try {
    return { known: await examineRegistry({ root, ...(github ? { github } : {}) }) }
  } catch (error) {
    if (!(error instanceof UserError || error instanceof GitHubError)) throw error
    return { unknown: error.message.replace(/\.$/, '') }
  }
}

async function readModels(root: string): Promise<Pick<Facts, 'models' | 'modelProblems'>> {
  try {
    return { models: await findModels(root, '**/model.yaml'), modelProblems: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { models: [], modelProblems: error.problems }
  }
}

/** Files that have to be in the repository: data may come later, from `data.prepare`. */
async function findMissing({ name, folder, data, train }: Model): Promise<Facts['missing']> {
  const named = [
    ...(data.contract === undefined ? [] : [{ key: 'data.contract', file: data.contract }]),
    ...train.inputs.map((file) => ({ key: 'train.inputs', file })),
  ]
  const found = await Promise.all(named.map(({ file }) => isThere(folder, file)))
  return named.filter((_, index) => !found[index]).map((each) => ({ model: name, ...each }))
}

async function readWorkflows(root: string): Promise<WorkflowFile[]> {
  const paths: string[] = []
  for await (const path of glob('.github/workflows/*.{yml,yaml}', { cwd: root })) paths.push(path.replaceAll('\\', '/'))
  return Promise.all(paths.sort().map(async (path) => readWorkflow(path, await readFile(join(root, path), 'utf8'))))
}
