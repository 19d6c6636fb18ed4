import * as core from '@actions/core'
import { UserError } from '@modelyard/spec'

/** Turns what the workflow wrote for one input into a value, or throws a sentence that names the input. */
export type InputReader<T> = (written: string, name: string) => T

/** An action's inputs, by the names of its action.yml (where their defaults are). */
export type InputReaders = Record<string, InputReader<unknown>>

/** The values that `InputReaders` read. */
export type Inputs<R extends InputReaders> = { [Name in keyof R]: ReturnType<R[Name]> }

/** Any text; empty when the workflow says nothing and action.yml has no default. */
export const text: InputReader<string> = (written) => written

/** Text that need not be there. */
export const optional: InputReader<string | undefined> = (written) => (written === '' ? undefined : written)

/** Text of which something must be there. */
export const needed: InputReader<string> = (written, name) => {
  if (written === '') throw new UserError(`The input "${name}" is empty. Say it under the step's with:.`)
  return written
}

/** Text that must never be printed. */
export const secret: InputReader<string> = (written) => {
  if (written !== '') core.setSecret(written)
  return written
}

/** `true` or `false`. */
export const flag: InputReader<boolean> = (written, name) => {
  if (written !== 'true' && written !== 'false')
    throw new UserError(`The input "${name}" is ${JSON.stringify(written)}; it must be true or false.`)
  return written === 'true'
}

/** One of a few words. */
export function choice<const Words extends readonly string[]>(...words: Words): InputReader<Words[number]> {
  return (written, name) => {
    if (words.includes(written)) return written
    throw new UserError(`The input "${name}" is ${JSON.stringify(written)}; it must be ${words.join(' or ')}.`)
  }
}

/** Reads every input from the environment of the step. */
export function readInputs<R extends InputReaders>(readers: R): Inputs<R> {
  const values = Object.entries(readers).map(([name, read]) => [name, read(core.getInput(name), name)])
  return Object.fromEntries(values) as Inputs<R>
}
