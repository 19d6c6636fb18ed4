import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import type { Check } from './check.ts'
import { isNull, isNumeric } from './conditions.ts'
import { counted, number } from './plan.ts'

export interface SplitOptions {
  train: Dataset
  holdout: Dataset
  /** Rows as production made their features; they need `id`. */
  served?: Dataset | undefined
  /** One, or those of a multilabel classification. */
  labels: readonly string[]
  id?: string | undefined
  time?: string | undefined
  group?: string | undefined
  series?: string | undefined
  task: Task
  /** Columns of which no value may be told. */
  masked?: ReadonlySet<string>
}

/** One thing that is looked at over all rows, which a matrix gives to one of its jobs. */
export interface SplitCheck {
  /** Different in each, and the same on all machines. */
  name: string
  find(): Promise<Check[]>
}

type Role = Check['dataset']

const BATCH = 100_000

/** What training and hold-out data owe each other: the same columns, labels worth learning, no shared rows. */
export async function checkSplit(options: SplitOptions): Promise<Check[]> {
  const checks: Check[] = []
  for (const each of planSplit(options)) checks.push(...(await each.find()))
  return checks
}

/** The parts of `checkSplit`, in the order in which a record has their checks. The columns alone decide which there are. */
export function planSplit(options: SplitOptions): SplitCheck[] {
  return [{ name: 'split', find: () => checkAll(options) }]
}

async function checkAll(options: SplitOptions): Promise<Check[]> {
  const { train, holdout, labels, id, time, task } = options
  const roles: Array<[Role, Dataset]> = [
    ['train', train],
    ['holdout', holdout],
  ]
  const checks = [...checkSameColumns(train, holdout), checkSameFiles(train, holdout)]
  for (const [role, dataset] of roles) {
    const missing = [...labels, id, time].filter((name) => name !== undefined && !column(dataset, name)) as string[]
    checks.push(
      ...missing.map((name) => check(role, name, 'schema', `There is a column ${name}.`, false, 'There is none.')),
    )
    for (const label of labels) {
      if (!missing.includes(label)) checks.push(await checkLabel(role, dataset, label, task))
    }
    if (id !== undefined && !missing.includes(id)) checks.push(await checkId(role, dataset, id))
  }
  for (const label of isClassification(task) ? labels : []) {
    if (column(train, label) && column(holdout, label)) checks.push(await checkClasses(train, holdout, label))
  }
  if (id !== undefined && column(train, id) && column(holdout, id)) checks.push(await checkLeakage(train, holdout, id))
  if (time !== undefined && column(train, time) && column(holdout, time)) {
    checks.push(await checkTime(train, holdout, time))
  }
  return checks
}

/** A hold-out that is a file of the training data, under whatever name, judges nothing. */
function checkSameFiles(train: Dataset, holdout: Dataset): Check {
  const learned = new Map(train.files.map(({ sha256, name }) => [sha256, name]))
  const same = holdout.files.filter(({ sha256 }) => learned.has(sha256))
  const found = same.map(({ name, sha256 }) => `${name} is ${learned.get(sha256)}.`).join(' ')
  const expected = 'No file of the hold-out is one of the training data.'
  return check('holdout', null, 'leakage', expected, same.length === 0, found || 'None is.', same.length)
}

function column({ columns }: Dataset, name: string) {
  return columns.find((each) => each.name === name)
}

function check(
  dataset: Role,
  name: string | null,
  rule: string,
  expected: string,
  holds: boolean,
  found: string,
  failing = 0,
): Check {
  return {
    dataset,
    column: name,
    rule,
    verdict: holds ? 'pass' : 'fail',
    expected,
    found,
    failing: holds ? 0 : failing,
  }
}

