import type { Column, Dataset } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { isNumeric } from '../conditions.ts'
import { type About, columnIn, holds, type Role } from './finding.ts'

/** Training and hold-out data have the same columns. */
export function checkSameColumns(train: Dataset, holdout: Dataset): Check[] {
  const about = (column: string | null): About => ({
    dataset: 'holdout',
    column,
    rule: 'same columns',
    expected: 'Training and hold-out data have the same columns of the same types.',
  })
  const names = [...new Set([...train.columns, ...holdout.columns].map(({ name }) => name))]
  const problems = names.flatMap((name) => {
    const [ours, theirs] = [columnIn(train, name), columnIn(holdout, name)]
    if (ours && theirs && areAlike(ours, theirs)) return []
    const types = `It is ${ours?.type ?? 'absent'} in the training data and ${theirs?.type ?? 'absent'} in the hold-out data.`
    return [holds(about(name), false, types)]
  })
  if (problems.length > 0) return problems
  return [holds(about(null), true, `All ${train.columns.length} columns agree.`)]
}

/** Whether columns can be the same: numbers of any type are read alike, and text files say no type without a value. */
function areAlike(one: Column, other: Column): boolean {
  const types = [one, other].map(({ type }) => type)
  return one.type === other.type || one.empty === true || other.empty === true || types.every(isNumeric)
}

/** Columns that the model file names are there. */
export function checkThere(dataset: Role, { columns }: Dataset, names: readonly string[]): Check[] {
  return names
    .filter((name) => !columns.some((column) => column.name === name))
    .map((column) =>
      holds({ dataset, column, rule: 'schema', expected: `There is a column ${column}.` }, false, 'There is none.'),
    )
}

/** A hold-out that is a file of the training data, under whatever name, judges nothing. */
export function checkSameFiles(train: Dataset, holdout: Dataset): Check {
  const learned = new Map(train.files.map(({ sha256, name }) => [sha256, name]))
  const same = holdout.files.filter(({ sha256 }) => learned.has(sha256))
  const found = same.map(({ name, sha256 }) => `${name} is ${learned.get(sha256)}.`).join(' ')
  const expected = 'No file of the hold-out is one of the training data.'
  const about: About = { dataset: 'holdout', column: null, rule: 'leakage', expected }
  return holds(about, same.length === 0, found || 'None is.', same.length)
}
