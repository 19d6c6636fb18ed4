export { type ChangesOptions, compareTraining } from './changes.ts'
export { type DriftDecision, decideDrift } from './decide.ts'
