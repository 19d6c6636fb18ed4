import { join } from 'node:path'
import { type Asset, entryOf, measure, type Store, versionTag } from '@modelyard/registry'
import { renderModelCard, renderReleasePage } from '@modelyard/report'
import { type Model, recordsFolder, sha256, type VersionFile } from '@modelyard/spec'
import { repositoryUrl, type StepContext } from './context.ts'
import type { Evidence } from './evidence.ts'
import { modelStore } from './model-store.ts'
import { modelFile, PROFILE, predictionsFile } from './records.ts'

const RECORDS = ['gate.json', 'training.json', 'validation.json']
const CARD = 'MODEL_CARD.md'

/** What a version is made of, as functions of the number that it gets: manifest, files and page of its release. */
export interface ReleaseParts {
  versionFile: (version: string) => Omit<VersionFile, 'assets'>
  assets: (version: string) => Asset[]
  body: (version: string, previous: VersionFile | null) => string
  store: Store | undefined
}

/** Describes the release of a candidate: the model first, its records, and a card; all from the records alone. */
export async function describeRelease(context: StepContext, model: Model, evidence: Evidence): Promise<ReleaseParts> {
  const folder = join(context.root, recordsFolder(model.name))
  const { artifact, predictions } = evidence.training.predicate
  // The framework's own predictions are what parity was checked with: without them nobody could replay the gate.
  const names = [
    modelFile(artifact.name),
    ...RECORDS,
    ...(evidence.validation.predicate.profile ? [PROFILE] : []),
    ...(predictions ? [predictionsFile(predictions.name)] : []),
  ]
  const assets: Asset[] = []
  for (const name of names) {
    const content = { path: join(folder, name) }
    assets.push({ name, content, measured: await measure(content) })
  }
  const store = await modelStore(context, model, join(folder, names[0]!))
  const files = assets.map(({ name, measured }, index) => ({
    ...entryOf(name, measured!),
    ...(index === 0 && store ? { pointer: store.pointer } : {}),
  }))
  const page = { repositoryUrl: repositoryUrl(context) ?? '' }

  const versionFile = (version: string): VersionFile => ({
    ...describeVersion(model, version, evidence),
    assets: files,
  })
  const card = (version: string) =>
    renderModelCard(versionFile(version), { ...page, tag: versionTag(model.name, version) })
  return {
    store,
    versionFile: (version) => describeVersion(model, version, evidence),
    assets: (version) => [...assets, { name: CARD, content: { bytes: new TextEncoder().encode(card(version)) } }],
    body: (version, previous) => {
      const text = card(version)
      const all = [...files, { name: CARD, sha256: sha256(text), bytes: Buffer.byteLength(text) }]
      return renderReleasePage(
        { ...versionFile(version), assets: all },
        { ...page, tag: versionTag(model.name, version), ...(previous ? { previous } : {}) },
      )
    },
  }
}

function describeVersion(
  model: Model,
  version: string,
  { training, gate, source, digests }: Evidence,
): Omit<VersionFile, 'assets'> {
  const { data, code, signature } = training.predicate
  const { verdict, champion, metrics } = gate.predicate
  return {
    schema: 'https://modelyard.dev/version/v1',
    model: model.name,
    version,
    description: model.description ?? null,
    owners: model.owners,
    task: model.task,
    source,
    digests,
    verdict,
    champion: champion?.version ?? null,
    metrics: metrics.map(({ name, candidate, difference }) => ({ name, candidate, difference })),
    signature,
    data,
    code,
  }
}
