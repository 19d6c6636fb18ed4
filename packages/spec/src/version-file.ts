import { z } from 'zod'
import { metric } from './model-file/words.ts'
import { DatasetDigest, Difference, Estimate, FileDigest, GitSha, Sha256, Signature } from './records/parts.ts'
import { Verdict } from './verdict.ts'

const File = FileDigest.extend({ name: z.string().regex(/^[\w-][\w.-]*$/) })

/** A file of a version, and where its bytes are: in the version's own release, unless it says otherwise. */
export const VersionAsset = File.extend({
  /** The files that make this one, one after the other, where it is larger than one file may be. A release has 1,000. */
  parts: z.array(File).min(2).max(1000).optional(),
  /** The tag of the release that holds these bytes, where an earlier version brought them. */
  at: z.string().optional(),
  /** The store that holds these bytes, by their digest: `s3://bucket/prefix`, `oci://host/repository`, `lfs`. */
  pointer: z.string().optional(),
})
  .refine(({ bytes, parts }) => !parts || parts.reduce((sum, part) => sum + part.bytes, 0) === bytes, {
    error: 'has parts that are not as long as the file together',
    path: ['parts'],
  })
  .refine(({ at, pointer }) => at === undefined || pointer === undefined, {
    error: 'is said to be in two places: at and pointer',
    path: ['pointer'],
  })
export type VersionAsset = z.infer<typeof VersionAsset>

/**
 * `.modelyard/<model>/version.json` in a version's registry commit: the whole truth about the version, offline.
 */
export const VersionFile = z.strictObject({
  schema: z.literal('https://modelyard.dev/version/v1'),
  model: z.string(),
  version: z.string().regex(/^v\d+\.\d+\.\d+(?:[-+].+)?$/),
  description: z.string().nullable(),
  owners: z.array(z.string()),
  task: z.string(),
  source: z.strictObject({ commit: GitSha, tree: GitSha }),
  digests: z.strictObject({ model: Sha256, gate: Sha256, training: Sha256, validation: Sha256 }),
  verdict: Verdict,
  /** Why a person has to approve it: it may go only where an environment makes one do so. */
  approval: z.array(z.string()).optional(),
  champion: z.string().nullable(),
  metrics: z.array(z.strictObject({ name: metric, candidate: Estimate, difference: Difference.nullable() })),
  signature: Signature,
  data: z.array(DatasetDigest),
  /** The files of code that trained it: with the data, what a new version may have changed. */
  code: z.array(FileDigest),
  /** Every asset of the release, the model first. */
  assets: z.array(VersionAsset),
})
export type VersionFile = z.infer<typeof VersionFile>
