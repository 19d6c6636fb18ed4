import { type Dataset, quoteIdentifier } from '@modelyard/data'

/** `id`, `wine_id`, `wineId`; not `acid`. */
const ID = [/(?:^|[_\s-])(?:id|uuid|guid)$/i, /[a-z](?:Id|ID|Uuid|UUID)$/]

/** The first column that is called like an id and names every row, but for `label`. */
export async function findId({ query, columns }: Dataset, label?: string): Promise<string | undefined> {
  for (const { name } of columns.filter(
    (column) => column.name !== label && ID.some((called) => called.test(column.name)),
  )) {
    const column = quoteIdentifier(name)
    const [row] = await query(`SELECT count(*) = count(DISTINCT ${column}) AS names FROM data`)
    if (row?.names === true) return name
  }
  return undefined
}

const PERSONAL =
  /(?:^|_)(?:e_?mail|mail|phone|telephone|mobile|fax|ssn|passport|iban|birth(?:_?(?:date|day))?|dob|(?:first|last|full|family|given|middle|sur|user|customer|patient)_?name|street|address)$/

/** Whether a column is called as those are that hold something of a person: by its last word. */
export function soundsPersonal(name: string): boolean {
  return PERSONAL.test(
    name
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z]+/g, '_'),
  )
}
