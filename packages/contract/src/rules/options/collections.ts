import { quoteLiteral } from '@modelyard/data'
import { type Asked, noRows, notExecuted, type Planned } from '../../checks/plan.ts'
import { listOf, ofValues, sql, sqlOf, type Values } from '../../conditions.ts'
import { fieldsOf } from '../../types.ts'

/** How many items lists have. */
export function planItems(key: 'minItems' | 'maxItems', limit: number, values: Values, asked: Asked): Planned {
  const condition = ofValues(values, `len(${listOf(values)}) ${key === 'minItems' ? '<' : '>'} ?`)
  return noRows(asked, sql(condition, limit), `do not have ${countWords(key, limit)}`)
}

/** Whether no item of a list is there twice; items without a value are equal. */
export function planUniqueItems(values: Values, asked: Asked): Planned {
  const list = listOf(values)
  const nulls = `len(list_filter(${list}, lambda item: item IS NULL))`
  const distinct = `len(list_distinct(${list})) + least(${nulls}, 1)`
  return noRows(asked, sql(ofValues(values, `len(${list}) > ${distinct}`)), 'hold an item twice')
}

/** How many fields of an object have a value. */
export function planProperties(
  key: 'minProperties' | 'maxProperties',
  limit: number,
  values: Values,
  asked: Asked,
): Planned {
  const fields = fieldsOf(values.type)
  if (!fields) return notExecuted(asked, `${values.type} has no fields that Modelyard can count.`)
  const there = fields.map(
    ({ name }) => `(struct_extract(${sqlOf(values)}, ${quoteLiteral(name)}) IS NOT NULL)::INTEGER`,
  )
  const condition = ofValues(values, `${there.join(' + ')} ${key === 'minProperties' ? '<' : '>'} ?`)
  return noRows(asked, sql(condition, limit), `do not have ${countWords(key, limit)}`)
}

/** Whether objects have a value in each of these fields. */
export function planRequiredFields(names: readonly string[], values: Values, asked: Asked): Planned {
  const fields = fieldsOf(values.type)
  if (!fields) return notExecuted(asked, `${values.type} has no fields that Modelyard can look at.`)
  const conditions = names.map((name) =>
    fields.some((field) => field.name === name)
      ? `struct_extract(${sqlOf(values)}, ${quoteLiteral(name)}) IS NULL`
      : 'true',
  )
  return noRows(asked, sql(ofValues(values, conditions.join(' OR '))), `have no ${names.join(' or no ')}`)
}

export function countWords(key: string, limit: number): string {
  return `${key.startsWith('min') ? 'at least' : 'at most'} ${limit} ${key.endsWith('Items') ? 'items' : 'fields with a value'}`
}
