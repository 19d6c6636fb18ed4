import { z } from 'zod'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const GitSha = z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/)

/** No file is larger: 10 TB. Whoever plans by a size that was only said makes room for no more than this. */
const LARGEST_FILE = 10_000_000_000_000

/** A line of a file that a person writes; GitHub refuses numbers that are no line of any. */
export const Line = z.int().positive().max(1_000_000)

/** A file by name and content. */
export const FileDigest = z.strictObject({
  name: z.string(),
  sha256: Sha256,
  bytes: z.int().nonnegative().max(LARGEST_FILE),
})
export type FileDigest = z.infer<typeof FileDigest>

/** What a record speaks of, as in-toto wants it. */
export const Subject = z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: Sha256 }) })
export type Subject = z.infer<typeof Subject>

/** The source that was checked out: the git tree of the commit, and whether tracked files differed from it. */
export const Source = z.strictObject({ tree: GitSha.nullable(), dirty: z.boolean() })
export type Source = z.infer<typeof Source>

/** What computes a model: ONNX Runtime's own build on the processor, the same on a GPU, or its WebAssembly build. */
export const PROVIDERS = ['cpu', 'cuda', 'wasm'] as const
export type Provider = (typeof PROVIDERS)[number]

/** What made the numbers: enough to make them again. */
export const Engine = z.strictObject({
  modelyard: z.string(),
  duckdb: z.string().optional(),
  onnxruntime: z.string().optional(),
  provider: z.string().optional(),
  threads: z.int().positive().optional(),
  seed: z.int().optional(),
})
export type Engine = z.infer<typeof Engine>

/** When and where it ran. The one part of a predicate that its digest leaves out: no gate decides on what is here. */
export const Run = z.strictObject({
  started: z.iso.datetime(),
  finished: z.iso.datetime(),
  repository: z.string().optional(),
  commit: GitSha.optional(),
  event: z.string().optional(),
  actor: z.string().optional(),
  id: z.string().optional(),
  attempt: z.int().positive().optional(),
  url: z.string().optional(),
  /** The model file, from the repository's root. */
  model_file: z.string().optional(),
  /** The run whose trained bytes these are, where nothing was trained again. */
  reused: z.string().optional(),
  /** Seconds that the training command ran, where the model file did not ask; a later one that reuses the bytes may. */
  training_seconds: z.number().nonnegative().optional(),
})
export type Run = z.infer<typeof Run>

/** A dataset by the digest over its files' digests, in the order of their names. */
export const DatasetDigest = z.strictObject({
  role: z.enum(['train', 'holdout']),
  sha256: Sha256,
  files: z.array(FileDigest),
})
export type DatasetDigest = z.infer<typeof DatasetDigest>

/** A number that may be undefined, and then says why. */
export const Estimate = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  reason: z.string().optional(),
})
export type Estimate = z.infer<typeof Estimate>

/** Candidate minus champion, and how its interval was made: tango, cluster-tango, delong, abc, paired-bootstrap. */
export const Difference = Estimate.extend({ method: z.string() })
export type Difference = z.infer<typeof Difference>

/** A model's inputs and outputs, as the ONNX file declares them. */
export const Signature = z.strictObject({
  inputs: z.array(
    z.strictObject({ name: z.string(), type: z.string(), shape: z.array(z.union([z.int(), z.string()])) }),
  ),
  outputs: z.array(
    z.strictObject({ name: z.string(), type: z.string(), shape: z.array(z.union([z.int(), z.string()])) }),
  ),
})
export type Signature = z.infer<typeof Signature>
