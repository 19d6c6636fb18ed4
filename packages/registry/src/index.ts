export { type Annotation, findAnnotation } from './annotations.ts'
export type { Asset } from './assets.ts'
export { type AssignmentRequest, assign } from './assign.ts'
export type { Cache } from './bytes/cache.ts'
export { type Measured, measure } from './bytes/measure.ts'
export { deprecate } from './deprecate.ts'
export { difference, readDifference } from './difference.ts'
export type { Identity } from './draft.ts'
export { readEvents, readReference } from './events.ts'
export { type Fetched, fetchAsset, fetchVersion, type Wanted } from './fetch.ts'
export * from './grammar.ts'
export { readLineage } from './lineage.ts'
export { findVersionFile, readVersionFile } from './manifest.ts'
export { readTrailers, type Trailers } from './message.ts'
export { isShallow, readAllTags, readTagsOfClone } from './mirror.ts'
export { type QuarantineRequest, quarantine } from './quarantine.ts'
export { newestSound, refuseDeprecated, refuseQuarantined, resolveVersion } from './read.ts'
export { type Registered, type Registration, register } from './register.ts'
export { inClone, onGitHub, type Source } from './source.ts'
export {
  type Assignment,
  type Deprecation,
  deriveState,
  type Stage,
  type State,
  type TagFact,
  type Version,
} from './state.ts'
export { dvcPointer, dvcRemote } from './stores/dvc.ts'
export { openStore } from './stores/open.ts'
export type { Store } from './stores/store.ts'
export { readModels, readVersions } from './summary.ts'
export { readState, readTags } from './tags.ts'
export { readStages, timeline } from './timeline.ts'
export { findTraps } from './traps/find.ts'
export { mend } from './traps/mend.ts'
export { findTrapsOfDrafts } from './traps/of-drafts.ts'
export { readDrafts } from './traps/read-drafts.ts'
export { readLogs } from './traps/read-logs.ts'
export type { Trap } from './traps/trap.ts'
export { unassign } from './unassign.ts'
