import type { LogicalType, Property, QualityRule, SchemaObject } from '../src/document/document.ts'

/** One thing that a contract may ask of one of the files, and how it is called. */
export interface Case {
  /** `nullValues of origin, percent, mustBe 20`. */
  name: string
  /** The group that it is counted in. */
  group: string
  file: string
  object: SchemaObject
  /** Whether it is about what the columns are, and not about what is in them. */
  columns?: true
}

/** The contract of a case, the same bytes for both tools. Paths are relative to this folder. */
export function contractOf({ file, object }: Case): string {
  const server = { server: 'here', type: 'local', path: `files/${file}`, format: file.split('.')[1] }
  const head = { apiVersion: 'v3.1.0', kind: 'DataContract', id: 'conformance', version: '1.0.0', status: 'active' }
  return `${JSON.stringify({ ...head, servers: [server], schema: [object] }, null, 1)}\n`
}

const types: Record<string, LogicalType> = {
  id: 'integer',
  key: 'integer',
  delay: 'integer',
  gap: 'integer',
  ratio: 'number',
}
export const FLIGHTS = ['id', 'key', 'carrier', 'origin', 'delay', 'ratio', 'gap', 'code']

export function tableOf(file: string): string {
  return file.split('.')[0]!
}

/** A table with some columns, what is asked of one of them, and what is asked of the table. */
export function table(
  file: string,
  columns: readonly string[],
  column?: string,
  asked: Partial<Property> = {},
  quality: QualityRule[] = [],
): SchemaObject {
  const properties = columns.map((name) => {
    const type = { name, logicalType: types[name] ?? ('string' as const) }
    return name === column ? { ...type, ...asked } : type
  })
  return { name: tableOf(file), properties, ...(quality.length > 0 && { quality }) }
}

export function columnsOf(file: string): readonly string[] {
  return file === 'flights.csv' ? FLIGHTS : ['id', 'city', 'zip']
}
