import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type Problem, UserError } from '../user-error.ts'
import { contradictions } from './contradictions.ts'
import { inOurNames } from './mlflow.ts'
import { type ModelFile, ModelFileSchema } from './schema.ts'
import { show, suggestion } from './wording.ts'

/** A model file together with where it lies: every path in it is relative to `folder`. */
export interface Model extends ModelFile {
  /** Path of the model file as it was asked for. */
  file: string
  /** The folder that holds it. */
  folder: string
  /** The line of each gate, slice and test of behaviour, in the order of `evaluate`. */
  lines?: Readonly<Record<'gates' | 'slices' | 'behaviour', readonly number[]>>
}

/** Reads and checks a model file; throws a `UserError` with a place for every problem. Messages call it `name`. */
export async function readModelFile(path: string, name: string = path): Promise<Model> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const what = code === 'ENOENT' ? 'There is no model file' : `The model file cannot be read (${code}):`
    throw new UserError(
      `${what} ${name}. Write one (https://github.com/modelyard/modelyard/blob/v1/docs/model-file.md shows how) or say where it is: with the input "model" of an action, with --model of the command.`,
      { cause },
    )
  }
  return { ...parseModelFile(text, name), folder: dirname(path) }
}

/** Parses the text of a model file. Pure; `path` is only for messages. */
export function parseModelFile(text: string, path: string): Model {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const at = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return { file: path, line, column: col }
  }
  if (document.errors.length > 0) {
    throw new UserError(
      document.errors.map(({ code, message, pos: [start] }) => ({
        message:
          code === 'DUPLICATE_KEY'
            ? `${/^[^\s:]+/.exec(text.slice(start))?.[0]} is written twice here. Leave one out.`
            : firstLine(message),
        place: at(start),
      })),
    )
  }
  const parsed = ModelFileSchema.safeParse(document.toJS(), { reportInput: true })
  if (!parsed.success) {
    throw new UserError(parsed.error.issues.flatMap(flatten).map((issue) => problem(issue, document.contents, at)))
  }
  const problems = contradictions(parsed.data).map(({ path: keys, message }) => ({
    message,
    place: at(offsetOf(document.contents, keys)),
  }))
  if (problems.length > 0) throw new UserError(problems)
  const linesOf = (key: 'gates' | 'slices' | 'behaviour') =>
    parsed.data.evaluate[key].map((_, index) => at(offsetOf(document.contents, ['evaluate', key, index])).line)
  const lines = { gates: linesOf('gates'), slices: linesOf('slices'), behaviour: linesOf('behaviour') }
  const evaluate = { ...parsed.data.evaluate, gates: parsed.data.evaluate.gates.map(inOurNames) }
  return { ...parsed.data, evaluate, file: path, folder: dirname(path), lines }
}

type Issue = z.core.$ZodIssue

/** What is longer is not repeated in a message. */
const LONGEST_WRITTEN = 80

/** One issue for every offending key; of a union, what its most promising branch complains about. */
function flatten(issue: Issue): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...issue, keys: [key] }))
  }
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    const branch = issue.errors.find((errors) =>
      errors.every((error) => error.path.length > 0 || error.code !== 'invalid_type'),
    )
    if (branch) return branch.map((error) => ({ ...error, path: [...issue.path, ...error.path] }))
  }
  return [issue]
}

function problem(issue: Issue, root: Node | null, at: (offset: number) => NonNullable<Problem['place']>): Problem {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]!]
    return {
      message: `${show(path)} is not a key of ${nounFor(issue.path)}.${suggestion(issue.keys[0]!, knownKeys(issue.path))}`,
      place: at(offsetOf(root, path, 'key')),
    }
  }
  return {
    message: `${show(issue.path) || 'The file'} ${written(issue.input, complaint(issue))}.`,
    place: at(offsetOf(root, issue.path)),
  }
}

/**
 * A complaint with what a person wrote before it, where it does not say so itself and that is short enough; no address,
 * in which there may be a password.
 */
function written(input: unknown, complaint: string): string {
  const isScalar = input === null || ['string', 'number', 'boolean'].includes(typeof input)
  const text = isScalar && complaint.startsWith('must ') && !String(input).includes('://') ? JSON.stringify(input) : ''
  return text === '' || text.length > LONGEST_WRITTEN ? complaint : `is ${text}; it ${complaint}`
}

function complaint(issue: Issue): string {
  if (issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_value' && !/^Invalid /.test(issue.message)) return issue.message.replace(/\.$/, '')
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`
  if (issue.code === 'too_small' && issue.origin === 'number')
    return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
  if (issue.code === 'too_big' && issue.origin === 'number')
    return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
  return issue.message.replace(/\.$/, '')
}

function article(type: string): string {
  const word = { object: 'mapping', record: 'mapping', array: 'list' }[type] ?? type
  return `a ${word}`
}

function nounFor(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'a model file'
  if (path[0] === 'stages') return path.length === 2 ? 'a stage' : 'a target'
  if (path[1] === 'gates') return 'a gate'
  return show(path)
}

/** The keys that the schema knows at a path, found by walking the schema. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = ModelFileSchema
  for (const key of path) schema = child(unwrap(schema), key)
  const shape = (unwrap(schema) as { shape?: object } | undefined)?.shape
  return shape ? Object.keys(shape) : []
}

type Wrapped = {
  _zod: {
    def: { type: string; innerType?: unknown; element?: unknown; valueType?: unknown; shape?: Record<string, unknown> }
  }
}

function unwrap(schema: unknown): unknown {
  let inner = schema
  while (['optional', 'default'].includes((inner as Wrapped)?._zod?.def.type))
    inner = (inner as Wrapped)._zod.def.innerType
  return inner
}

function child(schema: unknown, key: PropertyKey): unknown {
  const def = (schema as Wrapped | undefined)?._zod.def
  return def?.shape?.[String(key)] ?? def?.element ?? def?.valueType
}

/** Where the value (or the key) of a path stands in the text; the nearest ancestor's where the path is not there. */
function offsetOf(root: Node | null, path: readonly PropertyKey[], part: 'key' | 'value' = 'value'): number {
  let node: Node | null = root
  let offset = root?.range?.[0] ?? 0
  for (const [index, key] of path.entries()) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    const next: Node | null | undefined = isMap(node)
      ? (pair?.value as Node | null | undefined)
      : isSeq(node)
        ? (node.items[Number(key)] as Node)
        : undefined
    const wantsKey = part === 'key' && index === path.length - 1
    const found = (wantsKey ? (pair?.key as Node | undefined) : next) ?? (pair?.key as Node | undefined)
    if (!found) break
    offset = found.range?.[0] ?? offset
    node = next ?? null
  }
  return offset
}

function firstLine(message: string): string {
  return `${message
    .split(/ at line \d+|\n/)[0]!
    .trim()
    .replace(/[.:]$/, '')}.`
}
