import type { Dataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'

/**
 * For each row of a dataset, the place of the same row in a file of predictions, by their ids. Throws a `UserError`
 * unless every row is there once, and no other.
 */
export async function placesOf(id: string, file: Dataset, path: string, dataset: Dataset): Promise<Int32Array> {
  const theirs = places(await idsOf(id, file), path, id)
  const ours = places(await idsOf(id, dataset), 'The hold-out', id)
  const missing = [...ours.keys()].filter((name) => !theirs.has(name))
  if (missing.length > 0) {
    throw new UserError(
      `${path} has no row for ${missing.length.toLocaleString('en-US')} of the ${dataset.rows.toLocaleString('en-US')} rows of the hold-out; the first has the ${id} ${missing[0]}. Write one for every row.`,
    )
  }
  const stranger = [...theirs.keys()].find((name) => !ours.has(name))
  if (stranger !== undefined) {
    throw new UserError(
      `${path} has a row with the ${id} ${stranger}, and the hold-out has none. Write the rows of the hold-out alone.`,
    )
  }
  return Int32Array.from(ours.keys(), (name) => theirs.get(name)!)
}

async function idsOf(id: string, dataset: Dataset): Promise<Array<string | null>> {
  return (await dataset.readColumns([id], { text: [id] }))[id] as Array<string | null>
}

/** The rows by their ids, in their order. */
function places(ids: ReadonlyArray<string | null>, whose: string, id: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const [row, name] of ids.entries()) {
    if (name === null) throw new UserError(`${whose} has no ${id} in row ${row + 1}, so its rows cannot be matched.`)
    if (found.has(name)) throw new UserError(`${whose} has two rows with the ${id} ${name}. Give every row its own.`)
    found.set(name, row)
  }
  return found
}
