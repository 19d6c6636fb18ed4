import type { Data } from './data.ts'
import type { Plan } from './plan.ts'
import type { Choices } from './propose.ts'

/** With fewer rows than this, the hold-out has hardly enough for an interval. */
const FEW = 120

/** What a proposal takes for granted, a sentence each: what the user has to look at. Pure. */
export function assumptions(plan: Plan, data: Data, choices: Choices): string[] {
  const said = [
    ...ofTraining(plan),
    ...ofData(plan, data, choices),
    ...ofModel(plan, data, choices),
    ...ofWorkflows(choices),
  ]
  return said.filter((each) => each !== false)
}

type Sentence = string | false

function ofTraining({ finding }: Plan): Sentence[] {
  const { habit, file, commands, others } = finding
  return [
    habit === 'notebook'
      ? `The code cells of ${file} train the model, from the first to the last.`
      : `Training is ${commands.map((command) => `\`${command}\``).join(', then ')}${habit === 'scikit-learn script' ? '' : `, as ${file} says`}.`,
    habit === 'CML workflow' &&
      `${file} goes on running beside the new workflows; delete it when you no longer want it.`,
    others.length > 0 && `Not taken, but possible: ${others.join(', ')}.`,
  ]
}

function ofData(plan: Plan, { label, task, id, rows }: Data, { share }: Choices): Sentence[] {
  return [
    `${label} is the label, and the task is ${task}.`,
    'all' in plan.data
      ? `${plan.data.all} holds all rows: modelyard/prepare.py keeps ${share * 100} % of them from training, chosen by a hash of each row's ${id ?? 'values'}.`
      : `${plan.data.train} is to learn from, ${plan.data.holdout} to judge by.`,
    id === undefined && 'No column names a row, so nothing can show that training saw a row of the hold-out.',
    rows < FEW && `${rows} rows are few: an interval needs 30 in the hold-out, and a narrow one many more.`,
  ]
}

function ofModel(plan: Plan, { coded, label, columns }: Data, { wrapped, converts }: Choices): Sentence[] {
  const there = 'all' in plan.data ? '' : `; there, ${plan.data.holdout} holds them too`
  const changed = columns.map(({ name }) => name).filter((name) => name !== label && plan.codings.has(name))
  return [
    wrapped && `modelyard/train.py trains in a copy of the folder that has the training rows alone${there}.`,
    converts && `${plan.model} holds a scikit-learn model, which modelyard/train.py turns into ONNX.`,
    plan.models.length > 0 &&
      `${plan.models.join(', ')} ${plan.models.length > 1 ? 'are' : 'is'} left out: what prepares the data must be in ${plan.model} too, in one pipeline.`,
    changed.length > 0 &&
      `The code changes ${changed.join(', ')} before the model sees it, and the ONNX model sees the data as they are: move that into the pipeline that is saved.`,
    coded.length > 0 &&
      `The code numbers the classes: ${coded.map((name, index) => `${index} is ${name}`).join(', ')}.`,
  ]
}

function ofWorkflows({ requirements, pull }: Choices): Sentence[] {
  return [
    requirements.length > 0 &&
      `modelyard/requirements.txt adds ${requirements.join(', ')}; the workflows install it beside requirements.txt.`,
    pull !== '' && `\`${pull}\` needs DVC among the requirements, and its remote's credentials in the workflows.`,
    'What is better than guessing may become the first version; a later one may be up to 5 % worse.',
    'Nobody has said what production sees: when that is known, write drift.data into model.yaml and add the workflow drift.yml.',
  ]
}
