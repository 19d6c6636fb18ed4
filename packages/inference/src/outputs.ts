import { isClassification, type Signature, type Task, UserError } from '@modelyard/spec'
import type { InspectedModel } from './inspect.ts'

type Port = Signature['outputs'][number]

/** Which tensors to ask a model for, and what they mean. */
export interface Outputs {
  /** The class that the model chose. */
  label?: string
  /** Probabilities of the classes, or of the positive one alone; values of a regression. */
  scores?: string
}

type Described = Pick<InspectedModel, 'signature' | 'zipped' | 'output'>

const numbers = ['tensor(float)', 'tensor(double)', 'tensor(float16)']
const names = /^tensor\((?:u?int\d+|string|bool)\)$/

/** Finds a model's answers by type and, where several fit, by name. Throws a `UserError` where it does not give what the task needs. */
export function outputsOf(model: Described, task: Task): Outputs {
  const { outputs } = model.signature
  const scores = scoresOf(model, task)
  if (!isClassification(task)) {
    if (scores !== undefined) return { scores }
    throw new UserError(`A model for ${task} needs an output of numbers, and the model has ${listed(outputs)}.`)
  }
  const label = byName(
    outputs.filter(({ type }) => names.test(type)),
    /label|class/i,
  )
  if (scores === undefined && !label) {
    throw new UserError(`A classification needs labels or probabilities, and the model has ${listed(outputs)}.`)
  }
  return { ...(label && { label: label.name }), ...(scores !== undefined && { scores }) }
}

/** The tensor of numbers; of maps, the one that they are made from. */
function scoresOf({ signature: { outputs }, zipped, output }: Described, task: Task): string | undefined {
  const given = outputs.filter(({ name, type }) => numbers.includes(type) || zipped.some((map) => map.output === name))
  const tensor = (name: string) => zipped.find((map) => map.output === name)?.tensor ?? name
  if (output !== null) {
    if (given.some(({ name }) => name === output)) return tensor(output)
    throw new UserError(
      `The model's metadata say that its output is ${output}, and its outputs of numbers are ${listed(given)}.`,
    )
  }
  if (given.length === 0) return undefined
  const best = byName(given, isClassification(task) ? /prob/i : /predict|variable/i)
  if (best) return tensor(best.name)
  throw new UserError(
    `The model gives several outputs of numbers: ${listed(given)}. Say which it is judged by: onnx.helper.set_model_props(model, {"output": "${given[0]!.name}"}).`,
  )
}

/** The only one, or the only one that is called so. */
function byName(ports: readonly Port[], pattern: RegExp): Port | undefined {
  if (ports.length === 1) return ports[0]
  const called = ports.filter(({ name }) => pattern.test(name))
  return called.length === 1 ? called[0] : undefined
}

function listed(ports: readonly Port[]): string {
  return ports.map(({ name, type }) => `${name}: ${type}`).join(', ') || 'none'
}
