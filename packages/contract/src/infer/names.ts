import type { Dataset } from '@modelyard/data'
import { repeatsIn } from '../checks/repeats.ts'
import { countWhere, isNull } from '../conditions.ts'

/** `id`, `wine_id`, `wineId`; not `acid`. */
const ID = [/(?:^|[_\s-])(?:id|uuid|guid)$/i, /[a-z](?:Id|ID|Uuid|UUID)$/]

/** The first column that is called like an id and names every row, but for `label`. */
export async function findId(dataset: Dataset, label?: string): Promise<string | undefined> {
  for (const column of dataset.columns) {
    if (column.name === label || !ID.some((called) => called.test(column.name))) continue
    const [row] = await dataset.query(`SELECT ${countWhere(isNull(column))} AS nulls FROM data`)
    if (Number(row!.nulls) === 0 && (await repeatsIn(dataset, [column])) === 0) return column.name
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
