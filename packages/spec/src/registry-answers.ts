import type { MetricName } from './model-file/metrics.ts'
import type { Difference, Estimate } from './records/parts.ts'

/** What a stage holds, and since when. */
export interface Holding {
  stage: string
  /** Null where it was emptied. */
  version: string | null
  since: string
  actor: string
  tag: string
  reason: string
}

/** What the registry says of one model, now or at a moment. */
export interface ModelSummary {
  model: string
  /** The newest version that is not in quarantine. */
  latest: string | null
  /** How many versions are in force. */
  versions: number
  stages: Holding[]
  quarantined: string[]
  deprecated: boolean
  /** The time of its newest event. */
  updated: string | null
}

/** What the registry says of one version. */
export interface VersionSummary {
  model: string
  version: string
  time: string
  actor: string
  tag: string
  commit: string
  /** The stages that hold it. */
  stages: string[]
  /** A deprecated model's versions are deprecated with it. */
  standing: 'in force' | 'quarantined' | 'deprecated'
  /** SHA-256 of the model; null where another tool registered it. */
  digest: string | null
  metrics: Array<{ name: MetricName; value: Estimate }>
}

/** Something that happened to a model. */
export interface PastEvent {
  model: string
  kind: 'registration' | 'deregistration' | 'assignment' | 'unassignment' | 'deprecation' | 'creation'
  time: string
  actor: string
  /** Null where it happened to the model. */
  version: string | null
  stage: string | null
  tag: string
  commit: string
  reason: string
}

/** What a tag announced, and what `dvc.yaml` or `artifacts.yaml` say of its model. */
export interface Reference extends PastEvent {
  type: string | null
  /** Where the model lies in the repository, from its root. */
  path: string | null
  description: string | null
  labels: string[]
  /** All of the tag's message. */
  message: string
}

/** A version that was made of certain data. */
export interface TrainedVersion {
  model: string
  version: string
  time: string
  tag: string
  role: 'train' | 'holdout'
  /** SHA-256 of the dataset. */
  data: string
  /** The one file that was asked for; null where it was the dataset. */
  file: string | null
}

/** Which versions were made of certain data, and of how many nobody wrote down what they were made of. */
export interface Lineage {
  /** What was asked for: a SHA-256, or its beginning. */
  digest: string
  versions: TrainedVersion[]
  /** Tags of versions that other tools registered: of their data nothing is known. */
  unknown: string[]
}

/** Where two versions differ: null on a side means that it is not there. */
export interface Change<T> {
  name: string
  from: T | null
  to: T | null
}

/** What differs between two versions of a model; what is equal is left out, but for the metrics. */
export interface VersionDifference {
  model: string
  from: string
  to: string
  /** How far one is from the other, by the rule that chooses a next version. */
  bump: 'major' | 'minor' | 'patch'
  metrics: Array<Change<Estimate> & { name: MetricName; difference: Difference | null }>
  signature: Array<Change<{ type: string; shape: Array<number | string> }>>
  data: Array<Change<{ sha256: string; bytes: number }>>
  code: Array<Change<{ sha256: string; bytes: number }>>
  assets: Array<Change<{ sha256: string; bytes: number }>>
  digests: Array<Change<string>>
  about: Array<Change<string>>
}
