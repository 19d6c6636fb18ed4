import type { Path } from './document.ts'

const EVERY = ['id', 'name', 'description', 'tags', 'customProperties', 'authoritativeDefinitions']
const OBJECT = ['businessName', 'logicalType', 'physicalName', 'physicalType', 'properties', 'quality', 'relationships']

/** The keys of ODCS v3.1, by the key under which what has them stands. */
const KEYS: Record<string, readonly string[]> = {
  schema: [...EVERY, ...OBJECT, 'dataGranularityDescription'],
  properties: [
    ...EVERY,
    ...OBJECT,
    ...['classification', 'criticalDataElement', 'encryptedName', 'examples', 'items', 'logicalTypeOptions'],
    ...['partitionKeyPosition', 'partitioned', 'primaryKey', 'primaryKeyPosition', 'required', 'unique'],
    ...['transformDescription', 'transformLogic', 'transformSourceObjects'],
  ],
  quality: [
    ...EVERY,
    ...['arguments', 'businessImpact', 'dimension', 'engine', 'implementation', 'method', 'metric', 'query', 'rule'],
    ...['schedule', 'scheduler', 'severity', 'type', 'unit'],
    ...['mustBe', 'mustNotBe', 'mustBeBetween', 'mustNotBeBetween'],
    ...['mustBeGreaterThan', 'mustBeGreaterOrEqualTo', 'mustBeLessThan', 'mustBeLessOrEqualTo'],
  ],
  logicalTypeOptions: [
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format', 'pattern', 'minLength'],
    ...['maxLength', 'timezone', 'defaultTimezone', 'minItems', 'maxItems', 'uniqueItems', 'minProperties'],
    ...['maxProperties', 'required'],
  ],
  slaProperties: [
    'id',
    'description',
    'driver',
    'element',
    'property',
    'schedule',
    'scheduler',
    'unit',
    'value',
    'valueExt',
  ],
  relationships: ['customProperties', 'from', 'to', 'type'],
  customProperties: ['id', 'description', 'property', 'value'],
}
KEYS.items = KEYS.properties!

const ROOT = [
  ...EVERY,
  ...['apiVersion', 'contractCreatedTs', 'dataProduct', 'domain', 'kind', 'price', 'roles', 'schema', 'servers'],
  ...['slaDefaultElement', 'slaProperties', 'status', 'support', 'team', 'tenant', 'version'],
]

/** The keys that the standard knows at a place; undefined where this page does not list them. */
export function standardKeys(path: Path): readonly string[] | undefined {
  const under = path.findLast((part) => typeof part === 'string')
  return under === undefined ? ROOT : KEYS[under]
}
