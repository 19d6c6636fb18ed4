import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { isNull, isNumeric } from '../conditions.ts'
import { columnIn, holds, type Role } from './finding.ts'

/** The labels are there, and worth learning. */
export async function checkLabel(dataset: Role, data: Dataset, label: string, task: Task): Promise<Check> {
  const about = (expected: string) => ({ dataset, column: label, rule: 'label', expected })
  if (task === 'multilabel-classification') {
    const { others, present } = await countOneOfLabels(data, label)
    const found = `${number(present)} of ${counted(data.rows)} have 1, ${number(others)} neither 0 nor 1.`
    const good = others === 0 && present > 0 && present < data.rows
    return holds(about('Every row has 0 or 1 as this label, and both occur.'), good, found, others)
  }
  if (task === 'ranking') {
    const { others, relevant } = await countRelevances(data, label)
    const found = `${number(relevant)} of ${counted(data.rows)} have more than 0, ${number(others)} no number from 0.`
    const expected = 'Every row has a relevance of 0 or more as label, and some have more.'
    return holds(about(expected), others === 0 && relevant > 0, found, others)
  }
  if (isClassification(task)) {
    const { empty, classes } = await countClasses(data, label)
    const binary = task === 'binary-classification'
    const expected = `Every row has a label, of ${binary ? '2' : '2 or more'} classes.`
    const good = empty === 0 && (binary ? classes === 2 : classes >= 2)
    return holds(about(expected), good, unlabelled(data, empty) ?? counts(classes), empty)
  }
  const { type } = columnIn(data, label)!
  const expected = 'Every row has a number as label, and not all the same.'
  const { empty, differ } = await spreadOf(data, label)
  const values = differ ? 'They differ.' : 'All have the same label.'
  const found = unlabelled(data, empty) ?? (isNumeric(type) ? values : `The label is ${type}.`)
  return holds(about(expected), empty === 0 && differ && isNumeric(type), found, empty)
}

function unlabelled({ rows }: Dataset, empty: number): string | undefined {
  return empty > 0 ? `${number(empty)} of ${counted(rows)} have no label.` : undefined
}

function counts(classes: number): string {
  return classes === 1 ? '1 class.' : `${number(classes)} classes.`
}

async function countClasses(data: Dataset, label: string) {
  const none = isNull({ name: label, type: columnIn(data, label)!.type })
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE ${none}) AS empty,
    count(DISTINCT ${quoteIdentifier(label)}) FILTER (WHERE NOT ${none}) AS classes FROM data`)
  return { empty: Number(row!.empty), classes: Number(row!.classes) }
}

/** Of labels that may all be different, it is not counted how many there are: that would take them all into memory. */
async function spreadOf(data: Dataset, label: string) {
  const none = isNull({ name: label, type: columnIn(data, label)!.type })
  const name = quoteIdentifier(label)
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE ${none}) AS empty,
    min(${name}) FILTER (WHERE NOT ${none}) < max(${name}) FILTER (WHERE NOT ${none}) AS differ FROM data`)
  return { empty: Number(row!.empty), differ: row!.differ === true }
}

/** A row is relevant or not, or more or less so. */
async function countRelevances(data: Dataset, label: string) {
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE NOT coalesce(x >= 0, false)) AS others,
    count(*) FILTER (WHERE x > 0) AS relevant
    FROM (SELECT CASE WHEN isfinite(n) THEN n END AS x FROM (SELECT TRY_CAST(${quoteIdentifier(label)} AS DOUBLE) AS n FROM data))`)
  return { others: Number(row!.others), relevant: Number(row!.relevant) }
}

/** A label of several is there or not: 1 or 0, or true or false. */
async function countOneOfLabels(data: Dataset, label: string) {
  const asNumber = `TRY_CAST(${quoteIdentifier(label)} AS DOUBLE)`
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE coalesce(${asNumber} NOT IN (0, 1), true)) AS others,
    count(*) FILTER (WHERE ${asNumber} = 1) AS present FROM data`)
  return { others: Number(row!.others), present: Number(row!.present) }
}
