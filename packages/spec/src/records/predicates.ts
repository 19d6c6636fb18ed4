import { z } from 'zod'
import { TASKS } from '../model-file/metrics.ts'
import { LONGEST_NAME, NAME } from '../names.ts'
import { Verdict } from '../verdict.ts'
import { DataChanges } from './data-changes.ts'
import { driftFields } from './drift.ts'
import { Evidence } from './evidence.ts'
import {
  BehaviourResult,
  Calibration,
  Changed,
  Fairness,
  GateResult,
  Metric,
  RocCurve,
  SliceResult,
  WeakSlice,
} from './gate-parts.ts'
import { DatasetDigest, Engine, FileDigest, GitSha, Line, Run, Sha256, Signature, Source } from './parts.ts'

/** It becomes part of paths, refs and comments. */
const ModelName = z.string().regex(NAME).max(LONGEST_NAME)

/** What every predicate holds. */
const common = {
  model: ModelName,
  verdict: Verdict,
  /** Full sentences, the one that matters most first. */
  reasons: z.array(z.string()),
  source: Source,
  engine: Engine,
  run: Run,
}

export const PlanPredicate = z.strictObject({
  verdict: Verdict,
  reasons: z.array(z.string()),
  source: Source,
  engine: Engine,
  run: Run,
  models: z.array(z.strictObject({ name: ModelName, file: z.string() })),
})

export const ValidationPredicate = z.strictObject({
  ...common,
  contract: z.strictObject({ file: z.string(), sha256: Sha256 }).nullable(),
  datasets: z.array(
    DatasetDigest.extend({
      rows: z.int().nonnegative(),
      columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    }),
  ),
  /** Rows as production made their features, where the model file names some. */
  served: DatasetDigest.omit({ role: true }).extend({ rows: z.int().nonnegative() }).optional(),
  checks: z.array(
    z.strictObject({
      dataset: z.enum(['train', 'holdout']),
      column: z.string().nullable(),
      rule: z.string(),
      verdict: Verdict,
      /** What was asked for and what was found, as sentences. */
      expected: z.string(),
      found: z.string(),
      failing: z.int().nonnegative(),
      /** The first rows that break it; their values only where no contract marks the column as personal. */
      examples: z
        .array(
          z.strictObject({
            file: z.string(),
            /** From 1, the header of text files not counted. */
            row: z.int().positive(),
            /** As text, cut after 40 characters; null where there is none, left out where it may not be told. */
            value: z.string().nullable().optional(),
          }),
        )
        .max(5)
        .optional(),
      /** The contract's line that asks for it. */
      line: Line.optional(),
    }),
  ),
  /** The training data's profile, beside the record: what production is compared with later. */
  profile: FileDigest.optional(),
  /** What the hold-out can tell at each margin. */
  evidence: z.array(Evidence).optional(),
  /** How the training data differ from the champion's and from the base branch's: advice, no verdict. */
  changes: z
    .array(
      DataChanges.extend({
        since: z.enum(['champion', 'base']),
        /** The champion's version, or the base branch. */
        name: z.string(),
      }),
    )
    .max(2)
    .optional(),
})

export const TrainingPredicate = z.strictObject({
  ...common,
  /** SHA-256 over command, code and data: the same identity makes the same model. */
  identity: Sha256,
  command: z.string(),
  code: z.array(FileDigest),
  data: z.array(DatasetDigest),
  artifact: FileDigest,
  predictions: FileDigest.nullable(),
  signature: Signature,
  /**
   * Seconds that the training command ran, where the model file asks for training_time or training_cost; of reused
   * bytes, as the run that trained them says.
   */
  training_seconds: z.number().nonnegative().optional(),
})

