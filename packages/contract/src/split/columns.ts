import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../check.ts'
import { type About, columnIn, holds, type Role } from './finding.ts'

/** Training and hold-out data have the same columns. */
export async function checkSameColumns(train: Dataset, holdout: Dataset): Promise<Check[]> {
  const about = (column: string | null): About => ({
    dataset: 'holdout',
    column,
    rule: 'same columns',
    expected: 'Training and hold-out data have the same columns of the same types.',
  })
  const names = [...new Set([...train.columns, ...holdout.columns].map(({ name }) => name))]
  const differ = names.filter((name) => columnIn(train, name)?.type !== columnIn(holdout, name)?.type)
  const guessed = await guessedOf(train, holdout, differ)
  const problems = differ.flatMap((name) => {
    const [ours, theirs] = [columnIn(train, name), columnIn(holdout, name)]
    if (guessed.includes(name)) return []
    const types = `It is ${ours?.type ?? 'absent'} in the training data and ${theirs?.type ?? 'absent'} in the hold-out data.`
    return [holds(about(name), false, types)]
  })
  if (problems.length > 0) return problems
  return [holds(about(null), true, `All ${train.columns.length} columns agree.`)]
}

/**
 * Of columns whose types differ, those whose types are guesses that the other's values do not contradict: in text files,
 * a column without a value has no type, and one of fractions may have none in few rows.
 */
async function guessedOf(train: Dataset, holdout: Dataset, names: readonly string[]): Promise<string[]> {
  const there = names.filter((name) => columnIn(train, name) && columnIn(holdout, name))
  const empty = await Promise.all([train, holdout].map((data) => emptyOf(data, there)))
  const numeric = (data: Dataset, name: string) =>
    isText(data) && /^(?:BIGINT|DOUBLE)$/.test(columnIn(data, name)!.type)
  return there.filter(
    (name, index) => empty.some((each) => each[index]) || (numeric(train, name) && numeric(holdout, name)),
  )
}

/** Whether each of the columns has no value, in text files that say no types. */
async function emptyOf(data: Dataset, names: readonly string[]): Promise<boolean[]> {
  if (names.length === 0 || !isText(data)) return names.map(() => false)
  const counts = names.map((name, index) => `count(${quoteIdentifier(name)}) AS n${index}`)
  const [row] = await data.query(`SELECT ${counts.join(', ')} FROM data`)
  return names.map((_, index) => Number(row![`n${index}`]) === 0)
}

function isText({ files }: Dataset): boolean {
  return files.every(({ name }) => /\.(?:csv|jsonl|ndjson)(?:\.gz|\.zst)?$/i.test(name))
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
