import { isClassification, type Signature, type Task, UserError } from '@modelyard/spec'
import type { InspectedModel } from './inspect.ts'

type Port = Signature['outputs'][number]

/** Which tensors to ask a model for, and what they mean. */
export interface Outputs {
  /** The class that the model chose. */
  label?: string
  /** Probabilities of the classes, or of the positive one alone; values of a regression. */
  scores?: string
  /** Of several labels: the tensors with their probabilities, named where there is one for each. */
  each?: ReadonlyArray<{ tensor: string; label: string | null }>
}

/** The names of the tensors to ask for. */
export function tensorsAsked({ label, scores, each = [] }: Outputs): string[] {
  return [label, scores, ...each.map(({ tensor }) => tensor)].filter((name) => name !== undefined)
}

type Described = Pick<InspectedModel, 'signature' | 'zipped' | 'output'>

const numbers = ['tensor(float)', 'tensor(double)', 'tensor(float16)']
const names = /^tensor\((?:u?int\d+|string|bool)\)$/

/** Finds a model's answers by type and, where several fit, by name. Throws a `UserError` where it does not give what the task needs. */
export function outputsOf(model: Described, task: Task): Outputs {
  const { outputs } = model.signature
  if (task === 'multilabel-classification') return { each: labelTensors(model) }
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
function scoresOf(model: Described, task: Task): string | undefined {
  const given = outputsOfNumbers(model).filter(({ name }) => madeFrom(model, name).length === 1)
  const tensor = (name: string) => madeFrom(model, name)[0]!
  if (model.output !== null) return tensor(saidOutput(model.output, given))
  if (given.length === 0) return undefined
  const best = byName(given, isClassification(task) ? /prob/i : /predict|variable/i)
  if (best) return tensor(best.name)
  throw new UserError(
    `The model gives several outputs of numbers: ${listed(given)}. Say which it is judged by: onnx.helper.set_model_props(model, {"output": "${given[0]!.name}"}).`,
  )
}

/**
 * Of several labels: the one output that holds them all, a tensor or a list of tensors; or an output for each, called
 * after it.
 */
function labelTensors(model: Described): NonNullable<Outputs['each']> {
  const given = outputsOfNumbers(model)
  const best =
    model.output === null ? byName(given, /prob(?:s|abilit(?:y|ies))?$/i)?.name : saidOutput(model.output, given)
  if (best !== undefined) return madeFrom(model, best).map((tensor) => ({ tensor, label: null }))
  if (given.length > 1) {
    return given.map(({ name }) => ({ tensor: madeFrom(model, name)[0]!, label: name.replace(/^probability_/, '') }))
  }
  throw new UserError(
    `A multilabel-classification needs an output of probabilities, and the model has ${listed(model.signature.outputs)}.`,
  )
}

function outputsOfNumbers({ signature: { outputs }, zipped }: Described): Port[] {
  return outputs.filter(({ name, type }) => numbers.includes(type) || zipped.some(({ output }) => output === name))
}

/** The tensors that an output is made from; the output itself where it is one. */
function madeFrom({ zipped }: Described, name: string): string[] {
  const made = zipped.filter(({ output }) => output === name).map(({ tensor }) => tensor)
  return made.length === 0 ? [name] : made
}

function saidOutput(output: string, given: readonly Port[]): string {
  if (given.some(({ name }) => name === output)) return output
  throw new UserError(
    `The model's metadata say that its output is ${output}, and its outputs of numbers are ${listed(given)}.`,
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
