import { type Kind, modelFileJsonSchema, PREDICATES, recordJsonSchema, VERSIONS } from '@modelyard/spec'
import type { Generated } from './tasks/generate.ts'

/** The published JSON Schemas: of the model file and of each kind of record. */
export function schemaFiles(): Generated[] {
  const records = Object.keys(PREDICATES) as Kind[]
  return [
    { path: 'packages/spec/schema/model.json', content: write(modelFileJsonSchema()) },
    ...records.map((kind) => ({
      path: `packages/spec/schema/record-${kind}-v${VERSIONS[kind]}.json`,
      content: write(recordJsonSchema(kind)),
    })),
  ]
}

function write(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
