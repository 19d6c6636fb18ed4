export { type Check, checkContract } from './check.ts'
export { type InferOptions, inferContract } from './infer.ts'
export { type Contract, readContract } from './read.ts'
export { checkSplit, planSplit, type SplitCheck, type SplitOptions } from './split.ts'
