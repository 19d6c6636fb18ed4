import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Place, type Problem, sha256, UserError } from '@modelyard/spec'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { ownViolations } from './custom/implementation.ts'
import type { ContractDocument, Path, SchemaObject, ServiceLevel } from './document.ts'
import { violations } from './schema.ts'

/** An ODCS v3 data contract on one table. */
export interface Contract {
  /** Path of the contract as it was asked for. */
  file: string
  /** SHA-256 of the file. */
  sha256: string
  /** The one object that it describes: our table. */
  object: SchemaObject
  /** What it promises of the service, each with its line. */
  serviceLevels: Array<ServiceLevel & { line?: number | undefined }>
  setting: Setting
  /** The line, from 1, on which a part of the object stands. */
  line(path: Path): number | undefined
}

/** Where a contract is checked, and when. */
export interface Setting {
  /** The folder that the files of its rules are relative to. */
  root: string
  /** When the run began that asks: what is too old is told from it. */
  now: Date
  /** Threads of DuckDB for the other files that rules name. */
  threads?: number
}

/**
 * Reads and checks a contract; throws a `UserError` with a place for every problem. By default its rules name files
 * from its own folder.
 */
export async function readContract(path: string, setting: Partial<Setting> = {}): Promise<Contract> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UserError(
      code === 'ENOENT'
        ? `There is no contract ${path}. Write it, or take data.contract out of the model file.`
        : `The contract ${path} cannot be read (${code}).`,
      { cause },
    )
  }
  return parseContract(text, path, { root: dirname(path), now: new Date(), ...setting })
}

/** Parses the text of a contract. Pure but for the time, which is that of the setting; `file` is for messages. */
export function parseContract(
  text: string,
  file: string,
  setting: Setting = { root: dirname(file), now: new Date() },
): Contract {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  if (yaml.errors.length > 0) {
    throw new UserError(
      yaml.errors.map(({ message, pos }) => ({ message: message.split('\n')[0]!, place: at(pos[0]) })),
    )
  }
  /** Where a path leads, or the nearest that is there above it. */
  const place = (path: Path): Place => {
    for (let length = path.length; length > 0; length--) {
      const node = yaml.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return at(node.range[0])
    }
    return at(0)
  }
  const document: unknown = yaml.toJS()
  const problems = [...wrongVersion(document), ...violations(document)].map(
    ({ path, message }): Problem => ({ message, place: place(path) }),
  )
  if (problems.length > 0) throw new UserError(problems)

  const { schema = [], slaProperties = [], slaDefaultElement = '' } = document as Partial<ContractDocument>
  if (schema.length !== 1) {
    throw new UserError({
      message: `The contract describes ${schema.length} objects; the data are one table. Keep one object in schema.`,
      place: place(['schema']),
    })
  }
  const own = ownViolations(schema[0]!).map(
    ({ path, message }): Problem => ({ message, place: place(['schema', 0, ...path]) }),
  )
  if (own.length > 0) throw new UserError(own)
  return {
    file,
    sha256: sha256(text),
    object: schema[0]!,
    serviceLevels: slaProperties.map((level, index) => ({
      element: slaDefaultElement,
      ...level,
      line: place(['slaProperties', index]).line,
    })),
    setting,
    line: (path) => place(['schema', 0, ...path]).line,
  }
}

function wrongVersion(document: unknown): Array<{ path: Path; message: string }> {
  const version = (document as Partial<ContractDocument> | null)?.apiVersion
  if (typeof version !== 'string' || /^v3\.[01]\./.test(version)) return []
  return [
    { path: ['apiVersion'], message: `apiVersion is ${version}; Modelyard reads contracts of ODCS v3.0 and v3.1.` },
  ]
}
