import { type Column, type Dataset, quoteIdentifier } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import type { Check } from '../check.ts'
import { familyOf, isNull, isNumeric } from '../conditions.ts'
import { type About, check, columnIn } from './finding.ts'
import { hashOf } from './hashes.ts'
import { aucOf, type Cells, cut, explainedBy, ranksOf } from './one-column.ts'
import { sample } from './sample.ts'

/** What a column alone must tell of the label to be worth a question. */
const TELLS = 0.99

/** About so many training rows are looked at, so many columns at once. */
const SAMPLE = 40_000
const AT_ONCE = 25

/** So many rows of a class must be judged, and at most so many classes, those with the most rows. */
const LEAST = 20
const CLASSES = 20

/** What a column alone tells of a label: an AUC, or a share of variance. */
interface Power {
  column: string
  value: number
}

/**
 * Columns that alone tell the label: they may be made from it, or be known only when it is. One half of a sample of the
 * training rows is learned from, by cells of the column, and the other half judged: by the AUC (of several classes, that
 * of each against the others, weighted by their rows), or by how much is explained of the variance of a number's rank.
 * An honest column may be as good as that, so it is a warning. Nothing is said where a class has too few rows.
 */
export async function checkTarget(
  train: Dataset,
  features: readonly string[],
  label: string,
  { task, by }: { task: Task; by: readonly string[] },
): Promise<Check[]> {
  const classes = isClassification(task)
  const about = (column: string | null): About => ({
    dataset: 'train',
    column,
    rule: 'target leak',
    expected: `No column alone tells ${label}: ${classes ? 'its AUC' : 'the share that it explains of the variance of its rank'} is below ${TELLS}.`,
  })
  const powers = await powersOf(train, features, columnIn(train, label)!, { classes, by })
  if (powers.length === 0) return []
  const leaks = powers.filter(({ value }) => value >= TELLS)
  if (leaks.length === 0) {
    const best = powers.reduce((a, b) => (b.value > a.value ? b : a))
    // Rounded down, so that it reads as less than what is asked, too.
    const found = `The most is ${(Math.floor(best.value * 1000) / 1000).toFixed(3)}, by ${best.column}.`
    return [check(about(null), { verdict: 'pass', found })]
  }
  return leaks.map(({ column, value }) =>
    check(about(column), {
      verdict: 'warn',
      found: `It is ${value.toFixed(4)}. Is ${column} known before the label is, and not made from it?`,
    }),
  )
}

async function powersOf(
  train: Dataset,
  features: readonly string[],
  label: Column,
  { classes, by }: { classes: boolean; by: readonly string[] },
): Promise<Power[]> {
  const half = `(hash(${by.map(quoteIdentifier).join(', ')}) >> 40) % 2`
  const where = `NOT ${isNull(label)}`
  const powers: Power[] = []
  for (let from = 0; from < features.length; from += AT_ONCE) {
    const some = features.slice(from, from + AT_ONCE).map((name) => columnIn(train, name)!)
    const expressions = [half, asNumber(label, classes), ...some.map((column) => asNumber(column, isCategory(column)))]
    const [halves, labels, ...columns] = await sample(train, expressions, { size: SAMPLE, by, where })
    const isFirst = Uint8Array.from(halves!)
    const power = classes ? aucOfClasses(labels!, isFirst) : explainedRank(labels!, isFirst)
    for (const [index, values] of columns.entries()) {
      const value = power(cut(values, isFirst, isCategory(some[index]!) ? 'category' : 'number'))
      if (!Number.isNaN(value)) powers.push({ column: some[index]!.name, value })
    }
  }
  return powers
}

type Measure = (cells: Cells) => number

function aucOfClasses(labels: Float64Array, isFirst: Uint8Array): Measure {
  const rows = new Map<number, number>()
  for (const label of labels) rows.set(label, (rows.get(label) ?? 0) + 1)
  const most = [...rows].sort(([a, n], [b, m]) => m - n || a - b)
  // Of two classes, each tells the other.
  const classes = most.slice(0, most.length === 2 ? 1 : CLASSES).map(([label, count]) => ({
    isPositive: Uint8Array.from(labels, (each) => (each === label ? 1 : 0)),
    count,
  }))
  return (cells) => {
    const known = classes
      .map(({ isPositive, count }) => ({ auc: aucOf(cells, isPositive, isFirst, LEAST), count }))
      .filter(({ auc }) => !Number.isNaN(auc))
    const sum = known.reduce((total, { auc, count }) => total + auc * count, 0)
    return sum / known.reduce((total, { count }) => total + count, 0)
  }
}

function explainedRank(labels: Float64Array, isFirst: Uint8Array): Measure {
  const ranks = ranksOf(labels)
  return (cells) => explainedBy(cells, ranks, isFirst)
}

function isCategory({ type }: Column): boolean {
  return !isNumeric(type) && !/^(?:DATE|TIMESTAMP)/.test(type) && familyOf(type) !== 'boolean'
}

/** A value as a number: itself, its time, or, of a category, its hash. NaN where there is none. */
function asNumber(column: Column, category: boolean): string {
  const name = quoteIdentifier(column.name)
  if (category) return `CASE WHEN NOT ${isNull(column)} THEN ${hashOf([name])} END`
  return /^(?:DATE|TIMESTAMP)/.test(column.type) ? `epoch(${name}::TIMESTAMP)` : `${name}::DOUBLE`
}
