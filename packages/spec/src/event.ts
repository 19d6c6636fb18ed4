import { z } from 'zod'
import { GitSha, Sha256 } from './records/parts.ts'

const common = {
  schema: z.literal('https://modelyard.dev/event/v1'),
  model: z.string(),
  version: z.string(),
  /** The annotated tag that makes the event visible, by name and object: it can be made by whoever comes next. */
  tag: z.strictObject({ name: z.string(), object: GitSha }),
  /** The version's registry commit; of an event that is about the whole model, the newest version's. */
  commit: GitSha,
  time: z.iso.datetime(),
  actor: z.string(),
}

/** One entry of a model's log (`event.json` in a commit of `refs/modelyard/<model>`): written before what it announces. */
export const RegistryEvent = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('registration'),
    /** A registration is the same if it is of the same model bytes under the same gate. */
    identity: z.strictObject({ model: Sha256, gate: Sha256 }),
    /** The draft release, filled and verified, that is published with the tag. */
    release: z.int().positive(),
  }),
  z.strictObject({ ...common, type: z.literal('assignment'), stage: z.string(), reason: z.string() }),
  /** The stage held the version and holds none now. */
  z.strictObject({ ...common, type: z.literal('unassignment'), stage: z.string(), reason: z.string() }),
  /** Nothing chooses the version by itself any more; `lifted` takes that back. */
  z.strictObject({ ...common, type: z.literal('quarantine'), lifted: z.boolean(), reason: z.string() }),
  /** A version is taken out of the registry for good; or, where it is null, the model, until another one is registered. */
  z.strictObject({ ...common, type: z.literal('deprecation'), version: z.string().nullable(), reason: z.string() }),
])
export type RegistryEvent = z.infer<typeof RegistryEvent>

/** A span of time in which a stage held one version, or none. */
export interface Tenure {
  version: string | null
  from: string
  /** Null while it lasts. */
  until: string | null
  tag: string
  actor: string
  reason: string
}
