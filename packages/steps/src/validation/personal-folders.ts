import { type Dataset, partitionsOf } from '@modelyard/data'
import { UserError } from '@modelyard/spec'

/** Throws where folders are named by values of a personal column: files are named in records, reports and logs. */
export function refusePersonalFolders(datasets: readonly Dataset[], personal: ReadonlySet<string>): void {
  const lower = new Set([...personal].map((name) => name.toLowerCase()))
  for (const { files } of datasets) {
    const found = partitionsOf(files.map(({ name }) => name)).find(({ name }) => lower.has(name.toLowerCase()))
    if (!found) continue
    throw new UserError(
      `The folders of data files are named by ${found.name}, which the contract marks as personal, and records name files. Write the column into the files, and name the folders otherwise.`,
    )
  }
}
