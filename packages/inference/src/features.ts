import { type Column, lookLikeData, sayColumns } from '@modelyard/data'
import { type Signature, UserError } from '@modelyard/spec'
import type { InspectedModel } from './inspect.ts'

/** The columns that a model reads: what to ask a dataset for (`readColumns(names, { text })`). */
export interface Features {
  /** Every one once. */
  names: string[]
  /** Those that the model takes as text. */
  text: string[]
  /** For each input, in the model's order, the columns that fill it, side by side. */
  inputs: string[][]
}

export interface FeatureOptions {
  /** Columns that are no features (label, id, time, group), for a model that takes all others in one tensor. */
  exclude: readonly string[]
  /** The columns with the truth, which no model may take. */
  label?: string | readonly string[] | undefined
}

type Described = Pick<InspectedModel, 'signature' | 'columns'>
type Port = Signature['inputs'][number]

/** Finds a model's features among columns. Throws a `UserError` where an input has none. */
export function featuresOf(model: Described, columns: readonly Column[], options: FeatureOptions): Features {
  const { inputs } = model.signature
  if (inputs.length === 0)
    throw new UserError('The model takes no input, so it cannot depend on the data. Export it again.')
  const filled = inputs.map((input) => {
    const names = columnsOf(input, model, columns, options)
    for (const name of names) requireColumn(name, input, columns)
    requireWidth(input, names)
    return names
  })
  const names = [...new Set(filled.flat())]
  const label = [options.label ?? []].flat().find((name) => names.includes(name))
  if (label !== undefined) {
    throw new UserError(`The model takes ${label}, which is the label. Train it on the other columns.`)
  }
  const text = new Set(inputs.flatMap(({ type }, index) => (type === 'tensor(string)' ? filled[index]! : [])))
  return { names, text: [...text], inputs: filled }
}

/** As the metadata say; else the column of the input's name; else, for an only input, all columns but the excluded. */
function columnsOf(
  input: Port,
  { signature, columns: said }: Described,
  columns: readonly Column[],
  { exclude }: FeatureOptions,
): string[] {
  const own = columns.some(({ name }) => name === input.name)
  const only = signature.inputs.length === 1
  if (said && !Array.isArray(said)) return said[input.name] ?? [input.name]
  if (said && only) return said
  if (only && input.shape.length === 2 && !(own && input.shape[1] === 1)) {
    return columns.map(({ name }) => name).filter((name) => !exclude.includes(name))
  }
  return [input.name]
}

function requireColumn(name: string, input: Port, columns: readonly Column[]): void {
  if (columns.some((column) => column.name === name)) return
  const mend = takesSeveral(input) ? ` ${mendColumns({ [input.name]: ['…'] })}` : ''
  throw new UserError(
    `The model's input ${input.name} needs a column ${name}, and the data have none. ${sayColumns({ columns }, 'They have')}${mend}`,
  )
}

function takesSeveral({ shape }: Port): boolean {
  return shape.length === 2 && shape[1] !== 1
}

function requireWidth({ name, shape }: Port, columns: readonly string[]): void {
  if (shape.length > 2) {
    throw new UserError(
      `The model's input ${name} has ${shape.length} dimensions (${shape.join(' × ')}), and Modelyard fills rows and columns. Put a reshape into the model.`,
    )
  }
  const width = shape.length === 2 ? shape[1] : 1
  if (typeof width !== 'number' || width <= 0 || width === columns.length) return
  throw new UserError(
    `The model's input ${name} takes ${width} columns and the data have ${columns.length}${lookLikeData(columns) ? '' : `: ${columns.join(', ')}`}. ${mendColumns(['…'])}`,
  )
}

function mendColumns(columns: object): string {
  const shown = JSON.stringify(columns).replace('"…"', '…')
  return `Say which it takes, and in which order: onnx.helper.set_model_props(model, {"columns": json.dumps(${shown})}).`
}
