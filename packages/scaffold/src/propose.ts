import { posix } from 'node:path'
import { NAME } from '@modelyard/spec'
import type { Data } from './data.ts'
import { modelFile } from './model-file.ts'
import type { Plan } from './plan.ts'
import { endingOf, prepareProgram } from './programs/prepare.ts'
import { OUTPUTS, trainProgram } from './programs/train.ts'
import { missingRequirements } from './requirements.ts'
import type { Survey } from './survey.ts'
import type { Template } from './templates.ts'

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

/** A name that Modelyard takes, from what the folder is called. */
export function modelName({ called }: Pick<Survey, 'called'>): string {
  const name = called.replace(/[^a-zA-Z0-9_-]+/g, '-').replace(/^[-_]+|[-_]+$/g, '')
  return NAME.test(name) ? name : 'model'
}

/** What to write, and what that assumes. Pure. */
export function propose(survey: Survey, plan: Plan, data: Data, templates: Template[]): Proposal {
  const name = modelName(survey)
  const divides = 'all' in plan.data
  const converts = !/\.onnx$/i.test(plan.model)
  const supervised = divides || converts || plan.finding.commands.length !== 1
  const share = data.rows < SMALL ? 0.3 : 0.2
  const requirements = missingRequirements(survey, plan.imports, converts)
  const split =
    'all' in plan.data
      ? { train: OUTPUTS.train + endingOf(plan.data.all), holdout: OUTPUTS.holdout + endingOf(plan.data.all) }
      : plan.data
  const programs = {
    ...('all' in plan.data && {
      'modelyard/prepare.py': prepareProgram({
        ...split,
        data: plan.data.all,
        id: data.id,
        share,
        frames: plan.imports.includes('polars') ? 'polars' : 'pandas',
      }),
    }),
    ...(supervised && { 'modelyard/train.py': trainProgram(trainSettings(plan, data, split.train)) }),
    ...(requirements.length > 0 && { 'modelyard/requirements.txt': requirementsFile(requirements) }),
  }
  const contract = `contracts/${name}.odcs.yaml`
  const own = {
    [contract]: data.contract,
    ...programs,
    ...((supervised || divides) && { 'modelyard/.gitignore': '/data/\n/out/\n' }),
    'model.yaml': modelFile({
      name,
      task: data.task,
      classes: data.classes.length,
      data: {
        ...('all' in plan.data && { prepare: `${pull(survey, plan.data.all)}python modelyard/prepare.py` }),
        contract,
        ...split,
        label: data.label,
        ...(data.id !== undefined && { id: data.id }),
      },
      train: {
        run: supervised ? 'python modelyard/train.py' : plan.finding.commands[0]!,
        inputs: [
          ...Object.keys(programs),
          ...plan.inputs,
          ...(survey.texts.has('requirements.txt') ? ['requirements.txt'] : []),
        ],
        model: supervised ? OUTPUTS.model : plan.model,
      },
    }),
  }
  const workflows = newWorkflows(survey, templates)
  const files = [
    ...workflows.files,
    ...Object.entries(own).map(([path, content]) => ({
      path: posix.join(survey.folder, path),
      content,
      template: false,
    })),
  ]
  const there = new Set(survey.files.map((file) => posix.join(survey.folder, file)))
  return {
    files: files.filter(({ path }) => !there.has(path)),
    left: [...workflows.left, ...files.map(({ path }) => path).filter((path) => there.has(path))],
    assumed: assumptions(survey, plan, data, { converts, share, requirements, supervised }),
  }
}

/** With fewer rows than this, a greater share is held out: an interval needs rows. */
const SMALL = 1000
/** With fewer rows in all, the hold-out has too few for an interval. */
const FEW = 120

