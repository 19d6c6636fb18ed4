import { type Place, type Problem, UserError } from '@modelyard/spec'
import { type Document, isNode, isPair, LineCounter, parseDocument, visit } from 'yaml'
import type { Path } from './document.ts'

/** An alias may stand for what has aliases again: so many places at most come of one. */
const MOST_ALIASES = 10_000

/** Of more problems than these, the rest is a number. */
const MOST_PROBLEMS = 20

/** The YAML of a contract: its value, and where its parts stand. */
export interface ContractYaml {
  value: unknown
  /** Where a path leads, or the nearest that is there above it. */
  place(path: Path): Place
}

/** Parses YAML. Throws a `UserError` with a place for every problem; `file` is for messages. */
export function parseYaml(text: string, file: string): ContractYaml {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  if (yaml.errors.length > 0) {
    throw new UserError(firstOf(yaml.errors, ({ message, pos }) => ({ message: sentence(message), place: at(pos[0]) })))
  }
  const rounded = roundedIn(yaml, at)
  if (rounded.length > 0) throw new UserError(firstOf(rounded, (problem) => problem))
  return {
    value: resolved(() => yaml.toJS({ maxAliasCount: MOST_ALIASES }), at(0)),
    place(path) {
      for (let length = path.length; length > 0; length--) {
        const node = yaml.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return at(node.range[0])
      }
      return at(0)
    },
  }
}

const DEEP = 'This is nested too deeply. Write it flatter.'

/** The first line of what the parser says; it tells of itself where a text is nested more deeply than it can follow. */
function sentence(message: string): string {
  return message.startsWith('Maximum call stack') ? DEEP : message.split('\n')[0]!
}

/** What YAML stands for. Its writer may not have meant as much as aliases of aliases make of it. */
function resolved(work: () => unknown, place: Place): unknown {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof ReferenceError || cause instanceof RangeError)) throw cause
    const unknown = /^Unresolved alias.*: (.*)$/.exec(cause.message)?.[1]
    const most = MOST_ALIASES.toLocaleString('en-US')
    const bomb = `Aliases stand for more than ${most} places. Write them out.`
    const message = unknown ? `The alias ${unknown} stands for nothing.` : cause instanceof RangeError ? DEEP : bomb
    throw new UserError({ message, place }, { cause })
  }
}

/** Does what goes as deep as the document does. Throws a `UserError` where that is too deep, or without end. */
export function flatEnough<T>(work: () => T, place: Place): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new UserError({ message: DEEP, place }, { cause })
  }
}

/** The first problems, and how many more there are. */
export function firstOf<T>(found: readonly T[], problem: (each: T) => Problem): Problem[] {
  const more = found.length - MOST_PROBLEMS
  const shown = found.slice(0, MOST_PROBLEMS).map(problem)
  return more > 0 ? [...shown, { message: `And ${more.toLocaleString('en-US')} more.` }] : shown
}

/** Keys whose numbers the data are compared with. */
const LIMITS = /^(?:must(?:Not)?Be\w*|minimum|maximum|exclusiveM(?:in|ax)imum|multipleOf|validValues|missingValues)$/

/** From here on, DuckDB is given numbers as doubles. */
const LONG = 2 ** 63

/** Whole numbers that the data are compared with, and that are not held as they are written. */
function roundedIn(yaml: Document, place: (offset: number) => Place): Problem[] {
  const found: Problem[] = []
  visit(yaml, {
    Scalar(_, { value, source = '', range }, ancestors) {
      if (typeof value !== 'number' || !/^-?\d+$/.test(source)) return
      if (Math.abs(value) < LONG && BigInt(source) === BigInt(value)) return
      if (!ancestors.some((each) => isPair(each) && LIMITS.test(String(each.key)))) return
      const mend = 'Write a rounder limit, such as 1e19, and values of a list between quotes.'
      found.push({ message: `${source} is beyond 2^53, where numbers are rounded. ${mend}`, place: place(range![0]) })
    },
  })
  return found
}
