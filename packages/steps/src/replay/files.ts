import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { datasetDigest, digestFiles } from '@modelyard/data'
import { artifactName, type DatasetDigest, fileDigest, type Kind, type Model, UserError } from '@modelyard/spec'
import type { Asked } from './replayer.ts'

/** Where a file may lie: a name in a folder, which it must not leave by a link. */
export interface Place {
  folder: string
  name: string
}

/** The folders of a run's files: the record's own, and that of the training as `gh run download` puts it beside. */
export function foldersOf({ folder, model }: Pick<Asked<Kind>, 'folder' | 'model'>): string[] {
  if (basename(folder) !== artifactName(model.name, 'gate')) return [folder]
  return [folder, join(dirname(folder), artifactName(model.name, 'training'))]
}

/** The first plain file at one of these places. */
export async function findFile(places: readonly Place[]): Promise<string | undefined> {
  for (const place of places) if (await isInside(place)) return join(place.folder, place.name)
  return undefined
}

/** The file of a digest at one of these places. Throws a `UserError` that names both digests, or where it looked. */
export async function findDigest(
  places: readonly Place[],
  { sha256, what, mend }: { sha256: string; what: string; mend: string },
): Promise<string> {
  const others: string[] = []
  for (const place of places) {
    if (!(await isInside(place))) continue
    const path = join(place.folder, place.name)
    const found = (await fileDigest(path)).sha256
    if (found === sha256) return path
    others.push(`${path} has ${found}`)
  }
  const found =
    others.length > 0
      ? others.join(' and ')
      : `there is no file ${places.map(({ folder, name }) => join(folder, name)).join(' or ')}`
  throw new UserError(`${what} of the digest ${sha256} is needed, but ${found}. ${mend}`)
}

async function isInside({ folder, name }: Place): Promise<boolean> {
  try {
    if (!(await lstat(join(folder, name))).isFile()) return false
    return (await realpath(join(folder, name))).startsWith((await realpath(folder)) + sep)
  } catch {
    return false
  }
}

/** How to get what a run published, as a sentence. */
export function downloadMend({ record: { predicate }, model: { name } }: Asked<'gate'>): string {
  const run = /^\d+$/.test(predicate.run.id ?? '') ? predicate.run.id : '<run>'
  return `Take it from the release (gh release download), or from the run: gh run download ${run} -n ${artifactName(name, 'gate')} -n ${artifactName(name, 'training')}.`
}

/**
 * Holds the files that a model file names against the dataset of a record. The record's own file names are never opened.
 * Throws a `UserError` for data that are not there, or are other ones.
 */
export async function needData(
  model: Model,
  {
    role,
    ...recorded
  }: Pick<DatasetDigest, 'sha256' | 'files'> & { role: DatasetDigest['role'] | 'served' | 'production' },
): Promise<void> {
  const patterns = role === 'production' ? (model.drift?.data ?? []) : (model.data[role] ?? [])
  const { prepare, fetch } = model.data
  const isMade = prepare !== undefined || fetch.length > 0
  const how = prepare === undefined ? 'modelyard validate' : `\`${prepare}\`, or modelyard validate`
  const mend = isMade
    ? `Check out the commit that the record was made from and make its data (${how}).`
    : 'Check out the commit that the record was made from; data that git does not keep come from where they are kept.'
  const files = await digestFiles(model.folder, patterns).catch((cause) => {
    if (!(cause instanceof UserError)) throw cause
    throw new UserError(
      `The ${role} data, of the digest ${recorded.sha256} in the record, are not there: ${cause.message} ${mend}`,
      { cause },
    )
  })
  const found = datasetDigest(files)
  if (found === recorded.sha256) return
  const known = new Map(recorded.files.map(({ name, sha256 }) => [name, sha256]))
  const other = files.find(({ name, sha256 }) => known.get(name) !== sha256)
  const where =
    other === undefined
      ? 'files are missing'
      : `${other.name} has ${other.sha256}${known.has(other.name) ? `, not ${known.get(other.name)}` : ', and the record does not name it'}`
  throw new UserError(
    `The ${role} data have the digest ${recorded.sha256} in the record, but those here have ${found}: ${where}. ${mend}`,
  )
}
