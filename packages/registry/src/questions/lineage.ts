import { type Lineage, type TrainedVersion, UserError, type VersionFile } from '@modelyard/spec'
import { readTrailers } from '../events/message.ts'
import { registrationsOf } from '../tags/history.ts'
import type { Version } from '../tags/state.ts'
import { readManifests, type Source } from './source.ts'
import { readByModel } from './summary.ts'

/** The trailers of a version's tag that name its datasets. */
const DATASETS = { 'Data-Digest': 'train', 'Holdout-Digest': 'holdout' } as const

/** So many digits tell digests apart, and so many are printed at the least. */
const SHORTEST = 7

/**
 * Finds the versions that were trained or judged on data with a SHA-256, or the beginning of one: that of a dataset,
 * which the tags name, or that of one file, for which the manifests are read. Of all models, or of one; versions that
 * were taken out of the registry are among them.
 */
export async function readLineage(
  source: Source,
  { digest: written, model }: { digest: string; model?: string },
): Promise<Lineage> {
  const digest = written.replace(/^sha256:/, '').toLowerCase()
  if (!/^[0-9a-f]+$/.test(digest) || digest.length < SHORTEST || digest.length > 64) {
    throw new UserError(
      `The digest is ${JSON.stringify(written)}; it must be a SHA-256, or its first ${SHORTEST} digits or more. \`sha256sum\` tells that of a file.`,
    )
  }
  const models = await readByModel(source, model)
  const registered = models.map(([name, own]) => ({ name, versions: registrationsOf(name, own) }))
  const unknown = registered.flatMap(({ versions }) => versions.filter(saysNothing).map(({ tag }) => tag))
  const datasets = registered.flatMap(({ name, versions }) => versions.flatMap((each) => inTag(name, each, digest)))
  if (datasets.length > 0) return { digest, versions: datasets, unknown }
  const files = await Promise.all(
    registered.map(async ({ name, versions }) => {
      const manifests = await readManifests(source, name, versions)
      return versions.flatMap((version, index) => inManifest(version, manifests[index]!, digest))
    }),
  )
  return { digest, versions: files.flat(), unknown }
}

/** Whether another tool registered it. */
function saysNothing({ message }: Version): boolean {
  return readTrailers(message)['Data-Digest'] === undefined
}

function inTag(model: string, { version, time, tag, message }: Version, digest: string): TrainedVersion[] {
  const trailers = readTrailers(message)
  return Object.entries(DATASETS).flatMap(([key, role]) => {
    const data = trailers[key]
    return data?.startsWith(digest) ? [{ model, version, time, tag, role, data, file: null }] : []
  })
}

function inManifest({ time, tag }: Version, file: VersionFile | null, digest: string): TrainedVersion[] {
  if (!file) return []
  const { model, version } = file
  return file.data.flatMap(({ role, sha256, files }) =>
    files
      .filter((each) => each.sha256.startsWith(digest))
      .map(({ name }) => ({ model, version, time, tag, role, data: sha256, file: name })),
  )
}
