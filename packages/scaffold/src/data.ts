import { findId, inferContract } from '@modelyard/contract'
import { type Column, type Dataset, openDataset, quoteIdentifier, sayColumns } from '@modelyard/data'
import { type Task, UserError } from '@modelyard/spec'
import type { Plan } from './plan.ts'

/** A task that the data and the code show; the others need a column that only people know. */
export type ShownTask = Exclude<Task, 'ranking' | 'forecasting'>

/** What the data themselves say. */
export interface Data {
  rows: number
  columns: readonly Column[]
  label: string
  task: ShownTask
  /** The classes in the order of their names; empty for a regression. */
  classes: string[]
  /** What the model's numbers 0, 1, … stand for, where the code numbers the classes itself; else empty. */
  coded: string[]
  /** The column that names a row, if there is one. */
  id?: string
  /** A contract (ODCS, as YAML) that they satisfy. */
  contract: string
}

/** More different values than this are no classes. */
const MOST_CLASSES = 100
/** Numbers with more different values than this are measured, if the code does not say otherwise. */
const MOST_NUMBERED_CLASSES = 20

const USUAL_LABELS = /^(?:label|target|class|outcome|y)$/i
/** Opens the data, and confirms or corrects by them what the code said. Throws a `UserError` where they disagree. */
export async function lookAtData(folder: string, plan: Plan, name: string): Promise<Data> {
  const files = 'all' in plan.data ? [plan.data.all] : [plan.data.train, plan.data.holdout]
  const dataset = await openDataset({ root: folder, files })
  try {
    const label = chooseLabel(dataset, plan)
    const { task, classes } = await chooseTask(dataset, label, plan)
    const coded = classes.length > 0 ? codedClasses(columnOf(dataset, label), classes, plan) : []
    const id = await findId(dataset, label)
    const contract = await inferContract(dataset, {
      name,
      id,
      classes: classes.length > 0 ? label : undefined,
    })
    const { rows, columns } = dataset
    return { rows, columns, label, task, classes, coded, ...(id !== undefined && { id }), contract }
  } finally {
    dataset.close()
  }
}

function chooseLabel({ columns, files }: Dataset, plan: Plan): string {
  const { labels, several } = plan
  if (several.length > 0)
    throw new UserError(
      `The code learns several labels at once, ${several.join(', ')}, and init writes model files for one. If it is one of them, say --label ${several[0]}; otherwise write model.yaml by hand, with task: multilabel-classification and data.label: [${several.join(', ')}] (https://github.com/modelyard/modelyard/blob/v1/docs/model-file.md).`,
    )
  const names = columns.map((column) => column.name)
  const found = labels.find((label) => names.includes(label))
  const coding = plan.codings.get(found ?? '')
  if (coding?.kind === 'computed' && !plan.labelIsSaid)
    throw new UserError(
      `The code computes what it learns from ${found} (${coding.code}), and no column holds that. If that only copies the column, say --label ${found}; otherwise let a step before write it as a column of the data, and the training take that.`,
    )
  if (found !== undefined) return found
  const usual = names.filter((name) => USUAL_LABELS.test(name))
  if (labels.length === 0 && usual.length === 1) return usual[0]!
  const why =
    labels.length === 0
      ? 'Which column is the label cannot be told from the code'
      : plan.labelIsSaid
        ? `The option --label is ${labels.join(' or ')}, and ${files[0]!.name} has no such column`
        : `The code takes ${labels.join(' or ')} for the label, and ${files[0]!.name} has no such column. What the code computes must be written into the data first`
  throw new UserError(`${why}. ${sayColumns({ columns, files }, 'The columns are')} Say it with --label.`)
}

async function chooseTask(
  { query }: Dataset,
  label: string,
  { family }: Plan,
): Promise<Pick<Data, 'task' | 'classes'>> {
  const column = quoteIdentifier(label)
  const rows = await query(
    `SELECT ${column}::VARCHAR AS class, typeof(${column}) AS type FROM data WHERE ${column} IS NOT NULL
    GROUP BY ALL ORDER BY class LIMIT ${MOST_CLASSES + 1}`,
  )
  const type = String(rows[0]?.type)
  const isNumber = /INT|DOUBLE|FLOAT|DECIMAL/.test(type)
  const isWhole = /INT/.test(type)
  const few = rows.length <= MOST_CLASSES && (!isNumber || isWhole)
  const classifies = family
    ? family === 'classification'
    : !isNumber || (isWhole && rows.length <= MOST_NUMBERED_CLASSES)
  if (rows.length < 2)
    throw new UserError(`The label ${label} has the same value in every row: there is nothing to learn.`)
  if (!classifies) {
    if (isNumber) return { task: 'regression', classes: [] }
    throw new UserError(
      `The code fits a regression, and its label ${label} holds ${type}, no numbers. Say another with --label.`,
    )
  }
  if (!few)
    throw new UserError(
      `The code fits a classifier, and its label ${label} has ${rows.length > MOST_CLASSES ? `more than ${MOST_CLASSES} different values` : 'numbers that are not whole'}. Say another with --label.`,
    )
  return {
    task: rows.length === 2 ? 'binary-classification' : 'multiclass-classification',
    classes: rows.map((row) => String(row.class)),
  }
}

function columnOf({ columns }: Dataset, name: string): Column {
  return columns.find((column) => column.name === name)!
}

/** How code writes what the data's reader calls true. */
const TRUE = /^(?:true|1)$/i

/** What the model's numbers stand for, or its own names where the data's reader takes them for others (True for true). */
function codedClasses(label: Column, classes: string[], { codings, encodes, labelIsSaid }: Plan): string[] {
  const isTruth = label.type === 'BOOLEAN'
  const isText = label.type === 'VARCHAR'
  const nameOf = (value: string) => (isTruth ? String(TRUE.test(value)) : value)
  const coding = codings.get(label.name)
  switch (coding?.kind) {
    case 'sorted':
      return classes
    case 'listed':
      return coding.values.map(nameOf)
    case 'is': {
      const value = nameOf(coding.value)
      const others = classes.filter((name) => name !== value)
      if (others.length === 1) return [others[0]!, value]
      if (labelIsSaid) return []
      throw new UserError(
        `The code learns whether ${label.name} is ${value}, and no column holds that. Let a step before write it as a column of the data, and the training take that.`,
      )
    }
    default:
      return isTruth || (encodes && isText) ? classes : []
  }
}
