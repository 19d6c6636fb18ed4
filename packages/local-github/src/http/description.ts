import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'

/** One operation of GitHub's own API description. */
export interface Operation {
  /** `pulls/get` */
  id: string
  /** Its page in GitHub's documentation: what errors name as their `documentation_url`. */
  docs: string
  /** By status: the schema of the JSON, null where there is none. */
  responses: Record<string, object | null>
  /** The schema of the JSON that is sent. */
  request?: object
}

export interface Description {
  /** The package that it was taken from. */
  source: string
  /** SHA-256 of `operations`, `webhooks` and `schemas` as JSON: nobody mends them by hand. */
  digest: string
  /** By `<METHOD> <path>` with `{}` for each parameter. */
  operations: Record<string, Operation>
  /** The payload of an event, by its name and activity: `workflow_run.completed`. */
  webhooks: Record<string, object>
  schemas: Record<string, object>
}

/** What {@link Description.digest} says of the rest. */
export function digestOf({ operations, webhooks, schemas }: Omit<Description, 'source' | 'digest'>): string {
  return createHash('sha256').update(JSON.stringify({ operations, webhooks, schemas })).digest('hex')
}

const require = createRequire(import.meta.url)
let description: Description | undefined
let ajv: Ajv | undefined
const validators = new WeakMap<object, ValidateFunction>()

/** GitHub's own description of what this server answers; read when it is first needed. */
export function loadDescription(): Description {
  if (description) return description
  const file = new URL('../../openapi/operations.json.gz', import.meta.url)
  description = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Description
  return description
}

/** The operation of a route, as Hono writes its path: `/repos/:owner/:repo/git/ref/:ref{.+}`. */
export function findOperation(method: string, route: string): Operation | undefined {
  return loadDescription().operations[`${method === 'HEAD' ? 'GET' : method} ${describedPath(route)}`]
}

/** A route's path as the description writes it, without the root under which the API is served. */
export function describedPath(route: string): string {
  return route.replace(/^\/api\/(v3|uploads)/, '').replace(/:\w+(\{[^}]*\})?\??/g, '{}') || '/'
}

/** What of a value is not as the schema says; none when all is well. Validators are made when they are first needed. */
export function findProblems(schema: object, value: unknown): readonly ErrorObject[] {
  const known = validators.get(schema)
  const validate = known ?? createAjv().compile(schema)
  if (!known) validators.set(schema, validate)
  return validate(value) ? [] : validate.errors!
}

function createAjv(): Ajv {
  if (ajv) return ajv
  // Loaded when somebody first sends or asks for something: it is a tenth of the time that a start takes.
  const library = require('ajv') as typeof import('ajv')
  ajv = new library.Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    // A schema that many operations refer to is made once.
    inlineRefs: false,
  })
  const addFormats = require('ajv-formats') as (to: Ajv) => void
  addFormats(ajv)
  // GitHub sends an empty text where it has no address.
  ajv.addFormat('uri', (text: string) => text === '' || URL.canParse(text.replace(/[{}]/g, '')))
  ajv.addFormat('repo.nwo', /^[^/]+\/[^/]+$/)
  for (const [name, schema] of Object.entries(loadDescription().schemas)) ajv.addSchema(schema, name)
  return ajv
}
