import { type Change, canonicalJson, UserError, type VersionDifference, type VersionFile } from '@modelyard/spec'
import { bumpBetween } from '../events/bump.ts'
import { versionPath } from '../manifest.ts'
import { resolveVersion } from '../resolve.ts'
import { readManifests, type Source } from './source.ts'
import { knownState } from './summary.ts'

/**
 * What differs between two versions of a model, each by its version, a stage that holds it or `latest`. Throws a
 * `UserError` where one is not there, or was registered by another tool, which wrote nothing down.
 */
export async function readDifference(
  source: Source,
  { model, from, to }: { model: string; from: string; to: string },
): Promise<VersionDifference> {
  const state = knownState(model, await source.readTags(model))
  const versions = [from, to].map((wanted) => resolveVersion(state, wanted))
  const files = await readManifests(source, model, versions)
  const [before, after] = files.map((file, index) => {
    if (file) return file
    const { version } = versions[index]!
    throw new UserError(
      `${model} ${version} was not registered by Modelyard: its commit has no ${versionPath(model)}, so it cannot be compared.`,
    )
  })
  return difference(before!, after!)
}

/** What differs between the manifests of two versions. */
export function difference(from: VersionFile, to: VersionFile): VersionDifference {
  const of = <T>(select: (file: VersionFile) => Array<[name: string, value: T]>) => changes(select(from), select(to))
  return {
    model: to.model,
    from: from.version,
    to: to.version,
    bump: bumpBetween(from, to),
    metrics: metrics(from, to),
    signature: of(({ signature: { inputs, outputs } }) => [
      ...inputs.map(({ name, ...rest }): [string, typeof rest] => [`input ${name}`, rest]),
      ...outputs.map(({ name, ...rest }): [string, typeof rest] => [`output ${name}`, rest]),
    ]),
    data: of(({ data }) => data.flatMap(({ role, files }) => byName(files, `${role}: `))),
    code: of(({ code }) => byName(code)),
    assets: of(({ assets }) => byName(assets)),
    digests: of(({ digests, data }) => [
      ...Object.entries(digests),
      ...data.map(({ role, sha256 }): [string, string] => [role === 'train' ? 'training data' : 'hold-out', sha256]),
    ]),
    about: of(({ champion, verdict, source, task, description, owners }) => [
      ['champion', champion ?? 'none'],
      ['verdict', verdict],
      ['source commit', source.commit],
      ['task', task],
      ['description', description ?? ''],
      ['owners', owners.join(', ')],
    ]),
  }
}

/** Every metric that one of them has; how they compare on the same rows where one was judged against the other. */
function metrics(from: VersionFile, to: VersionFile): VersionDifference['metrics'] {
  const names = new Set([...from.metrics, ...to.metrics].map(({ name }) => name))
  return [...names].map((name) => {
    const [before, after] = [from, to].map((file) => file.metrics.find((metric) => metric.name === name))
    const paired = to.champion === from.version ? after?.difference : undefined
    return { name, from: before?.candidate ?? null, to: after?.candidate ?? null, difference: paired ?? null }
  })
}

function byName(
  files: ReadonlyArray<{ name: string; sha256: string; bytes: number }>,
  prefix = '',
): Array<[string, { sha256: string; bytes: number }]> {
  return files.map(({ name, sha256, bytes }) => [prefix + name, { sha256, bytes }])
}

/** What is not the same on both sides, in the order in which it comes. */
function changes<T>(from: Array<[string, T]>, to: Array<[string, T]>): Array<Change<T>> {
  const [before, after] = [new Map(from), new Map(to)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const change = { name, from: before.get(name) ?? null, to: after.get(name) ?? null }
    return canonicalJson(change.from) === canonicalJson(change.to) ? [] : [change]
  })
}
