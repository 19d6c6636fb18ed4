import type { ErrorObject } from 'ajv'
import { validate } from '../schema/odcs-3.1.0.js'
import type { Path } from './document.ts'

export interface Violation {
  path: Path
  message: string
}

/** How a document breaks the standard's own JSON Schema, one sentence for each place. */
export function violations(document: unknown): Violation[] {
  if (validate(document)) return []
  const told = new Map<string, Violation>()
  for (const error of telling(validate.errors ?? [])) {
    const violation = { path: pathOf(error), message: sentence(error) }
    const key = JSON.stringify(violation.path)
    if (!told.has(key)) told.set(key, violation)
  }
  return [...told.values()]
}

/** Where alternatives failed, what failed within them says more than that they did. */
function telling(errors: ErrorObject[]): ErrorObject[] {
  const wrappers = ['oneOf', 'anyOf', 'allOf', 'if', 'not']
  const plain = errors.filter((error) => isOperator(error) || !wrappers.includes(error.keyword))
  const within = ({ instancePath }: ErrorObject) =>
    plain.some((other) => !isOperator(other) && other.instancePath.startsWith(instancePath))
  // A part that broke a rule counts as not evaluated, and its keys as unknown: an echo of the first error.
  const first = plain.filter(
    (error) => error.keyword !== 'unevaluatedProperties' && !(isOperator(error) && within(error)),
  )
  return first.length > 0 ? first : errors
}

/** Whether the error is that a rule has no operator such as mustBe, or several. */
function isOperator({ keyword, schemaPath }: ErrorObject): boolean {
  return schemaPath.includes('DataQualityOperators/oneOf') && ['required', 'oneOf'].includes(keyword)
}

function pathOf({ instancePath, keyword, params }: ErrorObject): Path {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const key = unknownKey(keyword, params)
  return key === undefined ? path : [...path, key]
}

function unknownKey(keyword: string, params: ErrorObject['params']): string | undefined {
  if (keyword === 'additionalProperties') return params.additionalProperty
  return keyword === 'unevaluatedProperties' ? params.unevaluatedProperty : undefined
}

function sentence(error: ErrorObject): string {
  const { keyword, params, message } = error
  const where = written(pathOf(error)) || 'The contract'
  if (unknownKey(keyword, params) !== undefined) {
    const option = error.instancePath.endsWith('/logicalTypeOptions')
    return `${where} is not ${option ? "an option of the property's logicalType in" : 'a key of'} ODCS v3.1.`
  }
  if (isOperator(error)) return `${where} must have one operator: mustBe, mustBeLessThan, mustBeBetween or another.`
  if (keyword === 'required') return `${where} has no ${params.missingProperty}.`
  if (keyword === 'enum') return `${where} must be one of ${params.allowedValues.join(', ')}.`
  return `${where} ${message}.`
}

/** `schema[0].properties[2].name`. */
function written(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${part}`)).join('')
}
