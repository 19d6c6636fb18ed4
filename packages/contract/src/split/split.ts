import type { Dataset } from '@modelyard/data'
import { isClassification, type Task } from '@modelyard/spec'
import type { Check } from '../checks/check.ts'
import { familyOf, isNumeric } from '../conditions.ts'
import { checkCategories } from './categories.ts'
import { checkClasses } from './classes.ts'
import { checkSameColumns, checkSameFiles, checkThere } from './columns.ts'
import { checkContent } from './content.ts'
import { columnIn, type Role } from './finding.ts'
import { checkGroups } from './groups.ts'
import { checkIdle } from './idle.ts'
import { checkId, checkLeakage } from './ids.ts'
import { checkLabel } from './labels.ts'
import { checkServed } from './served.ts'
import { checkShift } from './shift.ts'
import { areEnough, checkSize } from './size.ts'
import { checkTarget } from './target.ts'
import { checkSeries, checkTime } from './time.ts'

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
  query?: string | undefined
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

/** So many columns together hardly ever repeat. */
const DRAWN_BY = 10

/** What training and hold-out data owe each other: the same columns, labels worth learning, no shared rows. */
export async function checkSplit(options: SplitOptions): Promise<Check[]> {
  const checks: Check[] = []
  for (const each of planSplit(options)) checks.push(...(await each.find()))
  return checks
}

/**
 * The parts of `checkSplit`, in the order in which a record has their checks. Columns and numbers of rows alone decide
 * which there are; a part may find nothing to say.
 */
export function planSplit(options: SplitOptions): SplitCheck[] {
  const { train, holdout } = options
  const files = {
    name: 'files',
    find: async () => [
      ...(await checkSameColumns(train, holdout)),
      checkSameFiles(train, holdout),
      checkSize(train, holdout),
    ],
  }
  return [files, ...planEach('train', train, options), ...planEach('holdout', holdout, options), ...planBoth(options)]
}

/** What each of the two owes by itself. */
function planEach(role: Role, data: Dataset, { labels, id, time, task }: SplitOptions): SplitCheck[] {
  const named = [...labels, id, time].filter((name) => name !== undefined)
  const there = (name: string) => columnIn(data, name) !== undefined
  return [
    { name: `${role} columns`, find: async () => checkThere(role, data, named) },
    ...labels.filter(there).map((label) => ({
      name: `${role} label ${label}`,
      find: async () => [await checkLabel(role, data, label, task)],
    })),
    ...[id]
      .filter((name) => name !== undefined && there(name))
      .map((name) => ({
        name: `${role} id`,
        find: async () => [await checkId(role, data, name!)],
      })),
  ]
}

/** What they owe each other. */
function planBoth(options: SplitOptions): SplitCheck[] {
  const { train, holdout, served, id, time, group, query, series, task, masked } = options
  const inBoth = (name: string | undefined): name is string =>
    name !== undefined && columnIn(train, name) !== undefined && columnIn(holdout, name) !== undefined
  const roles = [...options.labels, id, time, group, query, series]
  const names = train.columns.map(({ name }) => name)
  const shared = names.filter((name) => {
    const [ours, theirs] = [columnIn(train, name)!.type, columnIn(holdout, name)?.type]
    return theirs !== undefined && (ours === theirs || (isNumeric(ours) && isNumeric(theirs)))
  })
  const features = shared.filter((name) => !roles.includes(name))
  const labels = options.labels.filter(inBoth)
  const content = mostDifferent(
    train,
    shared.filter((name) => name !== id && name !== time),
  )
  const by = inBoth(id) ? [id] : mostDifferent(train, shared).slice(0, DRAWN_BY)
  const some = areEnough(train, holdout) ? features : []

  const one = (name: string, find: () => Promise<Check>): SplitCheck => ({ name, find: async () => [await find()] })
  const plan: SplitCheck[] = []
  for (const label of isClassification(task) ? labels : []) {
    plan.push(one(`classes of ${label}`, () => checkClasses(train, holdout, label, masked?.has(label) ?? false)))
  }
  if (inBoth(id)) plan.push(one('ids', () => checkLeakage(train, holdout, id, masked?.has(id))))
  if (features.length > 0) {
    const but = [id, time].filter((name) => name !== undefined)
    plan.push(one('repeated rows', () => checkContent(train, holdout, content, { but, masked })))
  }
  if (inBoth(time)) {
    const bySeries = task === 'forecasting' && inBoth(series)
    plan.push(
      one('time', () => (bySeries ? checkSeries(train, holdout, series, time) : checkTime(train, holdout, time))),
    )
  }
  for (const name of [group, query].filter(inBoth)) {
    plan.push(one(`groups of ${name}`, () => checkGroups(train, holdout, name, time)))
  }
  if (some.length > 0) {
    plan.push({ name: 'idle columns', find: () => checkIdle(train, some, labels) })
    plan.push({ name: 'categories', find: () => checkCategories(train, holdout, some) })
    // What is forecast moves, and its own past tells it: that is what forecasts live on.
    for (const label of task === 'forecasting' ? [] : labels) {
      const told = { task, masked: masked?.has(label) ?? false, group: inBoth(group) ? group : undefined }
      plan.push({ name: `shift of ${label}`, find: () => checkShift(train, holdout, label, told) })
      plan.push({ name: `leaks of ${label}`, find: () => checkTarget(train, some, label, { task, by }) })
    }
  }
  if (served)
    plan.push({ name: 'served', find: () => checkServed(served, { train, holdout }, { id, features, masked }) })
  return plan
}

/** Columns in their order, but for fractions, which come first: they differ the most. */
function mostDifferent(data: Dataset, names: readonly string[]): string[] {
  const isFraction = (name: string) => familyOf(columnIn(data, name)!.type) === 'fraction'
  return [...names.filter(isFraction), ...names.filter((name) => !isFraction(name))]
}
