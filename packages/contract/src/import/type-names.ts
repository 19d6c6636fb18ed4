import type { LogicalType } from '../document/document.ts'

/** What pandas, Spark and databases call the types. */
const types: ReadonlyArray<[RegExp, LogicalType]> = [
  [
    /^(?:u?int(?:8|16|32|64)?|(?:tiny|small|big|huge)int|integer|(?:integer|long|short|byte)type|(?:integer|long|int)|numpy\.u?int\d+)$/,
    'integer',
  ],
  [
    /^(?:float(?:16|32|64)?|double(?: precision)?|real|number|numeric|decimal(?:\(.*\))?|(?:float|double|decimal)type(?:\(.*\))?|numpy\.float\d+)$/,
    'number',
  ],
  [/^(?:str|string|text|object|object_|n?(?:var)?char(?:\(.*\))?|character varying|stringtype)$/, 'string'],
  [/^(?:bool|bool_|boolean|booleantype)$/, 'boolean'],
  [/^(?:date|datetype)$/, 'date'],
  [/^(?:datetime(?:64(?:\[.*\])?)?|timestamp|timestamp(?:_ntz)?type|timestamp without time zone)$/, 'timestamp'],
]

/** The logical type of all these names; undefined where they have none, or several. */
export function logicalTypeOf(names: readonly string[]): LogicalType | undefined {
  const found = new Set(names.map((name) => types.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1]))
  // Numbers may be whole.
  if (found.has('number')) found.delete('integer')
  return found.size === 1 ? [...found][0] : undefined
}
