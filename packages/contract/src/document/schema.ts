import { didYouMean } from '@modelyard/spec'
import type { ErrorObject } from 'ajv'
import { validate } from '../../schema/odcs-3.1.0.js'
import type { Path } from './document.ts'
import { standardKeys } from './standard-keys.ts'

export interface Violation {
  path: Path
  message: string
}

/** How a document breaks the standard's own JSON Schema, one sentence for each place. */
export function violations(document: unknown): Violation[] {
  if (validate(document)) return []
  const told = new Map<string, Violation>()
  for (const error of telling(validate.errors ?? [])) {
    const violation = { path: pathOf(error), message: sentence(error, document) }
    const key = JSON.stringify(violation.path)
    if (!told.has(key)) told.set(key, violation)
  }
  return [...told.values()]
}

/** Where alternatives failed, what failed within them says more than that they did. */
function telling(errors: ErrorObject[]): ErrorObject[] {
  const wrappers = ['oneOf', 'anyOf', 'allOf', 'if', 'not']
  const plain = errors.filter((error) => isOperator(error) || !wrappers.includes(error.keyword))
  // A part that broke a rule counts as not evaluated, and its keys as unknown: an echo of the first error.
  const certain = plain.filter((error) => error.keyword !== 'unevaluatedProperties' || isUnknown(error))
  const within = ({ instancePath }: ErrorObject) =>
    certain.some((other) => !isOperator(other) && other.instancePath.startsWith(instancePath))
  const first = certain.filter((error) => !(isOperator(error) && within(error)))
  return first.length > 0 ? first : errors
}

/** Whether the standard has no such key at all. */
function isUnknown(error: ErrorObject): boolean {
  const path = pathOf(error)
  const known = standardKeys(path.slice(0, -1))
  return known !== undefined && !known.includes(String(path.at(-1)))
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

function sentence(error: ErrorObject, document: unknown): string {
  const { keyword, params, message } = error
  const where = written(pathOf(error), document) || 'The contract'
  if (unknownKey(keyword, params) !== undefined) {
    const path = pathOf(error)
    const option = error.instancePath.endsWith('/logicalTypeOptions')
    const meant = didYouMean(String(path.at(-1)), [...(standardKeys(path.slice(0, -1)) ?? [])])
    return `${where} is not ${option ? "an option of the property's logicalType in" : 'a key of'} ODCS v3.1.${isUnknown(error) ? meant : ''}`
  }
  if (isOperator(error))
    return `${where} must have one operator, no less and no more: mustBe, mustBeLessThan, mustBeBetween or another.`
  if (keyword === 'required') return `${where} has no ${params.missingProperty}.`
  if (keyword === 'enum') {
    const value = valuesOn(pathOf(error), document).at(-1)
    const meant = typeof value === 'string' ? didYouMean(value, params.allowedValues) : ''
    return `${where} must be one of ${params.allowedValues.join(', ')}.${meant}`
  }
  return `${where} ${message}.`
}

/** `schema[0].properties[2].name`, with what has a name called by it: `schema[flights].properties[origin].name`. */
function written(path: Path, document: unknown): string {
  const values = valuesOn(path, document)
  return path
    .map((part, index) => {
      if (typeof part === 'string') return `${index ? '.' : ''}${part}`
      const name = (values[index] as { name?: unknown } | null | undefined)?.name
      return `[${typeof name === 'string' && PLAIN.test(name) ? name : part}]`
    })
    .join('')
}

const PLAIN = /^[A-Za-z_][\w -]{0,63}$/

/** What stands at each step of a path. */
function valuesOn(path: Path, document: unknown): unknown[] {
  let value = document
  return path.map((part) => {
    value = (value as Record<string | number, unknown> | null | undefined)?.[part]
    return value
  })
}
