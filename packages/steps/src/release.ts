import { join } from 'node:path'
import { type Asset, measure, type Store, versionTag } from '@modelyard/registry'
import { renderModelCard, renderReleasePage } from '@modelyard/report'
import { type Model, recordsFolder, type VersionFile } from '@modelyard/spec'
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
  body: (file: VersionFile, previous: VersionFile | null) => string
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
  const page = { repositoryUrl: repositoryUrl(context) ?? '' }
  const card = (version: string) =>
    renderModelCard(describeVersion(model, version, evidence), { ...page, tag: versionTag(model.name, version) })
  return {
    store: await modelStore(context, model, join(folder, names[0]!)),
    versionFile: (version) => describeVersion(model, version, evidence),
    assets: (version) => [...assets, { name: CARD, content: { bytes: new TextEncoder().encode(card(version)) } }],
    body: (file, previous) =>
      renderReleasePage(file, {
        ...{ ...page, tag: versionTag(model.name, file.version) },
        ...(previous ? { previous } : {}),
      }),
  }
}

function describeVersion(
  model: Model,
  version: string,
  { training, gate, source, digests }: Evidence,
): Omit<VersionFile, 'assets'> {
  const { data, code, signature } = training.predicate
  const { verdict, approval, champion, metrics } = gate.predicate
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
    ...(approval && { approval }),
    champion: champion?.version ?? null,
    metrics: metrics.map(({ name, candidate, difference }) => ({ name, candidate, difference })),
    signature,
    data,
    code,
  }
}
