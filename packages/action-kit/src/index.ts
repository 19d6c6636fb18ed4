export { UserError } from '@modelyard/spec'
export type { StepContext as Context } from '@modelyard/steps'
export { choice, flag, type InputReaders, type Inputs, needed, optional, secret, text } from './inputs.ts'
export { type Action, judged, only, type Result, run } from './run.ts'
