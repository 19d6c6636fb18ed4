import { type Column, type Dataset, quoteIdentifier } from '@modelyard/data'
import { SHOWN } from '../checks/examples.ts'
import { inCommon } from '../checks/in-common.ts'
import { type Asked, counted, noneOf, notExecuted, type Planned } from '../checks/plan.ts'
import { isNull } from '../conditions.ts'
import { columnOf, type Path, type SchemaObject, type Server } from '../document/document.ts'
import type { Contract } from '../document/read.ts'
import { countShared, firstRowsBy } from '../split/shared.ts'
import { named, type Reference, withReference } from './own/reference.ts'

/** A key of our table, the object that it leads to, and the columns there. */
interface ForeignKey {
  from: string[]
  to: SchemaObject
  columns: string[]
}

/** Every foreign key of our table: each value must be in the table that it leads to. */
export function planRelationships(
  contract: Contract,
  columns: readonly Column[],
  line: (path: Path) => { line?: number },
): Planned[] {
  const { properties = [], relationships = [] } = contract.object
  const ofProperties = properties.flatMap((property, index) =>
    (property.relationships ?? []).map(({ to }, at) => ({
      from: [columnOf(property)],
      to,
      path: ['properties', index, 'relationships', at],
    })),
  )
  const ofTable = relationships.map(({ from, to }, at) => ({
    from: [from].flat().map((name) => columnNamed(String(name), contract.object)),
    to,
    path: ['relationships', at],
  }))
  return [...ofProperties, ...ofTable].flatMap(({ from, to, path }) => {
    // That the column of a key is not there is said of the column.
    if (path[0] === 'properties' && !columns.some(({ name }) => name === from[0])) return []
    const targets = [to].flat().map(String)
    const asked: Asked = {
      column: from.length === 1 ? (from[0] ?? null) : null,
      rule: 'relationships',
      expected: `Every ${from.map((name) => name ?? '?').join(', ')} is in ${targets.join(', ')}.`,
      ...line(path),
    }
    const found = resolve(from, targets, contract)
    return typeof found === 'string' ? notExecuted(asked, found) : planForeignKey(asked, found, contract, columns)
  })
}

/** A key as columns, or a sentence on why it leads nowhere. */
function resolve(
  from: ReadonlyArray<string | undefined>,
  targets: readonly string[],
  { objects }: Contract,
): ForeignKey | string {
  if (targets.some((target) => target.includes('#'))) return 'It leads to another contract; Modelyard reads one.'
  const found = targets.map((target) => find(target, objects))
  const unknown = targets.find((_, index) => !found[index])
  if (unknown !== undefined) return `${unknown} is no column of an object of this contract.`
  const places = found as Array<{ object: SchemaObject; column: string }>
  const { object } = places[0]!
  if (places.some((place) => place.object !== object)) return 'Its columns are of several objects.'
  if (from.includes(undefined)) return 'What it leads from is no column of the data.'
  return { from: from as string[], to: object, columns: places.map(({ column }) => column) }
}

/** `airports.code`, by names, or `schema/airports_id/properties/code_id`, by ids. */
function find(target: string, objects: readonly SchemaObject[]): { object: SchemaObject; column: string } | undefined {
  const [, id, propertyId] = /^\/?schema\/([^/]+)\/properties\/([^/]+)$/.exec(target) ?? []
  const [name, propertyName] = target.split('.')
  const object = objects.find((each) => (id === undefined ? each.name === name : each.id === id))
  const property = object?.properties?.find((each) =>
    propertyId === undefined ? each.name === propertyName : each.id === propertyId,
  )
  return object && property && { object, column: columnOf(property) }
}

function columnNamed(target: string, object: SchemaObject): string | undefined {
  return find(target, [object])?.column
}

function planForeignKey(
  asked: Asked,
  { from, to, columns: there }: ForeignKey,
  { servers, setting }: Contract,
  columns: readonly Column[],
): Planned {
  const key = from.map((name) => columns.find((column) => column.name === name))
  if (key.includes(undefined)) return notExecuted(asked, 'A column of the key is not there.')
  const files = filesOf(to, servers)
  if (files === undefined) {
    const mend = `Name them by a server of the type local that is called ${to.name}, or whose path has {model}.`
    return notExecuted(asked, `The contract does not say where the files of ${to.name} are. ${mend}`)
  }
  return { ...asked, kind: 'whole', find: (dataset) => seek(dataset, key as Column[], { files, setting }, there) }
}

/** The files of an object: of the local server of its name, or of one whose path has the object's name in it. */
export function filesOf({ name, physicalName = name }: SchemaObject, servers: readonly Server[]): string | undefined {
  const local = servers.filter(
    (server): server is Server & { path: string } => server.type === 'local' && !!server.path,
  )
  const own = local.find(({ server }) => server === name)
  const shared = local.find(({ path }) => placeholder.test(path))
  return own?.path ?? shared?.path.replace(placeholder, () => physicalName)
}

const placeholder = /\{(?:model|object|table)\}/

/** Rows without a complete key lead nowhere, as in SQL. A row is taken for known by mistake once in 2⁵³ keys there. */
function seek(dataset: Dataset, key: readonly Column[], reference: Reference, there: readonly string[]) {
  return withReference(
    reference,
    there.map((name) => ({ name })),
    async (other) => {
      const targets = there.map((name) => other.columns.find((column) => column.name === name)!)
      const known = complete(key)
      const ours = key.map(likeIn(targets))
      const options = { where: known, there: { key: targets.map(likeIn(key)), where: complete(targets) } }
      const shared = await countShared(dataset, other, ours, options)
      const [row] = await dataset.query(`SELECT count(*) AS keys FROM data WHERE ${known}`)
      const keys = Number(row!.keys)
      if (keys === 0) return { verdict: 'pass', found: 'No row has a key, so none leads nowhere.', failing: 0 }
      const found = noneOf(
        keys - shared,
        keys,
        `with a key lead nowhere: ${named(reference.files)} has ${counted(other.rows)}`,
      )
      if (found.failing === 0) return found
      return { ...found, rows: await firstRowsBy('missing', dataset, other, ours, { ...options, most: SHOWN }) }
    },
  )
}

function complete(key: readonly Column[]): string {
  return key.map((column) => `NOT ${isNull(column)}`).join(' AND ')
}

/** What cannot be compared is not found there, and fails. */
function likeIn(others: readonly Column[]) {
  return (column: Column, index: number): string =>
    inCommon(column, others[index]!) ?? `${quoteIdentifier(column.name)}::VARCHAR`
}