export const GatePredicate = z.strictObject({
  ...common,
  task: z.enum(TASKS),
  /** Two-sided confidence of every interval, 0 to 1. */
  confidence: z.number(),
  holdout: DatasetDigest.extend({ rows: z.int().nonnegative(), groups: z.int().positive().nullable() }),
  /** The training data, where errors are measured by how their series varied in it (mase). */
  train: DatasetDigest.optional(),
  candidate: z.strictObject({ sha256: Sha256 }),
  champion: z.strictObject({ version: z.string(), stage: z.string().nullable(), sha256: Sha256 }).nullable(),
  /** Whether it was asked that the candidate is judged without a champion, whatever is live. */
  alone: z.literal(true).optional(),
  /** The rules that compare with a champion and were left out, there being none. */
  waiting: z
    .array(GateResult.pick({ metric: true, rule: true, slice: true, by: true, written: true }))
    .max(4000)
    .optional(),
  // A model file names at most 500 metrics, and 250 gates of up to four rules and a metric each.
  metrics: z.array(Metric).max(1000),
  gates: z.array(GateResult).max(1000),
  slices: z.array(SliceResult).max(100_000),
  fairness: z.array(Fairness).max(1000).optional(),
  behaviour: z.array(BehaviourResult).optional(),
  calibration: z.strictObject({ candidate: Calibration, champion: Calibration.nullable() }).optional(),
  roc: z.strictObject({ candidate: RocCurve, champion: RocCurve.nullable() }).optional(),
  weakest: z.array(WeakSlice).optional(),
  /** What was not looked at, and is no reason for or against: values without a slice, queries that tell nothing. */
  notes: z.array(z.string()).optional(),
  /** Why a person has to approve the version, where the verdict leaves it to one. */
  approval: z.array(z.string()).optional(),
  /** How the training data differ from the champion's. */
  data_changes: DataChanges.optional(),
  /** Rows on which champion and candidate give different labels; classification only. */
  changed: Changed.nullable(),
  /** What the repository's own command predicted, where that runs the models: its files, by digest. */
  predictions: z.strictObject({ command: z.string(), candidate: Sha256, champion: Sha256.nullable() }).optional(),
  /** What the repository's own command scored: its files, by digest. */
  scores: z.strictObject({ command: z.string(), candidate: Sha256, champion: Sha256.nullable() }).optional(),
  /** Candidate's predictions against the framework's own. */
  parity: z
    .strictObject({
      rows: z.int().nonnegative(),
      max_difference: z.number().nullable(),
      disagreements: z.int().nonnegative().nullable(),
    })
    .nullable(),
})

export const RegistrationPredicate = z.strictObject({
  ...common,
  version: z.string(),
  tag: z.string(),
  commit: GitSha,
  bump: z.enum(['major', 'minor', 'patch', 'first']),
  digests: z.strictObject({ model: Sha256, gate: Sha256, training: Sha256, validation: Sha256 }),
  assets: z.array(FileDigest),
  /** Whether this run made the version or found it made. */
  found: z.boolean(),
  url: z.string(),
})

export const DeploymentPredicate = z.strictObject({
  ...common,
  stage: z.string(),
  version: z.string(),
  tag: z.string(),
  replaces: z.string().nullable(),
  digest: Sha256,
  target: z.strictObject({ kind: z.enum(['command', 'directory', 'none']), observed: Sha256.nullable() }),
  environment: z.string().nullable(),
  /** How the job proved that it waited in the stage's environment. */
  proof: z.enum(['oidc', 'approvals', 'none-asked']),
  approvals: z.array(z.strictObject({ user: z.string(), comment: z.string() })),
})

/** A move of a stage back to a version that was healthy there, and the quarantine of the one that it held. */
export const RollbackPredicate = z.strictObject({
  ...common,
  stage: z.string(),
  from: z.string(),
  to: z.string(),
  /** The stage's new tag, and the tag of the quarantine. */
  tag: z.string(),
  quarantine: z.string(),
  /** Of the version that it went back to. */
  digest: Sha256,
  target: z.strictObject({ kind: z.enum(['command', 'directory', 'none']), observed: Sha256.nullable() }),
  environment: z.string().nullable(),
  /** How the job proved that it ran in the rollback's environment. */
  proof: z.enum(['oidc', 'none-asked']),
  /** Why, in the words of whoever started it. */
  why: z.string(),
})

export const DriftPredicate = z.strictObject({ ...common, ...driftFields })

/** What became of the model's one retrain pull request. */
export const RetrainPredicate = z.strictObject({
  ...common,
  /** Digest of the drift record that it answers. */
  drift: Sha256,
  outcome: z.enum(['opened', 'updated', 'unchanged', 'closed', 'left', 'none']),
  pull_request: z.strictObject({ number: z.int().positive(), url: z.string() }).nullable(),
  branch: z.string(),
})

export const ReportPredicate = z.strictObject({
  ...common,
  /** Digests of the records that the report shows. */
  records: z.array(z.strictObject({ kind: z.string(), sha256: Sha256 })),
  /** Whether the records come from a fork, and so are claims. */
  claims: z.boolean(),
  body: Sha256,
})

export const FetchPredicate = z.strictObject({
  ...common,
  version: z.string(),
  file: FileDigest,
})

/** What a step leaves that could not do its work: the report shows why. */
export const FailurePredicate = z.strictObject({
  ...common,
  step: z.enum(['validate-data', 'train', 'evaluate', 'check-drift']),
})

export const PREDICATES = {
  plan: PlanPredicate,
  validation: ValidationPredicate,
  training: TrainingPredicate,
  gate: GatePredicate,
  registration: RegistrationPredicate,
  deployment: DeploymentPredicate,
  report: ReportPredicate,
  fetch: FetchPredicate,
  failure: FailurePredicate,
  rollback: RollbackPredicate,
  drift: DriftPredicate,
  retrain: RetrainPredicate,
} as const

export type Kind = keyof typeof PREDICATES
export type Predicate<K extends Kind> = z.infer<(typeof PREDICATES)[K]>
