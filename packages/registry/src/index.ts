export type { Asset } from './bytes/assets.ts'
export type { Cache } from './bytes/cache.ts'
export { type Fetched, fetchAsset, fetchVersion, type Wanted } from './bytes/fetch.ts'
export { type Measured, measure } from './bytes/measure.ts'
export { type AssignmentRequest, assign } from './events/assign.ts'
export { deprecate } from './events/deprecate.ts'
export type { Identity } from './events/draft.ts'
export { readTrailers, type Trailers } from './events/message.ts'
export { type QuarantineRequest, quarantine } from './events/quarantine.ts'
export { type Registered, type Registration, register } from './events/register.ts'
export { unassign } from './events/unassign.ts'
export { findVersionFile, readVersionFile } from './manifest.ts'
export { type Annotation, findAnnotation } from './questions/annotations.ts'
export { difference, readDifference } from './questions/difference.ts'
export { readLineage } from './questions/lineage.ts'
export { readEvents, readReference } from './questions/past.ts'
export { inClone, onGitHub, type Source } from './questions/source.ts'
export { readModels, readVersions } from './questions/summary.ts'
export { readStages, timeline } from './questions/timeline.ts'
export { newestSound, refuseDeprecated, refuseQuarantined, resolveVersion } from './resolve.ts'
export { dvcPointer, dvcRemote } from './stores/dvc.ts'
export { openStore } from './stores/open.ts'
export type { Store } from './stores/store.ts'
export * from './tags/grammar.ts'
export { readState, readTags } from './tags/list.ts'
export { FETCH_TAGS_SHALLOW, isShallow, readAllTags, readTagsOfClone } from './tags/mirror.ts'
export {
  type Assignment,
  type Deprecation,
  deriveState,
  type Stage,
  type State,
  type TagFact,
  type Version,
} from './tags/state.ts'
export { findTraps } from './traps/find.ts'
export { mend } from './traps/mend.ts'
export { findTrapsOfDrafts } from './traps/of-drafts.ts'
export { readDrafts } from './traps/read-drafts.ts'
export { readLogs } from './traps/read-logs.ts'
export type { Trap } from './traps/trap.ts'
