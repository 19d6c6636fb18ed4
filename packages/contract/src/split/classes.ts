import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { isNull, isNumeric } from '../conditions.ts'
import { byChance, CHANCE } from './chance.ts'
import { check, columnIn, percent } from './finding.ts'

/** More classes than this are no classes, and `checkLabel` or the task has said so. */
const CLASSES = 10_000

/** So many of the classes that were never learned are named. */
const NAMED = 5

/** Of so many different labels they may be no names of classes, but data, of which a record says nothing. */
const NAMEABLE = 100

/** The rows of each class, by its name. */
export async function classesOf(data: Dataset, label: string): Promise<Map<string, number>> {
  const none = isNull({ name: label, type: columnIn(data, label)!.type })
  const rows = await data.query(`SELECT ${quoteIdentifier(label)}::VARCHAR AS class, count(*) AS rows FROM data
    WHERE NOT ${none} GROUP BY ALL ORDER BY ALL LIMIT ${CLASSES}`)
  return new Map(rows.map((row) => [String(row.class), Number(row.rows)]))
}

/**
 * The hold-out has no class that was never learned. Where training rows are the only ones of their class, some rows of
 * others of such classes come by chance (see `checkCategories`): they warn. Classes are named unless the label is
 * `masked`.
 */
export async function checkClasses(train: Dataset, holdout: Dataset, label: string, masked: boolean): Promise<Check> {
  const { type } = columnIn(holdout, label)!
  const [learned, judged] = await Promise.all([classesOf(train, label), classesOf(holdout, label)])
  const unknown = [...judged].filter(([name]) => !learned.has(name))
  const rows = unknown.reduce((sum, [, count]) => sum + count, 0)
  const names = unknown.slice(0, NAMED).map(([name]) => nameClass(name, type))
  const named = masked || judged.size > NAMEABLE ? '' : `: ${names.join(', ')}${unknown.length > NAMED ? ', …' : ''}`
  const about = {
    dataset: 'holdout',
    column: label,
    rule: 'classes',
    expected: 'Every class of the hold-out data is in the training data.',
  } as const
  if (unknown.length === 0) return check(about, { verdict: 'pass', found: `All ${number(judged.size)} are.` })
  const found = `${number(unknown.length)} of ${number(judged.size)} classes ${unknown.length === 1 ? 'is' : 'are'} not in the training data, with ${counted(rows)}${named}.`
  const single = [...learned.values()].filter((count) => count === 1).length
  // Of two classes neither is rare: a third one is a mistake.
  const rare = learned.size > 2 && byChance({ rows, of: total(judged) }, { rows: single, of: total(learned) }) >= CHANCE
  const why = ` That may be chance: ${percent(single / total(learned))} of the training rows are the only ones of their class. No model gets them right; join rare classes, or collect more of them.`
  return check(about, { verdict: rare ? 'warn' : 'fail', found: rare ? found + why : found, failing: rows })
}

function total(classes: ReadonlyMap<string, number>): number {
  return [...classes.values()].reduce((sum, rows) => sum + rows, 0)
}

/** A class as a sentence names it: what is text, in quotes. */
export function nameClass(name: string, type: string): string {
  const short = name.length > 40 ? `${name.slice(0, 39)}…` : name
  return isNumeric(type) ? short : JSON.stringify(short)
}
