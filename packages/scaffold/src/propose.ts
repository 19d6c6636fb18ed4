import { posix } from 'node:path'
import { NAME } from '@modelyard/spec'
import { assumptions } from './assumptions.ts'
import type { Data } from './data.ts'
import { modelFile } from './model-file.ts'
import type { Plan } from './plan.ts'
import { endingOf } from './programs/formats.ts'
import type { Frames } from './programs/frames.ts'
import { prepareProgram } from './programs/prepare.ts'
import { type TrainSettings, trainProgram } from './programs/train.ts'
import { missingRequirements } from './requirements.ts'
import { shellWord } from './shell.ts'
import type { Survey } from './survey.ts'
import type { Template } from './templates.ts'
import { placeWorkflows } from './workflows.ts'

/** A file that is not there yet. */
export interface NewFile {
  /** Relative to the repository's root. */
  path: string
  content: string
  /** Whether it is a workflow template, copied as it is. */
  template: boolean
}

export interface Proposal {
  /** The model file is the last: where it is, all is. */
  files: NewFile[]
  /** Files that were there before and are left as they are. */
  left: string[]
  /** What was taken for granted, a sentence each. */
  assumed: string[]
}

/** What was chosen where the repository leaves a choice. */
export interface Choices {
  /** Whether training runs through modelyard/train.py, which keeps the hold-out from it or converts what it saves. */
  wrapped: boolean
  /** Whether the saved model must be turned into ONNX. */
  converts: boolean
  /** Which share of the rows is held out, where the data are not divided. */
  share: number
  /** Lines of modelyard/requirements.txt; none where it is not needed. */
  requirements: string[]
  /** The command that fetches the data from where DVC keeps them; '' where git has them. */
  pull: string
}

/** With fewer rows than this, a greater share is held out: an interval needs rows. */
const SMALL = 1000

/** Where modelyard/prepare.py and modelyard/train.py write; modelyard/.gitignore keeps that out of git. */
const TRAIN = 'modelyard/data/train'
const HOLDOUT = 'modelyard/data/holdout'
const MODEL = 'modelyard/out/model.onnx'
const PREDICTIONS = 'modelyard/out/predictions.csv'

/** A name that Modelyard takes, from what the folder is called. */
export function modelName({ called }: Pick<Survey, 'called'>): string {
  const name = called.replace(/[^a-zA-Z0-9_-]+/g, '-').replace(/^[-_]+|[-_]+$/g, '')
  return NAME.test(name) ? name : 'model'
}

/** What to write, and what that assumes. Pure. */
export function propose(
  survey: Survey,
  plan: Plan,
  data: Data,
  templates: Template[],
  wanted: { forks?: boolean } = {},
): Proposal {
  const choices = choose(survey, plan, data)
  const workflows = placeWorkflows(survey, templates, wanted)
  const own = Object.entries(ownFiles(survey, plan, data, choices)).map(([path, content]) => ({
    path: posix.join(survey.folder, path),
    content,
    template: false,
  }))
  const there = new Set(survey.files.map((file) => posix.join(survey.folder, file)))
  return {
    files: [...workflows.files, ...own.filter(({ path }) => !there.has(path))],
    left: [...workflows.left, ...own.map(({ path }) => path).filter((path) => there.has(path))],
    assumed: assumptions(plan, data, choices),
  }
}

function choose(survey: Survey, plan: Plan, data: Data): Choices {
  const converts = !/\.onnx$/i.test(plan.model)
  const isPointed = 'all' in plan.data && survey.files.includes(`${plan.data.all}.dvc`)
  return {
    converts,
    wrapped: converts || 'all' in plan.data || plan.finding.commands.length !== 1,
    share: data.rows < SMALL ? 0.3 : 0.2,
    requirements: missingRequirements(survey, plan.imports, converts),
    pull: 'all' in plan.data && isPointed ? `dvc pull ${shellWord(plan.data.all)}` : '',
  }
}

/** The files of the model's folder, by their paths in it. */
function ownFiles(survey: Survey, plan: Plan, data: Data, choices: Choices): Record<string, string> {
  const name = modelName(survey)
  const { wrapped, requirements, pull } = choices
  const contract = `contracts/${name}.odcs.yaml`
  const split =
    'all' in plan.data
      ? { train: TRAIN + endingOf(plan.data.all), holdout: HOLDOUT + endingOf(plan.data.all) }
      : plan.data
  const programs = {
    ...('all' in plan.data && {
      'modelyard/prepare.py': prepareProgram({
        ...split,
        data: plan.data.all,
        id: data.id,
        share: choices.share,
        frames: framesOf(plan) ?? 'pandas',
      }),
    }),
    ...(wrapped && { 'modelyard/train.py': trainProgram(trainSettings(plan, data, split)) }),
    ...(requirements.length > 0 && { 'modelyard/requirements.txt': requirementsFile(requirements) }),
  }
  const own = survey.texts.has('requirements.txt') ? ['requirements.txt'] : []
  return {
    [contract]: data.contract,
    ...programs,
    ...(wrapped && { 'modelyard/.gitignore': '/data/\n/out/\n' }),
    'model.yaml': modelFile({
      name,
      task: data.task,
      classes: data.classes.length,
      data: {
        ...('all' in plan.data && { prepare: [pull, 'python modelyard/prepare.py'].filter(Boolean).join(' && ') }),
        contract,
        ...split,
        label: data.label,
        ...(data.id !== undefined && { id: data.id }),
      },
      train: {
        run: wrapped ? 'python modelyard/train.py' : plan.finding.commands[0]!,
        inputs: [...Object.keys(programs), ...plan.inputs, ...own],
        model: wrapped ? MODEL : plan.model,
        ...(choices.converts && framesOf(plan) && { predictions: PREDICTIONS }),
      },
    }),
  }
}

/** What reads data in the repository's own code. */
function framesOf({ imports }: Plan): Frames | undefined {
  return (['pandas', 'polars'] as const).find((module) => imports.includes(module))
}

function trainSettings(
  plan: Plan,
  { columns, label, id, coded, task }: Data,
  split: { train: string; holdout: string },
): TrainSettings {
  const features = columns.filter(({ name }) => name !== label && name !== id)
  return {
    commands: plan.finding.commands,
    ...(plan.finding.habit === 'notebook' && { notebook: plan.finding.file }),
    data: 'all' in plan.data ? [plan.data.all] : [plan.data.train, plan.data.holdout],
    ...split,
    frames: framesOf(plan),
    task,
    predictions: PREDICTIONS,
    model: plan.model,
    out: MODEL,
    features: features.map(({ name }) => name),
    text: features.filter(({ type }) => !/INT|DOUBLE|FLOAT|DECIMAL|BOOLEAN/.test(type)).map(({ name }) => name),
    classes: coded,
  }
}

function requirementsFile(lines: string[]): string {
  return `# What the repository's own requirements do not name.\n${lines.join('\n')}\n`
}
