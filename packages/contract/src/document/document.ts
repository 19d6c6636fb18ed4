/** The parts of an ODCS v3 document that are asked of data. Everything else in it describes and is not checked. */
export interface ContractDocument {
  apiVersion: string
  schema: SchemaObject[]
  servers?: Server[]
  slaProperties?: ServiceLevel[]
  slaDefaultElement?: string
}

/** Where data are. */
export interface Server {
  server: string
  type: string
  /** Of a local one: its files. */
  path?: string
}

/** A foreign key: `from` is left out where it stands at a property. */
export interface Relationship {
  from?: string | string[]
  to: string | string[]
}

/** What a contract promises of the service that the data come from. */
export interface ServiceLevel {
  property: string
  value: unknown
  unit?: string
  /** `object.column`, or several with commas between them. */
  element?: string
  description?: string
}

export interface SchemaObject {
  id?: string
  name: string
  physicalName?: string
  properties?: Property[]
  quality?: QualityRule[]
  relationships?: Relationship[]
}

export type LogicalType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'object'
  | 'array'

export interface Property {
  id?: string
  name: string
  physicalName?: string
  logicalType?: LogicalType
  logicalTypeOptions?: Record<string, unknown>
  physicalType?: string
  required?: boolean
  unique?: boolean
  primaryKey?: boolean
  primaryKeyPosition?: number
  quality?: QualityRule[]
  properties?: Property[]
  items?: Property
  relationships?: Relationship[]
  classification?: string
  tags?: string[]
  customProperties?: CustomProperty[]
}

export interface CustomProperty {
  property: string
  value?: unknown
}

export interface QualityRule {
  id?: string
  name?: string
  type?: 'library' | 'text' | 'sql' | 'custom'
  metric?: string
  /** The old name of `metric`. */
  rule?: string
  arguments?: Record<string, unknown>
  query?: string
  unit?: string
  severity?: string
  description?: string
  engine?: string
  implementation?: unknown
  customProperties?: CustomProperty[]
  [operator: string]: unknown
}

/** Keys and indexes that lead to a place of a document. */
export type Path = ReadonlyArray<string | number>

/** The column that a property speaks of. */
export function columnOf(property: Property): string {
  return property.physicalName ?? property.name
}
