import { type Column, type Dataset, openDataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import type { Finding } from '../../checks/plan.ts'
import type { Setting } from '../../document/read.ts'

/** Other files that the data are compared with. */
export interface Reference {
  files: string | readonly string[]
  setting: Setting
}

/**
 * Opens other files and looks at them; what is wrong with them is no mistake of the data, and leaves the check
 * inconclusive. What is found names their digest, so that it says what it was found against.
 */
export async function withReference(
  { files, setting: { root, threads } }: Reference,
  columns: ReadonlyArray<Pick<Column, 'name'>>,
  find: (reference: Dataset) => Promise<Finding>,
): Promise<Finding> {
  let reference: Dataset | undefined
  try {
    reference = await openDataset({ root, files, ...(threads !== undefined && { threads }) })
    const there = reference.columns
    const missing = columns.find(({ name }) => !there.some((each) => each.name === name))
    if (missing) throw new UserError(`${named(files)} has no column ${missing.name}.`)
    const finding = await find(reference)
    return { ...finding, found: `${finding.found} ${named(files)} is SHA-256 ${reference.sha256.slice(0, 12)}.` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { verdict: 'inconclusive', found: error.message, failing: 0 }
  } finally {
    reference?.close()
  }
}

/** A rule compares with other data: throws a `UserError` where they are the data themselves. */
export function refuseItself(dataset: Dataset, other: Dataset): void {
  if (dataset.sha256 !== other.sha256) return
  throw new UserError(
    `${named(other.files.map(({ name }) => name))} are these data themselves. Add data: train or data: holdout to the rule's implementation, so that it is asked of the others alone.`,
  )
}

/** Files as sentences name them. */
export function named(files: Reference['files']): string {
  return [files].flat().join(', ')
}
