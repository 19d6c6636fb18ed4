import { z } from 'zod'
import { METRIC_NAMES } from './model-file/gates.ts'
import { DatasetDigest, Difference, Estimate, FileDigest, GitSha, Sha256, Signature } from './records/parts.ts'
import { Verdict } from './verdict.ts'

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
  champion: z.string().nullable(),
  metrics: z.array(
    z.strictObject({ name: z.enum(METRIC_NAMES), candidate: Estimate, difference: Difference.nullable() }),
  ),
  signature: Signature,
  data: z.array(DatasetDigest),
  /** The files of code that trained it: with the data, what a new version may have changed. */
  code: z.array(FileDigest),
  /** Every asset of the release, the model first. */
  assets: z.array(FileDigest.extend({ name: z.string().regex(/^[\w-][\w.-]*$/) })),
})
export type VersionFile = z.infer<typeof VersionFile>
