export { type DriftDecision, decideDrift } from './decide.ts'
