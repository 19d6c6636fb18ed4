export { type ChangesOptions, compareTraining } from './changes.ts'
export { type DriftDecision, decideDrift } from './decide.ts'
export { type Measured, measure, type Pair } from './measures.ts'
export { FALSE_DISCOVERIES, METRICS, type Metric, valuesNeeded } from './rule.ts'
