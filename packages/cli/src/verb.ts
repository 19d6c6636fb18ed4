import type { Statement } from '@modelyard/spec'
import type { StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

/** One verb of the command. */
export type Verb = {
  summary: string
  /** What follows the verb without a `--`; it comes among the options under its name. */
  argument?: { name: string; description: string }
  /** A `flag` takes no value: it is `true` or `false`. */
  options: Record<string, { description: string; fallback?: string; flag?: true }>
  example: string
} & (Step | Question | Talk | Forward)

/** The verb of an action: does its step and answers with the records; with nothing where it was not to make any. */
interface Step {
  run(context: StepContext, options: Record<string, string>): Promise<Statement[] | undefined>
}

/** A verb that is asked something: answers with data, and knows how they look to people. */
interface Question {
  ask(context: StepContext, options: Record<string, string>, terminal: Terminal): Promise<Answer>
}

export interface Answer {
  /** What `--json` prints. */
  data: unknown
  text(style: { color: boolean }): string
  /** The exit code, where it is not 0. */
  code?: number
}

/** A verb for people alone: speaks with the terminal itself and answers with the exit code. */
interface Talk {
  talk(terminal: Terminal, context: StepContext, options: Record<string, string>): Promise<number>
}

/** A verb of another package, which reads its own arguments and answers with the exit code. */
interface Forward {
  forward(terminal: Terminal, args: string[]): Promise<number>
}
