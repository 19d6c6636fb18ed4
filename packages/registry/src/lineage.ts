import { type Lineage, type TrainedVersion, UserError, type VersionFile } from '@modelyard/spec'
import { readTrailers } from './message.ts'
import { deriveRegistry } from './mirror.ts'
import { readManifests, type Source } from './source.ts'
import type { State, Version } from './state.ts'
import { knownState } from './summary.ts'

/** The trailers of a version's tag that name its datasets. */
const DATASETS = { 'Data-Digest': 'train', 'Holdout-Digest': 'holdout' } as const

/** So many digits tell digests apart, and so many are printed at the least. */
const SHORTEST = 7

/**
 * Finds the versions that were trained or judged on data with a SHA-256, or the beginning of one: that of a dataset,
 * which the tags name, or that of one file, for which the manifests are read. Of all models, or of one.
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
  const facts = await source.readTags(model)
  const states = model === undefined ? [...deriveRegistry(facts).values()] : [knownState(model, facts)]
  const datasets = states.flatMap((state) => state.versions.flatMap((version) => inTag(state.model, version, digest)))
  if (datasets.length > 0) return { digest, versions: datasets, unknown: unknownAmong(states) }
  const files = await Promise.all(
    states.map(async ({ model: name, versions }) => {
      const manifests = await readManifests(source, name, versions)
      return versions.flatMap((version, index) => inManifest(version, manifests[index]!, digest))
    }),
  )
  return { digest, versions: files.flat(), unknown: unknownAmong(states) }
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

function unknownAmong(states: readonly State[]): string[] {
  return states.flatMap(({ versions }) =>
    versions.filter(({ message }) => readTrailers(message)['Data-Digest'] === undefined).map(({ tag }) => tag),
  )
}
