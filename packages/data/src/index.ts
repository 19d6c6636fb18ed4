export type {
  Column,
  Columns,
  ColumnValues,
  Dataset,
  QueryOptions,
  ReadOptions,
  Row,
  Shard,
  Value,
} from './dataset.ts'
export { endLeftWork } from './engine/break-off.ts'
export { quoteIdentifier, quoteLiteral } from './engine/quote.ts'
export { datasetDigest, digestFiles } from './files/digest.ts'
export { partitionsOf } from './files/partitions.ts'
export { firstOfPart, type Place, placesOf } from './files/places.ts'
export { lookLikeData, sayColumns } from './files/say-columns.ts'
export { isWritten } from './files/types.ts'
export { type OpenOptions, openDataset } from './open.ts'
export {
  countLike,
  type Production,
  type ProductionColumn,
  type ProductionOptions,
  type ProductionWindow,
} from './production.ts'
export { findBins } from './profile/bins.ts'
export { countValues } from './profile/count.ts'
export { maskProfile } from './profile/mask-profile.ts'
export { addCounts, mergeProfiles } from './profile/merge-profiles.ts'
export { profileDataset, profilePart } from './profile/profile.ts'
export { type ColumnPlan, type ProfileOptions, type ProfilePlan, planProfile } from './profile/profile-plan.ts'
export {
  differentValues,
  type Moments,
  momentsOf,
  quantileOf,
  sharedValues,
} from './profile/summary/estimates.ts'
