import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import { chiSquareContingency, ksDistance, ksTail, poolRare, sum, totalVariation } from '@modelyard/stats'
import type { Check } from '../checks/check.ts'
import { isNumeric } from '../conditions.ts'
import { CHANCE } from './chance.ts'
import { classesOf, nameClass } from './classes.ts'
import { chanceOfGroups } from './clusters.ts'
import { type About, check, columnIn, type Found, percent } from './finding.ts'
import { sample } from './sample.ts'

/** A shift must be beyond chance, and so large: the share of rows that would need another label. */
const WARN = 0.1

/** A distance of numbers is by so many percentiles of the training rows. */
const CELLS = 200

/** The labels of the hold-out are distributed as those that were learned: a model that is judged on others may do worse, or better. */
export async function checkShift(
  train: Dataset,
  holdout: Dataset,
  label: string,
  { task, masked, group }: { task: Task; masked: boolean; group?: string | undefined },
): Promise<Check[]> {
  if (isClassification(task)) return [await compareClasses(train, holdout, label, { masked, group })]
  if (![train, holdout].every((data) => isNumeric(columnIn(data, label)!.type))) return []
  return [await compareNumbers(train, holdout, label)]
}

async function compareClasses(
  train: Dataset,
  holdout: Dataset,
  label: string,
  { masked, group }: { masked: boolean; group: string | undefined },
): Promise<Check> {
  const [learned, judged] = await Promise.all([classesOf(train, label), classesOf(holdout, label)])
  const names = [...new Set([...learned.keys(), ...judged.keys()])].sort()
  const before = names.map((name) => learned.get(name) ?? 0)
  const after = names.map((name) => judged.get(name) ?? 0)
  const cells = poolRare(before, after)
  const [n, m] = [sum(before), sum(after)]
  const moved = names.map((_, index) => after[index]! / m - before[index]! / n)
  const most = moved.reduce((best, each, index) => (Math.abs(each) > Math.abs(moved[best]!) ? index : best), 0)
  const name = masked || names.length > 100 ? 'one class' : nameClass(names[most]!, columnIn(train, label)!.type)
  const distance = totalVariation(cells)
  const found = `${percent(distance)} would. The share of ${name} is ${percent(before[most]! / n)} in the training data and ${percent(after[most]! / m)} in the hold-out.`
  const { p } = chiSquareContingency(cells.before, cells.after)
  const byGroups = group !== undefined && distance >= WARN && p < CHANCE
  const chance = byGroups ? await chanceOfGroups(train, holdout, { label, group, name: names[most]! }) : p
  return check(about(label), judge(distance, Math.max(p, chance), found))
}

/** By the Kolmogorov–Smirnov distance, of which the share is at least. */
async function compareNumbers(train: Dataset, holdout: Dataset, label: string): Promise<Check> {
  const [learned, judged] = await Promise.all(
    [train, holdout].map(async (data) => {
      const [values] = await sample(data, [quoteIdentifier(label)])
      return values!.filter(Number.isFinite).sort()
    }),
  )
  const edges = Array.from(
    { length: CELLS - 1 },
    (_, at) => learned![Math.floor(((at + 1) * learned!.length) / CELLS)]!,
  )
  const distance = ksDistance(cells(learned!, edges), cells(judged!, edges))
  const found = `At least ${percent(distance)} would, by the Kolmogorov–Smirnov distance.`
  return check(about(label), judge(distance, ksTail(distance, learned!.length, judged!.length), found))
}

function judge(distance: number, p: number, found: string): Found {
  if (Number.isNaN(distance)) return { verdict: 'inconclusive', found: 'There are no labels to compare.' }
  return { verdict: distance >= WARN && p < CHANCE ? 'warn' : 'pass', found }
}

function about(column: string): About {
  return {
    dataset: 'holdout',
    column,
    rule: 'label shift',
    expected: `Fewer than ${percent(WARN)} of the hold-out rows would need another label to be distributed as in the training data.`,
  }
}

/** How many of sorted values are in each cell; a cell ends with its edge. */
function cells(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  let cell = 0
  for (const value of sorted) {
    while (cell < edges.length && value > edges[cell]!) cell++
    counts[cell]!++
  }
  return counts
}
