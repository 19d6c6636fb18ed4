import { type Place, UserError } from '@modelyard/spec'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { Path } from './document.ts'

/** An alias may stand for what has aliases again: so many places at most come of one. */
const MOST_ALIASES = 10_000

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
    throw new UserError(yaml.errors.map(({ message, pos }) => ({ message: sentence(message), place: at(pos[0]) })))
  }
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
