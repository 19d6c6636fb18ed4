import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { didYouMean, sha256, UserError } from '@modelyard/spec'
import { ownViolations } from '../rules/own/implementation.ts'
import type { ContractDocument, Path, SchemaObject, Server, ServiceLevel } from './document.ts'
import { mistakes } from './mistakes.ts'
import { contradictions } from './problems.ts'
import { type Violation, violations } from './schema.ts'
import { firstOf, flatEnough, parseYaml } from './text.ts'

/** Objects are listed up to so many. */
const SHOWN = 10

/** A contract is a text that people read: more bytes than these are something else. */
const MOST_BYTES = 10 * 2 ** 20

/** An ODCS v3 data contract on one table. */
export interface Contract {
  /** Path of the contract as it was asked for. */
  file: string
  /** SHA-256 of the file. */
  sha256: string
  /** The object that is our table. */
  object: SchemaObject
  /** All objects that it describes. */
  objects: SchemaObject[]
  servers: Server[]
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
  /** The name of the object that is our table, where there are several. */
  object?: string
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
  if (text.length > MOST_BYTES)
    throw new UserError(`The contract ${path} has more than ${MOST_BYTES / 2 ** 20} MiB, which none needs. Is it one?`)
  return parseContract(text, path, { root: dirname(path), now: new Date(), ...setting })
}

/** Parses the text of a contract. Pure but for the time, which is that of the setting; `file` is for messages. */
export function parseContract(
  text: string,
  file: string,
  setting: Setting = { root: dirname(file), now: new Date() },
): Contract {
  const { value: document, place } = parseYaml(text, file)
  const refuse = (found: readonly Violation[]) => {
    if (found.length === 0) return
    throw new UserError(firstOf(found, ({ path, message }) => ({ message, place: place(path) })))
  }
  refuse([...wrongVersion(document), ...flatEnough(() => violations(document), place([]))])
  refuse(contradictions(document as Partial<ContractDocument>))
  refuse(mistakes(document as Partial<ContractDocument>))

  const {
    schema = [],
    servers = [],
    slaProperties = [],
    slaDefaultElement = '',
  } = document as Partial<ContractDocument>
  const index = chooseObject(schema, setting.object)
  if (typeof index === 'string') throw new UserError({ message: index, place: place(['schema']) })
  const object = schema[index]!
  refuse(ownViolations(object).map(({ path, message }) => ({ path: ['schema', index, ...path], message })))
  return {
    file,
    sha256: sha256(text),
    object,
    objects: schema,
    servers,
    serviceLevels: slaProperties.map((level, at) => ({
      element: slaDefaultElement,
      ...level,
      line: place(['slaProperties', at]).line,
    })),
    setting,
    line: (path) => place(['schema', index, ...path]).line,
  }
}

/** Which of several objects is our table, or a sentence on why none is. */
function chooseObject(schema: readonly SchemaObject[], wanted: string | undefined): number | string {
  const names = schema.map(({ name }) => name)
  const rest = names.length - SHOWN
  const known = `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  if (names.length === 0) return 'The contract describes no object. Describe the columns of the data in schema.'
  if (wanted !== undefined) {
    const index = names.indexOf(wanted)
    return index >= 0 ? index : `data.object is ${wanted}; the contract describes ${known}.${didYouMean(wanted, names)}`
  }
  if (names.length === 1) return 0
  return `The contract describes ${names.length} objects: ${known}. Say by data.object of the model file which one the data are.`
}

function wrongVersion(document: unknown): Violation[] {
  const version = (document as Partial<ContractDocument> | null)?.apiVersion
  if (typeof version !== 'string' || /^v3\.[01]\./.test(version)) return []
  return [
    { path: ['apiVersion'], message: `apiVersion is ${version}; Modelyard reads contracts of ODCS v3.0 and v3.1.` },
  ]
}
