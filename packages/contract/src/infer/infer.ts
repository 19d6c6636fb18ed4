import type { Column, Dataset } from '@modelyard/data'
import { number } from '../checks/plan.ts'
import { type Family, familyOf } from '../conditions.ts'
import type { LogicalType } from '../document/document.ts'
import { type Claim, claimsOf, type Slack } from './claims.ts'
import { factsOf, type Interest } from './facts.ts'
import { allOf, type Halves, partRows, type Tried, tryOn } from './held-out.ts'
import { soundsPersonal } from './names.ts'
import { type Described, writeContract } from './write.ts'

export interface InferOptions {
  /** Of the contract's one object, and of the contract: letters, digits, `-`, `_`. */
  name: string
  /** The column that names a row, if there is one: it becomes the primary key. */
  id?: string | undefined
  /** The column with the truth of a classification, if there is one: its numbers are names, of which all are known. */
  classes?: string | undefined
  /** The column that says when, if there is one: what the earlier rows show is tried on the later ones. */
  time?: string | undefined
}

/** How much more slack a rule gets that a few held-out rows broke. */
const WIDER = 2

const logical: Partial<Record<Family, LogicalType>> = {
  integer: 'integer',
  fraction: 'number',
  text: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
}

/**
 * A contract (ODCS v3.1, as YAML) that a dataset satisfies and that new data of its kind should: types, values that are
 * always there, unique ids, ranges, lists and patterns, each with a comment on where it comes from. What 70 % of the rows
 * show is tried on the others: what many of these break is left out, and what few break gets more slack. Columns of nested
 * values are described without a type, and of those that sound personal no values are told.
 */
export async function inferContract(dataset: Dataset, options: InferOptions): Promise<string> {
  const halves = await partRows(dataset, options.time)
  const properties: Described[] = []
  for (const column of dataset.columns) properties.push(await describe(dataset, column, halves, options))
  return writeContract(options.name, properties, headOf(dataset, halves))
}

function headOf({ files, rows }: Dataset, halves: Halves | undefined): string[] {
  const names = files.map(({ name }) => name).join(', ')
  return [
    `What ${names} held when this was written: ${number(rows)} rows.`,
    ...(halves
      ? [
          `What ${halves.words} show was tried on the others:`,
          'rules that more than 1 % of these broke are left out, and where fewer did, they got more slack.',
        ]
      : ['These are too few to hold some out and try on them what the others show.']),
    'Correct it by what you know of the data: this file is what every later version of the data must satisfy.',
  ]
}

async function describe(
  dataset: Dataset,
  column: Column,
  halves: Halves | undefined,
  { id, classes }: InferOptions,
): Promise<Described> {
  const interest: Interest = { isId: column.name === id, isClass: column.name === classes }
  const family = familyOf(column.type)
  const isPersonal = !interest.isClass && soundsPersonal(column.name)
  const look = async (source: string, slack: Slack) => {
    const values = { name: column.name, type: column.type, sql: 'v' }
    const claims = claimsOf(await factsOf(dataset, source, values, interest), values, family, slack)
    // Whether a value is there tells nothing of it.
    return isPersonal ? claims.filter(({ rule }) => rule === 'required' || rule === 'usual_nulls') : claims
  }
  const first = halves ? await look(halves.first(column.name), () => 1) : []
  const tried =
    halves && first.length > 0 ? await tryOn(dataset, halves.rest(column.name), first) : new Map<string, Tried>()
  const claims = await look(allOf(column.name), (rule) => (tried.get(rule)?.outcome === 'wider' ? WIDER : 1))
  const isBroken = ({ rule }: Claim) => tried.get(rule)?.outcome === 'broken'
  const type = family && logical[family]
  return {
    name: column.name,
    ...(type && { logicalType: type }),
    isId: interest.isId,
    isPersonal,
    claims: claims.filter((claim) => !isBroken(claim)).map((claim) => ({ ...claim, tried: tried.get(claim.rule) })),
    left: claims.filter(isBroken).map((claim) => ({ ...claim, tried: tried.get(claim.rule)! })),
  }
}
