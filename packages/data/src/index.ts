export { findBins } from './bins.ts'
export { endLeftWork } from './break-off.ts'
export { countValues } from './count.ts'
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
export { datasetDigest, digestFiles } from './digest.ts'
export { maskProfile } from './mask-profile.ts'
export { addCounts, mergeProfiles } from './merge-profiles.ts'
export { type OpenOptions, openDataset } from './open.ts'
export { partitionsOf } from './partitions.ts'
export { firstOfPart, type Place, placesOf } from './places.ts'
export {
  countLike,
  type Production,
  type ProductionColumn,
  type ProductionOptions,
  type ProductionWindow,
} from './production.ts'
export { profileDataset, profilePart } from './profile.ts'
export { type ColumnPlan, type ProfileOptions, type ProfilePlan, planProfile } from './profile-plan.ts'
export { quoteIdentifier, quoteLiteral } from './quote.ts'
export { lookLikeData, sayColumns } from './say-columns.ts'
export {
  differentValues,
  type Moments,
  momentsOf,
  quantileOf,
  sharedValues,
} from './summary/estimates.ts'
export { isWritten } from './types.ts'
