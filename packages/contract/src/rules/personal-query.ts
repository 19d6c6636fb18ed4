import { type Column, quoteIdentifier } from '@modelyard/data'
import type { Asked, Planned, Whole } from '../checks/plan.ts'

type Query = Asked & Whole & { query: string }

/** Whether a check is a query of the contract's own. */
export function isQuery(planned: Planned): planned is Query {
  return planned.kind === 'whole' && planned.query !== undefined
}

/**
 * What a query answers is told only where it names no personal column, and has the same answer where there are none: it
 * may reach them without their names, by `*` or by their places.
 */
export function withoutPersonal(planned: Query, columns: readonly Column[], personal: ReadonlySet<string>): Planned {
  if (personal.size === 0) return planned
  const { query } = planned
  const others = columns.filter(({ name }) => !personal.has(name)).map(({ name }) => quoteIdentifier(name))
  // Whoever names the schema reaches the table itself.
  if (others.length === 0 || /\bmain\b/i.test(query) || [...personal].some((name) => names(query, name)))
    return { ...planned, personal: true }
  const again = `WITH data AS (SELECT ${others.join(', ')} FROM main.data) SELECT * FROM (${query.replace(/;\s*$/, '')}\n)`
  return {
    ...planned,
    async find(dataset) {
      const { told, ...finding } = await planned.find(dataset)
      const same = told !== undefined && (await planned.find(dataset, again)).told === told
      return same ? { ...finding, told } : finding
    },
  }
}

/** Whether a query names a column, in any case and with its quotes doubled. */
function names(query: string, name: string): boolean {
  const text = query.toLowerCase()
  return [name, name.replaceAll('"', '""')].some((each) => text.includes(each.toLowerCase()))
}
