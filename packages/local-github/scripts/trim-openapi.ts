// Cuts GitHub's own API description (13 MB) down to the operations that the server answers.
// Usage: node packages/local-github/scripts/trim-openapi.ts [path of api.github.com.json]
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { digestOf } from '../src/http/description.ts'
import { servedOperations } from '../test/served-operations.ts'
import { downloadDescription, PACKAGE } from './whole-description.ts'

const TARGET = new URL('../openapi/operations.json.gz', import.meta.url)

/** Events whose payloads are held against their description. */
const SENT: Record<string, readonly string[]> = {
  issues: ['opened', 'edited', 'closed', 'labeled', 'assigned', 'milestoned'],
  issue_comment: ['created', 'edited', 'deleted'],
  label: ['created', 'edited', 'deleted'],
  milestone: ['created', 'edited', 'closed', 'opened', 'deleted'],
  pull_request: ['opened', 'edited', 'closed', 'review_requested'],
  pull_request_review: ['submitted', 'dismissed'],
  pull_request_review_comment: ['created', 'edited'],
  release: ['created', 'edited', 'deleted', 'published', 'released', 'prereleased', 'unpublished'],
  deployment: ['created'],
  deployment_status: ['created'],
  create: [''],
  delete: [''],
  workflow_run: ['requested', 'in_progress', 'completed'],
}

/** Members that GitHub sends as null, too, although its description does not say so, by schema. */
const NULL_TOO: Record<string, readonly string[]> = {
  // Of a comment on a whole file, and of one whose line is no more part of the diff.
  'pull-request-review-comment': ['line', 'original_line', 'position'],
}

/** Lists that octokit sends plain, as GitHub takes them, where the description has an object with the list as member. */
const PLAIN_LISTS = /\/protection\/(?:restrictions\/(?:users|teams|apps)|required_status_checks\/contexts)$/

const PROSE = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'externalDocs',
  'deprecated',
  'discriminator',
  'readOnly',
])

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

const description = JSON.parse(readFileSync(process.argv[2] ?? downloadDescription(), 'utf8')) as JsonObject
correct(description)
const components = description.components as Record<string, JsonObject>
const used = new Map<string, Json>()
const wanted = new Set(servedOperations())
const operations: JsonObject = {}

for (const [path, methods] of Object.entries(description.paths as Record<string, JsonObject>)) {
  for (const [method, operation] of Object.entries(methods)) {
    const key = `${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, '{}')}`
    if (wanted.has(key)) operations[key] = trimOperation(operation as JsonObject, PLAIN_LISTS.test(path))
  }
}
const webhooks: JsonObject = {}
const hooks = description['x-webhooks'] as Record<string, JsonObject>
for (const [event, actions] of Object.entries(SENT)) {
  for (const action of actions) {
    const name = [event, action].filter(Boolean)
    const { post } = hooks[name.join('-').replaceAll('_', '-')]!
    webhooks[name.join('.')] = trimOperation(post as JsonObject).request!
  }
}
// Its prose names this state of a broken upload, its list of states does not.
const asset = used.get('release-asset') as { properties: { state: { enum: string[] } } } | undefined
asset?.properties.state.enum.push('starter')

const missing = [...wanted].filter((key) => !(key in operations))
if (missing.length) throw new Error(`GitHub's description has no ${missing.join(', ')}`)

const content = { operations, webhooks, schemas: Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))) }
const output = { source: PACKAGE, digest: digestOf(content as never), ...content }
const packed = gzipSync(JSON.stringify(output), { level: 9 })
packed[9] = 255 // the operating system is no part of the content
writeFileSync(TARGET, packed)
console.log(
  `${Object.keys(operations).length} operations, ${used.size} schemas, ${Math.round(packed.length / 1024)} kB`,
)

function trimOperation(operation: JsonObject, takesList = false): JsonObject {
  const responses: JsonObject = {}
  for (const [status, response] of Object.entries(operation.responses as JsonObject)) {
    const content = (follow(response) as JsonObject).content as Record<string, JsonObject> | undefined
    // The forms that GitHub sends as JSON, whichever was asked for.
    const forms = ['application/json', 'application/vnd.github.object'].flatMap((type) => content?.[type] ?? [])
    const schemas = forms.map(({ schema }) => clean(schema ?? {}))
    responses[status] = schemas.length > 1 ? { anyOf: schemas } : (schemas[0] ?? null)
  }
  const body = operation.requestBody && (follow(operation.requestBody) as JsonObject)
  const schema = (body as { content?: Record<string, JsonObject> } | undefined)?.content?.['application/json']?.schema
  return {
    id: operation.operationId ?? '',
    docs: (operation.externalDocs as JsonObject | undefined)?.url ?? '',
    responses,
    ...(schema ? { request: takesList ? withList(clean(schema)) : clean(schema) } : {}),
  }
}

function follow(value: Json): Json {
  const ref = (value as JsonObject).$ref as string | undefined
  if (!ref) return value
  const [, , kind, name] = ref.split('/') as [string, string, string, string]
  return components[kind]![name]!
}

/** A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, what says nothing about validity goes. */
function clean(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(clean)
  if (schema === null || typeof schema !== 'object') return schema
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1)!
    if (!used.has(name)) {
      used.set(name, true)
      used.set(name, withNulls(clean(components.schemas![name]!) as JsonObject, NULL_TOO[name] ?? []))
      if (name === 'validation-error') withSentences(used.get(name) as JsonObject)
    }
    return { $ref: name }
  }
  const { nullable, ...rest } = schema
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(rest)) {
    if (PROSE.has(key) || key.startsWith('x-')) continue
    if (key === 'properties')
      kept[key] = Object.fromEntries(Object.entries(value as JsonObject).map(([name, each]) => [name, clean(each)]))
    // Their alternatives overlap, so that what GitHub itself sends often fits two of them.
    else if (key === 'oneOf') kept.anyOf = clean(value)
    else kept[key] = key === 'enum' || key === 'required' ? value : clean(value)
  }
  if (nullable !== true) return kept
  if (typeof kept.type !== 'string') return { anyOf: [kept, { type: 'null' }] }
  return {
    ...kept,
    type: [kept.type, 'null'],
    ...(Array.isArray(kept.enum) && { enum: [...new Set([...kept.enum, null])] }),
  }
}

function withNulls(schema: JsonObject, names: readonly string[]): JsonObject {
  const properties = schema.properties as JsonObject
  for (const name of names) properties[name] = { anyOf: [properties[name]!, { type: 'null' }] }
  return schema
}

function withList(schema: Json): Json {
  return { anyOf: [schema, { type: 'array', items: { type: 'string' } }] }
}

/** Of rulesets GitHub sends `errors` as sentences (integrations/terraform-provider-github#2660), not as objects. */
function withSentences(schema: JsonObject): void {
  const { errors } = schema.properties as Record<string, JsonObject>
  errors!.items = { anyOf: [errors!.items!, { type: 'string' }] }
}

/** What GitHub's description has wrong elsewhere, as its own prose or practice shows. */
function correct({ components, paths }: JsonObject): void {
  const at = (from: Json | undefined, ...path: string[]) =>
    path.reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], from) as JsonObject
  // «This may leave an empty asset with a state of starter»: the description of repos/upload-release-asset.
  at(components, 'schemas', 'release-asset', 'properties', 'state').enum = ['uploaded', 'open', 'starter']
  // «For 'properties/body', 42 is not a string or null.»
  const issue = at(paths, '/repos/{owner}/{repo}/issues', 'post', 'requestBody', 'content', 'application/json')
  at(issue, 'schema', 'properties', 'body').nullable = true
}
