export type { Column, Columns, ColumnValues, Dataset, QueryOptions, ReadOptions, Row, Value } from './dataset.ts'
export { datasetDigest, digestFiles } from './digest.ts'
export { type OpenOptions, openDataset } from './open.ts'
export { quoteIdentifier, quoteLiteral } from './quote.ts'
