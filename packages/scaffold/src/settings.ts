import { parse } from 'yaml'

/** A YAML file's content, or undefined where it is none. */
export function readYaml(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parse(text)
  } catch {
    return undefined
  }
}

/** A mapping's entries; none where it is none. */
export function entries(value: unknown): Array<[string, unknown]> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

/** A mapping's value; undefined where there is no mapping. */
export function get(value: unknown, ...keys: string[]): unknown {
  return keys.reduce((inner, key) => entries(inner).find(([name]) => name === key)?.[1], value)
}

/** One text or several, as YAML lets people write either. Mappings with one key stand for it (`- model.pkl: {cache: false}`). */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.flatMap((each) => (typeof each === 'string' ? [each] : entries(each).map(([key]) => key)))
}

/** Every text in a settings file, with its key. */
export function scalars(value: unknown, key = ''): Array<[string, string]> {
  if (typeof value === 'string') return [[key, value]]
  if (Array.isArray(value)) return value.flatMap((each) => scalars(each, key))
  return entries(value).flatMap(([name, each]) => scalars(each, name))
}
