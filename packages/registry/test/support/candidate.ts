import { createHash } from 'node:crypto'
import type { Registration, State } from '../../src/index.ts'

export const digest = (text: string) => createHash('sha256').update(text).digest('hex')

export interface CandidateOptions {
  model?: string
  source: { commit: string; tree: string }
  expect?: Registration['expect']
  /** What it was trained from: other data make another minor version. */
  data?: string
  inputs?: string[]
  /** Why a person has to approve it. */
  approval?: string[]
}

/** For these tests the champion is what production holds, and nothing else. */
export function inProduction({ stages }: State): string | null {
  return stages.production?.current ?? null
}

/** A candidate whose bytes are `content`, judged by a gate of its own, as the action register would hand it over. */
export function candidate(
  content: string,
  {
    model = 'flight-delay',
    source,
    expect = { champion: null, today: inProduction },
    data = 'data',
    inputs = ['distance'],
    approval,
  }: CandidateOptions,
): Registration {
  const bytes = new TextEncoder().encode(content)
  const identity = { model: digest(content), gate: digest(`gate of ${content}`) }
  return {
    model,
    identity,
    source,
    expect,
    actor: 'ada',
    versionFile: (version) => ({
      schema: 'https://modelyard.dev/version/v1',
      model,
      version,
      description: 'Will this flight arrive more than 15 minutes late?',
      owners: ['@acme/flight-ml'],
      task: 'binary-classification',
      source,
      digests: { ...identity, training: digest('training'), validation: digest('validation') },
      verdict: approval ? 'warn' : 'pass',
      ...(approval && { approval }),
      champion: expect.champion,
      metrics: [{ name: 'roc_auc', candidate: { value: 0.684, low: 0.68, high: 0.688 }, difference: null }],
      signature: { inputs: inputs.map((name) => ({ name, type: 'float', shape: ['N', 1] })), outputs: [] },
      data: [{ role: 'train', sha256: digest(data), files: [] }],
      code: [],
    }),
    assets: (version) => [
      { name: 'model.onnx', content: { bytes } },
      { name: 'MODEL_CARD.md', content: { bytes: new TextEncoder().encode(`# ${model} ${version}\n`) } },
    ],
    body: ({ version }) => `What changed in ${version}: everything.`,
  }
}
