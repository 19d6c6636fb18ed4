import type { ErrorObject } from 'ajv'
import { findProblems, type Operation } from './description.ts'
import { ApiError, unprocessable } from './errors.ts'

/**
 * Holds what was sent against GitHub's description of the operation; throws 422 in the words of the validator that
 * GitHub uses (https://github.com/brandur/json_schema), one line for each problem.
 *
 * @param body undefined when nothing was sent
 */
export function demandSchema(operation: Operation | undefined, body: unknown): void {
  if (!operation?.request) {
    demandObject(body ?? {})
    return
  }
  const problems = findProblems(operation.request, body ?? {})
  if (problems.length === 0) return
  // Of an object that is missing altogether GitHub does not say what it lacks.
  const lines = body === undefined ? ["For 'links/0/schema', nil is not an object."] : describe(problems)
  throw unprocessable(`Invalid request.\n\n${lines.join('\n')}`)
}

function demandObject(body: unknown): void {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new ApiError(400, 'Body should be a JSON object')
}

type Problem = Required<Pick<ErrorObject, 'params' | 'schemaPath' | 'instancePath' | 'keyword'>> & {
  data?: unknown
  schema?: unknown
}

function describe(problems: readonly Problem[]): string[] {
  const lines = problems.map((problem) => (WORDS[problem.keyword] ?? unworded)(problem, problems))
  // The choice comes before its branches.
  const [choices, others] = [lines.filter((each) => each === CHOICE), lines.filter((each) => each !== CHOICE)]
  return [...new Set([...choices, ...others])]
}

const CHOICE = 'No subschema in "anyOf" matched.'

const unworded = ({ keyword, data }: Problem) => `${plain(data)} does not match "${keyword}".`

const WORDS: Record<string, (problem: Problem, all: readonly Problem[]) => string> = {
  anyOf: () => CHOICE,
  type: ({ schemaPath, data, schema }) =>
    `For '${fragment(schemaPath)}', ${inspect(data)} is not ${typeList([schema].flat() as string[])}.`,
  enum: ({ data, schema }) => `${plain(data)} is not a member of ${inspect(schema)}.`,
  required: (problem, all) => {
    const missing = names(problem, all, 'missingProperty')
    return `${quoted(missing)} ${missing.length === 1 ? "wasn't" : "weren't"} supplied.`
  },
  additionalProperties: (problem, all) => {
    const extra = names(problem, all, 'additionalProperty')
    return `${quoted(extra)} ${extra.length === 1 ? 'is not a permitted key' : 'are not permitted keys'}.`
  },
  format: ({ data, params }) => `${plain(data)} is not a valid ${params.format}.`,
  pattern: ({ data, params }) => `${plain(data)} does not match /${params.pattern}/.`,
  minimum: ({ data, params }) => `${plain(data)} must be greater than or equal to ${params.limit}.`,
  maximum: ({ data, params }) => `${plain(data)} must be less than or equal to ${params.limit}.`,
  minLength: (problem) => `At least ${count(problem, 'character')} required; only ${supplied(problem)}.`,
  maxLength: (problem) => `Only ${count(problem, 'character')} allowed; ${supplied(problem)}.`,
  minItems: (problem) => `At least ${count(problem, 'item')} required; only ${supplied(problem)}.`,
  maxItems: (problem) => `No more than ${count(problem, 'item')} allowed; ${supplied(problem)}.`,
  maxProperties: (problem) => `No more than ${count(problem, 'propert')} allowed; ${supplied(problem)}.`,
  uniqueItems: () => 'Duplicate items are not allowed.',
}

/** `#/properties/author/properties/name/type` → `properties/name`: GitHub names the last step only. */
function fragment(schemaPath: string): string {
  const steps = schemaPath.split('/').slice(1, -1)
  const last = steps.at(-1)
  if (last === undefined) return 'links/0/schema'
  return last === 'items' || last === 'additionalProperties' ? last : steps.slice(-2).join('/')
}

/** All keys that one object lacks, or has too many. */
function names(problem: Problem, all: readonly Problem[], param: string): string[] {
  const same = all.filter(
    ({ keyword, schemaPath, instancePath }) =>
      keyword === problem.keyword && schemaPath === problem.schemaPath && instancePath === problem.instancePath,
  )
  return same.map(({ params }) => params[param] as string).sort()
}

const quoted = (words: string[]) => `"${words.join('", "')}"`

function count({ params: { limit } }: Problem, word: string): string {
  const plural = word === 'propert' ? (limit === 1 ? 'y' : 'ies') : limit === 1 ? '' : 's'
  return `${limit} ${word}${plural} ${limit === 1 ? 'is' : 'are'}`
}

function supplied({ data }: Problem): string {
  const size = typeof data === 'string' ? [...data].length : Object.keys(data as object).length
  return `${size} ${size === 1 ? 'was' : 'were'} supplied`
}

function typeList(types: string[]): string {
  const [first] = types
  return `${first === 'array' || first === 'object' || first === 'integer' ? 'an' : 'a'} ${types.join(' or ')}`
}

const plain = (value: unknown) => (typeof value === 'string' ? value : inspect(value))

/** As Ruby writes a value. */
function inspect(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)} => ${inspect(each)}`)
  return `{${members.join(', ')}}`
}
