import type { SchemaObject, ServiceLevel } from '../../document/document.ts'
import type { Age } from './freshness.ts'

/** Milliseconds of the standard's units, by how they begin. */
const UNITS: ReadonlyArray<[RegExp, number]> = [
  [/^(?:y|yr|years?)$/, 365.25 * 86_400_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:m|min|minutes?)$/, 60_000],
  [/^(?:s|sec|seconds?)$/, 1000],
]

/** Whether a service level is about how old the newest row may be. The others are about a service, not about data. */
export function isAboutAge({ property }: ServiceLevel): boolean {
  return ['freshness', 'latency', 'ly'].includes(property.toLowerCase())
}

/** How old the newest row may be; a sentence where that is not said as a number of a unit that is known. Days by default. */
export function ageOf({ value, unit = 'd' }: ServiceLevel): Age | string {
  const size = UNITS.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1]
  const amount = typeof value === 'string' ? Number.parseFloat(value) : Number(value)
  if (size === undefined || !(amount >= 0) || String(value).trim() !== String(amount)) {
    return `${value} ${unit} is no span of time that Modelyard knows: write a number, and d, h, m or s as its unit.`
  }
  return { written: `${amount} ${unit}`, milliseconds: amount * size }
}

/** The columns of an object that an element names; those of other objects are not asked of it. */
export function columnsOf({ element = '' }: ServiceLevel, { name, physicalName }: SchemaObject): string[] {
  return element.split(',').flatMap((part) => {
    const [object, ...column] = part.trim().split('.')
    return object === name || object === physicalName ? column.join('.') || [] : []
  })
}