function checkSameColumns(train: Dataset, holdout: Dataset): Check[] {
  const expected = 'Training and hold-out data have the same columns of the same types.'
  const problems = [...new Set([...train.columns, ...holdout.columns].map(({ name }) => name))].flatMap((name) => {
    const [ours, theirs] = [column(train, name), column(holdout, name)]
    if (ours?.type === theirs?.type) return []
    const types = `It is ${ours?.type ?? 'absent'} in the training data and ${theirs?.type ?? 'absent'} in the hold-out data.`
    return [check('holdout', name, 'same columns', expected, false, types)]
  })
  if (problems.length > 0) return problems
  return [check('holdout', null, 'same columns', expected, true, `All ${train.columns.length} columns agree.`)]
}

async function checkLabel(role: Role, dataset: Dataset, label: string, task: Task): Promise<Check> {
  if (task === 'multilabel-classification') return checkOneOfLabels(role, dataset, label)
  if (task === 'ranking') return checkRelevance(role, dataset, label)
  const { type } = column(dataset, label)!
  const name = quoteIdentifier(label)
  const [row] = await dataset.query(`SELECT count(*) FILTER (WHERE ${isNull({ name: label, type })}) AS empty,
    count(DISTINCT ${name}) FILTER (WHERE NOT ${isNull({ name: label, type })}) AS classes FROM data`)
  const empty = Number(row!.empty)
  const classes = Number(row!.classes)
  const found = empty > 0 ? `${number(empty)} of ${counted(dataset.rows)} have no label.` : ''
  if (!isClassification(task)) {
    const expected = 'Every row has a number as label, and not all the same.'
    const holds = empty === 0 && classes > 1 && isNumeric(type)
    const values = isNumeric(type)
      ? classes === 1
        ? 'All have the same label.'
        : `${number(classes)} different labels.`
      : `The label is ${type}.`
    return check(role, label, 'label', expected, holds, found || values, empty)
  }
  const binary = task === 'binary-classification'
  const expected = `Every row has a label, of ${binary ? '2' : '2 or more'} classes.`
  const holds = empty === 0 && (binary ? classes === 2 : classes >= 2)
  return check(
    role,
    label,
    'label',
    expected,
    holds,
    found || (classes === 1 ? '1 class.' : `${number(classes)} classes.`),
    empty,
  )
}

/** A row is relevant or not, or more or less so. */
async function checkRelevance(role: Role, dataset: Dataset, label: string): Promise<Check> {
  const [row] = await dataset.query(`SELECT count(*) FILTER (WHERE NOT coalesce(x >= 0, false)) AS others,
    count(*) FILTER (WHERE x > 0) AS relevant
    FROM (SELECT CASE WHEN isfinite(n) THEN n END AS x FROM (SELECT TRY_CAST(${quoteIdentifier(label)} AS DOUBLE) AS n FROM data))`)
  const [others, relevant] = [Number(row!.others), Number(row!.relevant)]
  const expected = 'Every row has a relevance of 0 or more as label, and some have more.'
  const found = `${number(relevant)} of ${counted(dataset.rows)} have more than 0, ${number(others)} no number from 0.`
  return check(role, label, 'label', expected, others === 0 && relevant > 0, found, others)
}

/** A label of several is there or not: 1 or 0, or true or false. */
async function checkOneOfLabels(role: Role, dataset: Dataset, label: string): Promise<Check> {
  const asNumber = `TRY_CAST(${quoteIdentifier(label)} AS DOUBLE)`
  const [row] = await dataset.query(`SELECT count(*) FILTER (WHERE coalesce(${asNumber} NOT IN (0, 1), true)) AS others,
    count(*) FILTER (WHERE ${asNumber} = 1) AS present FROM data`)
  const [others, present] = [Number(row!.others), Number(row!.present)]
  const expected = 'Every row has 0 or 1 as this label, and both occur.'
  const holds = others === 0 && present > 0 && present < dataset.rows
  const found = `${number(present)} of ${counted(dataset.rows)} have 1, ${number(others)} neither 0 nor 1.`
  return check(role, label, 'label', expected, holds, found, others)
}

/** More classes than this are no classes, and `checkLabel` or the task has said so. */
const CLASSES = 10_000

/** So many of the classes that were never learned are named. */
const NAMED = 5

/** Of so many different labels they may be no names of classes, but data, of which a record says nothing. */
const NAMEABLE = 100

