export { type DriftDecision, type DriftRule, decideDrift } from './decide.ts'
