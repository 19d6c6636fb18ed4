import { type Column, type Dataset, quoteIdentifier, quoteLiteral } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import type { Check } from '../checks/check.ts'
import { number } from '../checks/plan.ts'
import { familyOf, isNull, isNumeric } from '../conditions.ts'
import { classesOf } from './classes.ts'
import { draw } from './drawn.ts'
import { type About, check, columnIn } from './finding.ts'
import { hashOf } from './hashes.ts'
import { aucOf, type Cells, cut, explainedBy, ranksOf } from './one-column.ts'

/** What a column alone must tell of the label to be worth a question. */
const TELLS = 0.99

/** So many columns are looked at at once. */
const AT_ONCE = 25

/** So many rows of a class must be judged, and at most so many classes, those with the most rows. */
const LEAST = 8
const CLASSES = 20

/** With a smaller share of the rows, a class is no more than a few of the cells that all values are cut into. */
const RARE = 0.1

/** What a column alone tells of a label: an AUC, or a share of variance. */
interface Power {
  column: string
  value: number
  /** Whether that is so in the rows that have a value of it, and not in all of them. */
  filled: boolean
}

/** What the columns tell, and of which classes. */
interface Powers {
  powers: Power[]
  classes?: { looked: number; all: number }
}

/**
 * Columns that alone tell the label: they may be made from it, or be known only when it is. One half of a sample of the
 * training rows is learned from, by cells of the column, and the other half judged: by the AUC (of several classes, the
 * greatest of each against the others), or by how much is explained of the variance of a number's rank; in all rows, and
 * in those that have a value. An honest column may be as good as that, so it is a warning. What could not be looked at
 * is said, and warns where it is all.
 */
export async function checkTarget(
  train: Dataset,
  features: readonly string[],
  label: string,
  { task, by }: { task: Task; by: readonly string[] },
): Promise<Check[]> {
  const isClass = isClassification(task)
  const about = (column: string | null): About => ({
    dataset: 'train',
    column,
    rule: 'target leak',
    expected: `No column alone tells ${label}: ${isClass ? 'its AUC' : 'the share that it explains of the variance of its rank'} is below ${TELLS}.`,
  })
  const type = columnIn(train, label)!
  if (!isClass && !isNumeric(type.type)) return []
  const { powers, classes } = await powersOf(train, features, type, { isClass, by })
  const unseen = classes ? unseenOf(classes) : ''
  if (powers.length === 0) {
    return classes ? [check(about(null), { verdict: 'warn', found: unseen.trimStart() })] : []
  }
  const leaks = powers.filter(({ value }) => value >= TELLS)
  if (leaks.length === 0) {
    const best = powers.reduce((a, b) => (b.value > a.value ? b : a))
    // Rounded down, so that it reads as less than what is asked, too.
    const found = `The most is ${(Math.floor(best.value * 1000) / 1000).toFixed(3)}, by ${best.column}${whereOf(best)}.${unseen}`
    return [check(about(null), { verdict: 'pass', found })]
  }
  return leaks.map((power) =>
    check(about(power.column), {
      verdict: 'warn',
      found: `It is ${power.value.toFixed(4)}${whereOf(power)}. Is ${power.column} known before the label is, and not made from it?`,
    }),
  )
}

function whereOf({ filled }: Power): string {
  return filled ? ' in the rows that have a value' : ''
}

function unseenOf({ looked, all }: { looked: number; all: number }): string {
  if (looked === all) return ''
  const few = `a class needs about ${2 * LEAST} rows`
  const which = looked === 0 ? 'No class was' : `${number(looked)} of ${number(all)} classes were`
  return ` ${which} looked at: ${few}${all > CLASSES ? `, and at most ${CLASSES} are` : ''}.`
}

async function powersOf(
  train: Dataset,
  features: readonly string[],
  label: Column,
  { isClass, by }: { isClass: boolean; by: readonly string[] },
): Promise<Powers> {
  const name = `${quoteIdentifier(label.name)}::VARCHAR`
  const known = isClass ? await classesOf(train, label.name) : new Map<string, number>()
  const rows = new Map([...known].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, CLASSES))
  const cases = [...rows.keys()].map((each, index) => `WHEN ${quoteLiteral(each)} THEN ${index}`)
  const target = isClass ? `CASE ${name} ${cases.join(' ')} ELSE -1 END` : `${quoteIdentifier(label.name)}::DOUBLE`
  const options = { by, where: `NOT ${isNull(label)}`, classes: isClass ? { sql: name, rows } : undefined }
  const powers: Power[] = []
  let looked = 0
  for (let from = 0; from < features.length; from += AT_ONCE) {
    const some = features.slice(from, from + AT_ONCE).map((each) => columnIn(train, each)!)
    const expressions = [target, ...some.map((column) => asNumber(column, isCategory(column)))]
    const { isFirst, columns } = await draw(train, expressions, options)
    const [labels, ...values] = columns
    const measures = isClass ? aucOfClasses(labels!, isFirst, rows.size) : [explainedRank(labels!)]
    looked = measures.length
    for (const [index, column] of some.entries()) {
      const power = powerOf(values[index]!, isFirst, isCategory(column) ? 'category' : 'number', measures)
      if (power) powers.push({ column: column.name, ...power })
    }
  }
  if (!isClass) return { powers }
  // Of two classes, each tells the other.
  const all = known.size === 2 ? 1 : known.size
  return { powers, classes: { looked, all } }
}

/** What cells tell, learned from in one half and judged in the other; NaN where it cannot be known. */
interface Measure {
  power: (cells: Cells, isFirst: Uint8Array) => number
  /** Rows that are cut off from others, where they are rare. */
  rare?: Uint8Array
}

/** The most that a column tells by one of the measures; undefined where none knows. */
function powerOf(
  values: Float64Array,
  isFirst: Uint8Array,
  kind: 'number' | 'category',
  measures: readonly Measure[],
): Omit<Power, 'column'> | undefined {
  const common = cut(values, isFirst, kind)
  const some = values.some(Number.isNaN)
    ? isFirst.map((half, row) => (Number.isNaN(values[row]) ? 2 : half))
    : undefined
  let most: Omit<Power, 'column'> | undefined
  for (const { power, rare } of measures) {
    const cells = rare ? cut(values, isFirst, kind, rare) : common
    const found = { value: power(cells, isFirst), filled: false }
    const within = { value: some ? power(cells, some) : Number.NaN, filled: true }
    for (const each of [found, within]) if (each.value > (most?.value ?? -1)) most = each
  }
  return most
}

/** For each of the classes that have rows enough; of two, for the rarer one. */
function aucOfClasses(labels: Float64Array, isFirst: Uint8Array, classes: number): Measure[] {
  const measures: Measure[] = []
  for (let each = classes === 2 ? 1 : 0; each < classes; each++) {
    const isPositive = Uint8Array.from(labels, (label) => (label === each ? 1 : 0))
    const counts = [0, 0]
    for (let row = 0; row < labels.length; row++) counts[isFirst[row]!]! += isPositive[row]!
    if (counts[0]! < LEAST || counts[1] === 0) continue
    measures.push({
      power: (cells, halves) => aucOf(cells, isPositive, halves, LEAST),
      ...(counts[0]! + counts[1]! < RARE * labels.length && { rare: isPositive }),
    })
  }
  return measures
}

function explainedRank(labels: Float64Array): Measure {
  const ranks = ranksOf(labels)
  return { power: (cells, halves) => explainedBy(cells, ranks, halves, LEAST) }
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