async function checkClasses(train: Dataset, holdout: Dataset, label: string): Promise<Check> {
  const { type } = column(holdout, label)!
  const classesOf = async (dataset: Dataset) => {
    const name = quoteIdentifier(label)
    const rows = await dataset.query(
      `SELECT ${name}::VARCHAR AS class, count(*) AS rows FROM data
        WHERE NOT ${isNull({ name: label, type: column(dataset, label)!.type })} GROUP BY ALL ORDER BY ALL LIMIT ${CLASSES}`,
    )
    return new Map(rows.map((row) => [String(row.class), Number(row.rows)]))
  }
  const [learned, judged] = await Promise.all([classesOf(train), classesOf(holdout)])
  const unknown = [...judged].filter(([name]) => !learned.has(name))
  const rows = unknown.reduce((sum, [, count]) => sum + count, 0)
  const names = unknown.slice(0, NAMED).map(([name]) => nameClass(name, type))
  const named = judged.size > NAMEABLE ? '' : `: ${names.join(', ')}${unknown.length > NAMED ? ', …' : ''}`
  const expected = 'Every class of the hold-out data is in the training data.'
  const found =
    unknown.length === 0
      ? `All ${number(judged.size)} are.`
      : `${number(unknown.length)} of ${number(judged.size)} classes ${unknown.length === 1 ? 'is' : 'are'} not in the training data, with ${counted(rows)}${named}.`
  return check('holdout', label, 'classes', expected, unknown.length === 0, found, rows)
}

/** A class as a sentence names it: what is text, in quotes. */
function nameClass(name: string, type: string): string {
  const short = name.length > 40 ? `${name.slice(0, 39)}…` : name
  return isNumeric(type) ? short : JSON.stringify(short)
}

async function checkId(role: Role, dataset: Dataset, id: string): Promise<Check> {
  const name = quoteIdentifier(id)
  const [row] = await dataset.query(`SELECT count(*) - count(DISTINCT ${name}) AS repeats FROM data`)
  const repeats = Number(row!.repeats)
  const expected = 'Every row has an id of its own.'
  const found = `${number(repeats)} of ${counted(dataset.rows)} have none, or that of an earlier row.`
  return check(role, id, 'id', expected, repeats === 0, found, repeats)
}

/** Rows that the model learned from say nothing of how it does on others. Memory grows with the hold-out's ids alone. */
async function checkLeakage(train: Dataset, holdout: Dataset, id: string): Promise<Check> {
  const waiting = new Set<string>()
  for await (const batch of holdout.batches([id], BATCH, { text: [id] })) {
    for (const each of batch[id] as Array<string | null>) if (each !== null) waiting.add(each)
  }
  const ids = waiting.size
  for await (const batch of train.batches([id], BATCH, { text: [id] })) {
    for (const each of batch[id] as Array<string | null>) if (each !== null) waiting.delete(each)
  }
  const shared = ids - waiting.size
  const expected = 'No row of the hold-out data is in the training data.'
  const found = `${number(shared)} of ${number(ids)} ids are in the training data too.`
  return check('holdout', id, 'leakage', expected, shared === 0, found, shared)
}

async function checkTime(train: Dataset, holdout: Dataset, time: string): Promise<Check> {
  const name = quoteIdentifier(time)
  const { type } = column(train, time)!
  const [last] = await train.query(`SELECT max(${name})::VARCHAR AS last FROM data`)
  const [row] = await holdout.query(
    `SELECT count(*) FILTER (WHERE ${name} <= TRY_CAST($1 AS ${type})) AS early FROM data`,
    [last!.last ?? null],
  )
  const early = Number(row!.early)
  return {
    dataset: 'holdout',
    column: time,
    rule: 'time order',
    expected: 'The hold-out data are later than the training data, as production will be.',
    found: `${number(early)} of ${counted(holdout.rows)} are not later than the last row of the training data.`,
    verdict: early === 0 ? 'pass' : 'warn',
    failing: early,
  }
}