function trainSettings(plan: Plan, { columns, label, id, classes }: Data, train: string) {
  const notebook = plan.finding.habit === 'notebook' ? { notebook: plan.finding.file } : {}
  return {
    commands: plan.finding.commands,
    ...notebook,
    data: 'all' in plan.data ? [plan.data.all] : [plan.data.train, plan.data.holdout],
    train,
    model: plan.model,
    out: OUTPUTS.model,
    features: columns.map(({ name }) => name).filter((name) => name !== label && name !== id),
    text: columns.filter(({ name, type }) => name !== label && type === 'VARCHAR').map(({ name }) => name),
    classes:
      plan.encodesLabels && columns.some(({ name, type }) => name === label && type === 'VARCHAR') ? classes : [],
  }
}

/** Data that DVC keeps are fetched first. */
function pull({ files }: Survey, file: string): string {
  return files.includes(`${file}.dvc`) ? `dvc pull ${file} && ` : ''
}

function requirementsFile(lines: string[]): string {
  return `# What modelyard/train.py needs beside the repository's own requirements.\n${lines.join('\n')}\n`
}

/** The workflows that any model needs. One of the name that is another's keeps it, and ours gets a name of its own. */
function newWorkflows({ workflows }: Survey, templates: Template[]): Pick<Proposal, 'files' | 'left'> {
  const files: NewFile[] = []
  const left: string[] = []
  // Without drift.data in the model file, the drift workflow has nothing to look at.
  for (const { name, text } of templates.filter((template) => template.name !== 'drift.yml')) {
    const free = [name, `modelyard-${name}`].find((each) => !workflows.has(each) || isOurs(workflows.get(each)!))
    if (free === undefined || workflows.has(free)) left.push(`.github/workflows/${free ?? name}`)
    else files.push({ path: `.github/workflows/${free}`, content: text, template: true })
  }
  return { files, left }
}

function isOurs(text: string): boolean {
  return text.includes('uses: modelyard/modelyard/actions/')
}

interface Choices {
  converts: boolean
  share: number
  requirements: string[]
  supervised: boolean
}

function assumptions(survey: Survey, plan: Plan, data: Data, choices: Choices): string[] {
  const { finding } = plan
  const { converts, share, requirements, supervised } = choices
  const trained =
    finding.habit === 'notebook'
      ? `The code cells of ${finding.file} train the model, from the first to the last.`
      : `${finding.commands.map((command) => `\`${command}\``).join(', then ')} trains the model, as ${finding.file} says.`
  const said: Array<string | false> = [
    trained,
    finding.habit === 'CML workflow' &&
      `${finding.file} goes on running beside the new workflows; take it away when you no longer want it.`,
    finding.others.length > 0 && `${finding.others.join(', ')} could be meant too, and is left out.`,
    `${data.label} is the label, and the task ${data.task}.`,
    'all' in plan.data
      ? `${plan.data.all} holds all rows: modelyard/prepare.py keeps ${share * 100} % of them from training, to judge by, by a hash of each row's ${data.id ?? 'values'}.`
      : `${plan.data.train} is for training and ${plan.data.holdout} for judging.`,
    data.id === undefined &&
      'No column names a row, so that nothing shows whether training has seen a row of the hold-out.',
    data.rows < FEW && `${data.rows} rows are few: an interval needs 30 in the hold-out, and a narrow one many more.`,
    supervised &&
      `Training runs in a copy of the repository that has the training rows alone${'all' in plan.data ? '' : `: there, ${plan.data.holdout} holds them too`}.`,
    converts && `${plan.model} holds a scikit-learn model, which modelyard/train.py turns into ONNX.`,
    plan.encodesLabels && 'The code numbers the classes in the order of their names, as LabelEncoder does.',
    requirements.length > 0 &&
      `modelyard/requirements.txt adds ${requirements.join(', ')}; the workflows install it beside requirements.txt.`,
    'all' in plan.data &&
      pull(survey, plan.data.all) !== '' &&
      'The workflows need credentials with which `dvc pull` reaches its remote.',
    'What is better than guessing may become the first version; later ones may be up to 5 % worse, beyond doubt.',
    'Nobody has said what production sees: when that is known, write drift.data into model.yaml and add the workflow drift.yml.',
  ]
  return said.filter((each) => each !== false)
}
