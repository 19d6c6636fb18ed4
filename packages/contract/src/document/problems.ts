import { type ContractDocument, columnOf, type Path, type Property, type QualityRule } from './document.ts'
import type { Violation } from './schema.ts'

/** What a contract says twice, or against itself: no JSON Schema can tell. */
export function contradictions({ schema = [] }: Partial<ContractDocument>): Violation[] {
  return [
    ...repeated(
      ['schema'],
      schema,
      ({ name }) => name,
      (name) => `There is a second object ${name}.`,
    ),
    ...repeatedIds(['schema'], schema),
    ...schema.flatMap(({ properties = [], quality = [], relationships = [] }, index) => [
      ...ofProperties(['schema', index, 'properties'], properties),
      ...ofRules(['schema', index, 'quality'], quality),
      ...relationships.flatMap(({ from, to }, at) => unevenKeys(['schema', index, 'relationships', at], from, to)),
    ]),
  ]
}

function ofProperties(path: Path, properties: readonly Property[]): Violation[] {
  return [
    ...repeated(path, properties, columnOf, (name) => `${name} is described a second time.`),
    ...repeatedIds(path, properties),
    ...properties.flatMap(({ quality = [], properties: nested = [] }, index) => [
      ...ofRules([...path, index, 'quality'], quality),
      ...ofProperties([...path, index, 'properties'], nested),
    ]),
  ]
}

function ofRules(path: Path, rules: readonly QualityRule[]): Violation[] {
  const turned = rules.flatMap((rule, index) =>
    ['mustBeBetween', 'mustNotBeBetween'].flatMap((key) => {
      const [low, high] = (rule[key] ?? []) as number[]
      if (low === undefined || high === undefined || low < high) return []
      return [{ path: [...path, index, key], message: `${key} is [${low}, ${high}]: the smaller number comes first.` }]
    }),
  )
  return [...repeatedIds(path, rules), ...turned, ...rules.flatMap((rule, index) => ofFilters([...path, index], rule))]
}

/** A filter that is not looked at would let a rule speak of other rows than its writer means. */
function ofFilters(path: Path, { customProperties = [] }: QualityRule): Violation[] {
  const filters = customProperties.flatMap(({ property }, index) =>
    property.toLowerCase() === 'filter' ? [{ property, path: [...path, 'customProperties', index] }] : [],
  )
  return filters.flatMap(({ property, path }, index) => {
    if (index > 0) return [{ path, message: 'There is a second filter. Join the two by AND.' }]
    return property === 'filter' ? [] : [{ path, message: `${property} is written in small letters: filter.` }]
  })
}

function unevenKeys(path: Path, from: unknown, to: unknown): Violation[] {
  if (!Array.isArray(from) || !Array.isArray(to) || from.length === to.length) return []
  const message = `from has ${from.length} columns and to has ${to.length}: a key has as many on either side.`
  return [{ path, message }]
}

function repeatedIds(path: Path, list: ReadonlyArray<{ id?: string }>): Violation[] {
  return repeated(
    path,
    list,
    ({ id }) => id,
    (id) => `The id ${id} is there a second time.`,
  )
}

function repeated<T>(
  path: Path,
  list: readonly T[],
  nameOf: (each: T) => string | undefined,
  sentence: (name: string) => string,
): Violation[] {
  const names = list.map(nameOf)
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ path: [...path, index], message: `${sentence(name)} Take one of the two out.` }]
      : [],
  )
}
