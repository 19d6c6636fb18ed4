export { type Annotation, findAnnotation } from './annotations.ts'
export type { Asset } from './assets.ts'
export { type AssignmentRequest, assign } from './assign.ts'
export { bumpBetween } from './bump.ts'
export type { Cache } from './bytes/cache.ts'
export { type Measured, measure } from './bytes/measure.ts'
export { settle } from './decide.ts'
export { deprecate } from './deprecate.ts'
export { difference, readDifference } from './difference.ts'
export type { Identity } from './draft.ts'
export { readEvents, readReference } from './events.ts'
export { type Fetched, fetchAsset, fetchVersion, type Wanted } from './fetch.ts'
export * from './grammar.ts'
export { type HistoryEvent, readHistory } from './history.ts'
export { readLineage } from './lineage.ts'
export { logRef, readLogTip } from './log.ts'
export { findVersionFile, readVersionFile } from './manifest.ts'
export { readTrailers, reasonIn, type Trailers } from './message.ts'
export { isShallow, readAllTags, readTagsOfClone } from './mirror.ts'
export { type QuarantineRequest, quarantine } from './quarantine.ts'
export { newestSound, refuseDeprecated, refuseQuarantined, resolveVersion } from './read.ts'
export { findRegistration, type Registered, type Registration, register } from './register.ts'
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
export { timeline } from './timeline.ts'
export { findTraps } from './traps/find.ts'
export { mend } from './traps/mend.ts'
export { readLogs } from './traps/read-logs.ts'
export type { Trap } from './traps/trap.ts'
export { unassign } from './unassign.ts'
